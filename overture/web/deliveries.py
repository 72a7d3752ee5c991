"""The recipients of a mailing as rows: narrowed by state and reason, paged by key, each with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from overture.accounts.models import Membership
from overture.delivery.freeze import letter_of
from overture.delivery.held_back import COLUMNS, without_value
from overture.delivery.models import Delivery, Mailing
from overture.delivery.progress import reasons
from overture.delivery.steer import again_from
from overture.lib.paging import CursorError, Order, page
from overture.prospects import contact_policy
from overture.prospects.contact_policy import Hold
from overture.prospects.models import Contacted
from overture.prospects.shown_address import has_written, shown_words
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
    # Of an unknown one: whether it may be sent again by now.
    may_go_again: bool


@dataclass(frozen=True)
class DeliveryPage:
    """`first` to `last`: addresses (`?...`) of pages around. `lacks`: a token they have no value for."""

    rows: list[DeliveryRow]
    state: str
    reason: str
    lacks: str
    first: str = ""
    previous: str = ""
    next: str = ""
    last: str = ""


def skipped(mailing: Mailing) -> list[tuple[str, Any, int]]:
    """(code, words, count) of each reason for which somebody gets nothing, the most frequent first."""
    return [(code, SKIPPED.get(code, code), count) for code, count in reasons(mailing).items()]


def delivery_page(member: Membership, mailing: Mailing, query: Mapping[str, Any]) -> DeliveryPage:
    state = query.get("state", "") if query.get("state") in Delivery.State.values else ""
    reason = str(query.get("reason", "")).replace("\0", "")[:40] if state == Delivery.State.SKIPPED else ""
    lacks = query.get("lacks", "") if query.get("lacks") in COLUMNS else ""
    narrowed = {"state": state, "reason": reason, "lacks": lacks}
    rows = _rows(member, mailing, narrowed)
    try:
        found = page(rows, _BY_ID, str(query.get("at", "")))
    except CursorError:
        found = page(rows, _BY_ID)
    links = {name: _link(narrowed, getattr(found, name)) for name in ("first", "previous", "next", "last")}
    return DeliveryPage(_shown(member, mailing, found.items), **narrowed, **links)


def hold_text(mailing: Mailing, hold: Hold) -> str:
    return hold_words(hold, local(mailing, hold.at))


def hold_words(hold: Hold, at: datetime) -> str:
    """Who wrote to this partner, when and how; `at` in the reader's time zone."""
    who = str(hold.member) if hold.member else _("Somebody")
    facts = {"who": who, "when": when(at, with_day=True)}
    if hold.is_planned:
        return _("%(who)s is about to write by email") % facts
    if hold.way == Contacted.Way.EMAIL:
        return _("%(who)s wrote by email on %(when)s") % facts
    return _("%(who)s wrote a message on %(when)s") % facts


def holds(member: Membership, mailing: Mailing, rows: list[Delivery]) -> dict[int, Hold]:
    """By partner, for those that the contact policy holds back; one query, none when there are none."""
    partners = [row.partner_id for row in rows if row.reason == "contacted_recently" and row.partner_id]
    return contact_policy.check(member, partners, mailing_number=mailing.pk)


def _rows(member: Membership, mailing: Mailing, narrowed: Mapping[str, str]) -> QuerySet[Delivery]:
    if narrowed["lacks"] and mailing.manifest:
        rows = without_value(mailing.manifest, narrowed["lacks"]).order_by()
    else:
        rows = Delivery.objects.filter(mailing=mailing, manifest=mailing.manifest_id)
        rows = rows.filter(**{name: narrowed[name] for name in ("state", "reason") if narrowed[name]})
    rows = rows.filter(workspace_id=member.workspace_id).select_related("prospect", "contact")
    found: QuerySet[Delivery] = rows.annotate(has_written=has_written(member))
    return found


def _shown(member: Membership, mailing: Mailing, rows: list[Delivery]) -> list[DeliveryRow]:
    held = holds(member, mailing, rows)
    needs: frozenset[str] = frozenset()
    if mailing.manifest and any(row.reason == "missing_token" for row in rows):
        needs = letter_of(mailing.manifest).needs
    return [_row(member, mailing, row, _reason(mailing, row, held, needs)) for row in rows]


def _row(member: Membership, mailing: Mailing, row: Delivery, reason: str) -> DeliveryRow:
    address = shown_contact(member, row)
    # A server's answer often repeats the address: it is shown no more clearly there than here.
    words = shown_words(row.smtp_reply, row.address, address)
    person = f"{row.first_name} {row.last_name}".strip()
    again = again_from(row)
    may_go_again = again is not None and again <= timezone.now()
    return DeliveryRow(row, person, address, reason, words, _when(mailing, row), may_go_again)


def _reason(mailing: Mailing, row: Delivery, held: Mapping[int, Hold], needs: frozenset[str]) -> str:
    if row.partner_id and row.partner_id in held:
        return hold_text(mailing, held[row.partner_id])
    if row.reason == "missing_token" and needs:
        lacking = [f"{{{token}}}" for token in sorted(needs) if not str(getattr(row, COLUMNS[token])).strip()]
        return _("No value for %(tokens)s") % {"tokens": ", ".join(lacking)}
    return reason_text(row.state, row.reason)


def _when(mailing: Mailing, row: Delivery) -> str:
    moment: datetime | None = row.sent_at or row.changed_at
    is_told = moment and row.state not in (Delivery.State.QUEUED, Delivery.State.SKIPPED)
    return when(local(mailing, moment)) if moment and is_told else ""


def _link(kept: Mapping[str, str], cursor: str | None) -> str:
    if cursor is None:
        return ""
    query = {**kept, "at": cursor}
    return "?" + urlencode({name: value for name, value in query.items() if value}) + "#recipients"


def tabs(counted: Mapping[str, int]) -> list[tuple[str, Any, int]]:
    """(state, label, count) for the tabs above the table, all first, empty ones left out."""
    order = ("queued", "sending", "sent", "deferred", "failed", "unknown", "skipped", "cancelled")
    shown = [(state, Delivery.State(state).label, counted[state]) for state in order if counted.get(state)]
    return [("", pgettext("recipients", "All"), sum(counted.values())), *shown]
