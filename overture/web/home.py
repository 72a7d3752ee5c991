"""The front door: sends each visitor to where the work is."""

from __future__ import annotations

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from overture.accounts.models import Membership, User
from overture.web.pages import MemberRequest
from overture.web.portal import is_of_portal


@login_required
def home(request: HttpRequest) -> HttpResponse:
    # Who signed up by an invitation comes back to it, whatever page allauth chose.
    if token := request.session.pop("invitation", ""):
        return redirect("web:invitation", invitation=token)
    if request.session.get("partner_invitation"):
        return redirect("web:portal")
    member = last_member(request)
    if (member is None or request.session.get("side") == "partner") and is_of_portal(
        cast(User, request.user)
    ):
        return redirect("web:portal")
    if member is None:
        return redirect("web:workspace_new")
    return redirect("web:prospects", workspace=member.workspace.slug)


@login_required
@require_safe
def brand_side(request: HttpRequest) -> HttpResponse:
    """From the portal to the workspaces of the same person."""
    request.session.pop("side", None)
    return redirect("web:home")


def last_member(request: HttpRequest) -> Membership | None:
    """The membership of the workspace this person was in last, else of their first one."""
    user = cast(User, request.user)
    mine = (
        Membership.objects.current()
        .filter(user_id=user.pk)
        .select_related("workspace", "user")
        .order_by("id")
    )
    members: list[Membership] = list(mine)
    last = request.session.get("workspace")
    return next(
        (member for member in members if member.workspace.slug == last), members[0] if members else None
    )


def remember_member(request: HttpRequest) -> None:
    """Gives a page outside of workspaces the navigation of the one its visitor was in last."""
    if member := last_member(request):
        cast(MemberRequest, request).member = member
