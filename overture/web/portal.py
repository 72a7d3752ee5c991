"""The portal's front door: to the inbox of one's partner, or to what is still to be decided."""

from __future__ import annotations

from contextlib import suppress
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from overture.accounts.models import User
from overture.directory.claim import invitations_for, token_of
from overture.directory.models import PartnerClaim, PartnerUser
from overture.directory.partner_users import partners_of
from overture.directory.sign_up import begin, refused_of, waiting_of
from overture.directory.turns import Busy


@login_required
@require_safe
def portal(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    if token := request.session.pop("partner_invitation", ""):
        return redirect("web:partner_invitation", invitation=token)
    waiting, made = begin_all(user)
    if made:
        # Confirmed a moment ago: what brands should see is the next thing to say.
        messages.success(
            request, _("Welcome. Say what brands should see of %(name)s.") % {"name": made[-1].name}
        )
        return redirect("web:portal_profile", partner=made[-1].partner_id)
    mine = last_partner(request)
    if mine is not None:
        return redirect("web:portal_inbox", partner=mine.partner_id)
    refused = refused_of(user)
    invitations = [(each, token_of(each)) for each in invitations_for(user)]
    if not (waiting or refused or invitations):
        return redirect("web:partner_sign_up")
    return render(
        request,
        "portal/waiting.html",
        {"waiting": waiting, "refused": refused, "invitations": invitations},
    )


def begin_all(user: User) -> tuple[list[PartnerClaim], list[PartnerClaim]]:
    """Takes up what this person signed up for, now that the address is confirmed: what is still open, and
    what became a partner at once."""
    begun = []
    for claim in waiting_of(user):
        if claim.begun_at is None:
            # While the directory is being imported it waits; the next visit begins it.
            with suppress(Busy):
                begun.append(begin(claim))
    return waiting_of(user), [each for each in begun if each.outcome == PartnerClaim.Outcome.MADE]


def last_partner(request: HttpRequest) -> PartnerUser | None:
    """The partner this person was at last, else their first one."""
    mine = list(partners_of(cast(User, request.user)))
    last = request.session.get("partner")
    return next((each for each in mine if each.partner_id == last), mine[0] if mine else None)


def is_of_portal(user: User) -> bool:
    """Whether somebody without a workspace belongs here."""
    return partners_of(user).exists() or PartnerClaim.objects.filter(user=user).exists()
