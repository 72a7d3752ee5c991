"""The recipients of a mailing as rows: narrowed by state and reason, paged by key, each with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from overture.accounts.models import Membership
from overture.delivery.freeze import letter_of
from overture.delivery.models import Delivery, Mailing
from overture.delivery.prepare import NEEDED
from overture.lib.paging import CursorError, Order, page
from overture.prospects import contact_policy
from overture.prospects.contact_policy import Hold
from overture.prospects.models import Contacted
from overture.web.recipients import shown_contact
from overture.web.wording import SKIPPED, local, reason_text, when

_BY_ID = Order("id")


@dataclass(frozen=True)
class DeliveryRow:
    delivery: Delivery
    person: str
    address: str
    reason: str
    words: str
    at: str


@dataclass(frozen=True)
class DeliveryPage:
    """`first` to `last`: addresses (`?...`) of pages around; `state`, `reason`: what it is narrowed to."""

    rows: list[DeliveryRow]
    state: str
    reason: str
    first: str = ""
    previous: str = ""
    next: str = ""
    last: str = ""


def counts(mailing: Mailing) -> dict[str, int]:
    """How many deliveries stand in each state that has any; their sum is all that was planned."""
    rows = Delivery.objects.filter(mailing=mailing, manifest=mailing.manifest_id).values("state")
    return {row["state"]: row["n"] for row in rows.annotate(n=Count("pk")).order_by()}


def skipped(mailing: Mailing) -> list[tuple[str, Any, int]]:
    """(code, words, count) of each reason for which somebody gets nothing, the most frequent first."""
    rows = Delivery.objects.filter(
        mailing=mailing, manifest=mailing.manifest_id, state=Delivery.State.SKIPPED
    )
    found = rows.values("reason").annotate(n=Count("pk")).order_by("-n", "reason")
    return [(row["reason"], SKIPPED.get(row["reason"], row["reason"]), row["n"]) for row in found]


def delivery_page(member: Membership, mailing: Mailing, query: Mapping[str, Any]) -> DeliveryPage:
    state = query.get("state", "") if query.get("state") in Delivery.State.values else ""
    reason = str(query.get("reason", ""))[:40] if state == Delivery.State.SKIPPED else ""
    rows = _rows(member, mailing, state, reason)
    try:
        found = page(rows, _BY_ID, str(query.get("at", "")))
    except CursorError:
        found = page(rows, _BY_ID)
    kept = {name: value for name, value in (("state", state), ("reason", reason)) if value}
    links = {name: _link(kept, getattr(found, name)) for name in ("first", "previous", "next", "last")}
    return DeliveryPage(_shown(member, mailing, found.items), state, reason, **links)


def hold_text(mailing: Mailing, hold: Hold) -> str:
    """Who wrote to this partner, when and how."""
    who = str(hold.member) if hold.member else _("Somebody")
    facts = {"who": who, "when": when(local(mailing, hold.at))}
    if hold.is_planned:
        return _("%(who)s is about to write by email") % facts
    if hold.way == Contacted.Way.EMAIL:
        return _("%(who)s wrote by email on %(when)s") % facts
    return _("%(who)s wrote a message on %(when)s") % facts


def holds(member: Membership, mailing: Mailing, rows: list[Delivery]) -> dict[int, Hold]:
    """By partner, for those that the contact policy holds back; one query, none when there are none."""
    partners = [row.partner_id for row in rows if row.reason == "contacted_recently" and row.partner_id]
    return contact_policy.check(member, partners, mailing_number=mailing.pk)


def _rows(member: Membership, mailing: Mailing, state: str, reason: str) -> QuerySet[Delivery]:
    rows = Delivery.objects.visible_to(member).filter(mailing=mailing, manifest=mailing.manifest_id)
    if state:
        rows = rows.filter(state=state)
    if reason:
        rows = rows.filter(reason=reason)
    return rows.select_related("prospect", "contact")


def _shown(member: Membership, mailing: Mailing, rows: list[Delivery]) -> list[DeliveryRow]:
    held = holds(member, mailing, rows)
    needs: frozenset[str] = frozenset()
    if mailing.manifest and any(row.reason == "missing_token" for row in rows):
        needs = letter_of(mailing.manifest).needs
    return [_row(member, mailing, row, _reason(mailing, row, held, needs)) for row in rows]


def _row(member: Membership, mailing: Mailing, row: Delivery, reason: str) -> DeliveryRow:
    address = shown_contact(member, row.contact, row.prospect, row.address)
    # A server's answer often repeats the address: it is shown no more clearly there than here.
    words = row.smtp_reply if not row.address else row.smtp_reply.replace(row.address, address)
    person = f"{row.first_name} {row.last_name}".strip()
    return DeliveryRow(row, person, address, reason, words, _when(mailing, row))


def _reason(mailing: Mailing, row: Delivery, held: Mapping[int, Hold], needs: frozenset[str]) -> str:
    if row.partner_id and row.partner_id in held:
        return hold_text(mailing, held[row.partner_id])
    if row.reason == "missing_token" and needs:
        lacking = [f"{{{token}}}" for token in sorted(needs) if not str(getattr(row, _FIELDS[token])).strip()]
        return _("No value for %(tokens)s") % {"tokens": ", ".join(lacking)}
    return reason_text(row.state, row.reason)


def _when(mailing: Mailing, row: Delivery) -> str:
    moment: datetime | None = row.sent_at or row.changed_at
    return when(local(mailing, moment)) if moment and row.state != Delivery.State.QUEUED else ""


def _link(kept: dict[str, str], cursor: str | None) -> str:
    if cursor is None:
        return ""
    return "?" + urlencode({**kept, **({"at": cursor} if cursor else {})}) + "#recipients"


def tabs(counted: Mapping[str, int]) -> list[tuple[str, Any, int]]:
    """(state, label, count) for the tabs above the table, all first, empty ones left out."""
    order = ("queued", "sending", "sent", "deferred", "failed", "unknown", "skipped", "cancelled")
    shown = [(state, Delivery.State(state).label, counted[state]) for state in order if counted.get(state)]
    return [("", pgettext("recipients", "All"), sum(counted.values())), *shown]


# Where a delivery keeps the value of a token that may lack one: the recipient's name is the company's here.
_FIELDS = {token: "company_name" if column == "name" else column for token, column in NEEDED.items()}
