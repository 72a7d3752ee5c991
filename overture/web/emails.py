"""Emails: drafts, those being sent, those that are done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from overture.accounts.models import Membership
from overture.accounts.roles import Permission
from overture.delivery.models import OPEN_STATES, Delivery, Mailing
from overture.delivery.progress import waits_because
from overture.lib.paging import CursorError, Order
from overture.lib.paging import page as keyset
from overture.web.pages import page
from overture.web.wording import TAGS, local, when

_STATE = Mailing.State
TABS: dict[str, tuple[str, ...]] = {
    "drafts": (_STATE.DRAFT, _STATE.PREPARED),
    "sending": (_STATE.SCHEDULED, _STATE.SENDING, _STATE.PAUSED),
    "done": (_STATE.DONE, _STATE.CANCELLED),
}
_LATEST = Order("updated_at", is_descending=True)


@dataclass(frozen=True)
class EmailRow:
    """`recipients` is None while they are not frozen; `left`: how many have still to go."""

    mailing: Mailing
    recipients: int | None
    left: int
    wait: str
    at: str
    look: str
    icon: str
    icon_class: str


@page("GET", "HEAD")
def emails(request: HttpRequest, member: Membership) -> HttpResponse:
    tab = request.GET.get("show", "")
    tab = tab if tab in TABS else ""
    mine = Mailing.objects.visible_to(member)
    rows = mine.filter(state__in=TABS[tab]) if tab else mine
    rows = rows.select_related("workspace", "author__user", "mailbox", "manifest").defer(
        "content", "manifest__content"
    )
    try:
        found = keyset(rows, _LATEST, request.GET.get("at", ""))
    except CursorError:
        found = keyset(rows, _LATEST)
    shown = {
        "tab": tab,
        "tabs": _tabs(mine),
        "emails": _shown(found.items),
        "may_write": member.can(Permission.EMAIL_ONE),
        **{
            f"page_{name}": _link(tab, getattr(found, name)) for name in ("first", "previous", "next", "last")
        },
    }
    return render(request, "emails/list.html", shown)


def _tabs(mine: Any) -> list[tuple[str, str, int]]:
    counted = mine.aggregate(
        all=Count("pk"), **{name: Count("pk", filter=Q(state__in=states)) for name, states in TABS.items()}
    )
    labels = {"drafts": _("Drafts"), "sending": _("Sending"), "done": pgettext("mailings", "Done")}
    return [("", _("All"), counted["all"]), *((name, labels[name], counted[name]) for name in TABS)]


def _shown(mailings: list[Mailing]) -> list[EmailRow]:
    left = _left(each.pk for each in mailings if each.state in TABS["sending"])
    return [_row(each, left.get(each.pk, 0)) for each in mailings]


def _left(numbers: Iterable[int]) -> dict[int, int]:
    """How many of each are still to go; one query, whatever the page shows."""
    rows = Delivery.objects.filter(mailing__in=list(numbers), state__in=OPEN_STATES).values("mailing")
    return {row["mailing"]: row["n"] for row in rows.annotate(n=Count("pk")).order_by()}


def _row(mailing: Mailing, left: int) -> EmailRow:
    is_frozen = mailing.manifest is not None and mailing.state != _STATE.DRAFT
    chosen = mailing.manifest.queued if is_frozen and mailing.manifest else None
    if chosen is None and "prospects" in mailing.audience:
        chosen = len(mailing.audience["prospects"])
    look, icon, icon_class = TAGS[mailing.state]
    at = when(local(mailing, mailing.done_at or mailing.approved_at or mailing.updated_at))
    wait = waits_because(mailing) if mailing.state in TABS["sending"] else ""
    return EmailRow(mailing, chosen, left, wait, at, look, icon, icon_class)


def _link(tab: str, cursor: str | None) -> str:
    kept = {"show": tab} if tab else {}
    return "" if cursor is None else "?" + urlencode({**kept, **({"at": cursor} if cursor else {})})
