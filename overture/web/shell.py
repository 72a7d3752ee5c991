"""What every page's frame needs: the member, the workspace, the counts beside the navigation, the theme."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from overture.accounts.models import Membership
from overture.conversations.read import unread_count
from overture.directory.models import PartnerUser
from overture.directory.partner_users import partners_of
from overture.notices.notices import unread
from overture.prospects.totals import totals
from overture.web.portal_open import unread_of


def context(request: HttpRequest) -> dict[str, Any]:
    member: Membership | None = getattr(request, "member", None)
    theme = request.user.theme if request.user.is_authenticated else request.COOKIES.get("theme", "system")
    shown: dict[str, Any] = {
        "theme": theme if theme in {"light", "dark"} else "system",
        "has_single_keys": not request.user.is_authenticated or request.user.has_single_keys,
        "is_demo": settings.OVERTURE_DEMO,
        "member": member,
        "workspace": member.workspace if member else None,
    }
    mine: PartnerUser | None = getattr(request, "mine", None)
    if mine is not None:
        shown["mine"] = mine
        if not getattr(request, "htmx", False):
            shown["nav"] = _portal(mine)
    if member is not None and not getattr(request, "htmx", False):
        shown["nav"] = _nav(member)
    return shown


def _portal(mine: PartnerUser) -> dict[str, Any]:
    return {
        "unread": unread_of(mine),
        "partners": partners_of(mine.user),
        "has_workspace": Membership.objects.current().filter(user=mine.user_id).exists(),
    }


def _nav(member: Membership) -> dict[str, Any]:
    counted = totals(member)
    return {
        "is_of_portal": partners_of(member.user).exists(),
        "prospects": counted.prospects,
        "partners": counted.partners,
        "notices": unread(member),
        "unread_messages": unread_count(member),
        "has_creators": member.workspace.has_creators,
        "workspaces": Membership.objects.current()
        .filter(user=member.user)
        .select_related("workspace")
        .order_by("workspace__name"),
    }
