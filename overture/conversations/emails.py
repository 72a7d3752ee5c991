"""The e-mails of a thread: deliveries of the ledger that left or were tried, in the words of the letter."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from html import unescape
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.safestring import SafeString, mark_safe

from overture.accounts.models import Membership
from overture.compose import Letter, MissingValue, Values
from overture.delivery.freeze import letter_of
from overture.delivery.models import Delivery
from overture.prospects.shown_address import shown_address

EXCERPT = 180


@dataclass(frozen=True)
class Email:
    """One e-mail as one side may see it."""

    number: int
    mailing: int
    subject: str
    excerpt: str
    is_whole: bool
    state: str
    sender_name: str
    sender_address: str
    to_name: str
    to: str
    is_of_many: bool
    # Of its attachments; who got it has them in their own mail program.
    file_names: tuple[str, ...] = ()


def tried_of(prospect_id: int) -> QuerySet[Any]:
    """Found through one_delivery_per_prospect: a few rows, whatever the size of the ledger."""
    tried = Q(sent_at__isnull=False) | Q(first_tried_at__isnull=False)
    rows = Delivery.objects.filter(tried, prospect_id=prospect_id)
    found: QuerySet[Any] = rows.annotate(at=Coalesce("sent_at", "first_tried_at")).prefetch_related(
        "manifest__attachments__stored"
    )
    return found


def for_brand(member: Membership, row: Delivery) -> Email:
    contact = row.contact
    to = shown_address(
        member,
        row.address,
        is_custom=bool(contact and contact.workspace_id),
        has_joined=bool(row.prospect and row.prospect.stage == "joined"),
        has_written=row.has_written,
    )
    return _email(row, row.manifest.sender_address, to)


def for_partner(row: Delivery) -> Email:
    """Shown to whom it was addressed alone: it names no address that they did not see in it."""
    seen = _email(row, row.manifest.sender_address, row.address)
    # Whether others got it too, and how sending went, is the brand's.
    return replace(seen, mailing=0, state="", is_of_many=False)


def content(row: Delivery) -> SafeString:
    """The written content as this recipient got it, without the footer and its personal link."""
    try:
        return mark_safe(_letter(row).render_content(_values(row)))  # noqa: S308  # cleaned by compose
    except MissingValue:  # the names in it were erased since
        return SafeString("")


def _email(row: Delivery, sender_address: str, to: str) -> Email:
    text = _plain(content(row))
    excerpt = text if len(text) <= EXCERPT else text[:EXCERPT].rsplit(" ", 1)[0].rstrip(" ,.;:") + "…"
    return Email(
        number=row.pk,
        mailing=row.mailing_id,
        subject=_subject(row),
        excerpt=excerpt,
        is_whole=excerpt == text,
        state=row.state,
        sender_name=row.manifest.sender_name,
        sender_address=sender_address,
        to_name=f"{row.first_name} {row.last_name}".strip() or row.company_name,
        to=to,
        is_of_many=not row.mailing.is_single,
        file_names=tuple(each.name for each in row.manifest.attachments.all()),
    )


def _subject(row: Delivery) -> str:
    try:
        return _letter(row).render(_values(row)).subject
    except MissingValue:
        return ""


_compiled: dict[int, Letter] = {}
_MOST_COMPILED = 256


def _letter(row: Delivery) -> Letter:
    """A manifest never changes: compiled once in each process, until too many are kept."""
    letter = _compiled.get(row.manifest_id)
    if letter is None:
        if len(_compiled) >= _MOST_COMPILED:
            _compiled.clear()
        letter = _compiled[row.manifest_id] = letter_of(row.manifest)
    return letter


def _values(row: Delivery) -> Values:
    moment: datetime = row.first_tried_at or row.sent_at or row.changed_at
    zone = ZoneInfo(row.manifest.mailbox.time_zone)
    # The footer with the link is left out, so none is made.
    return Values(row.mpid, row.company_name, row.first_name, row.last_name, "#", moment.astimezone(zone))


_BREAK = re.compile(r"<(?:/p|br|/li|/h\d|/div)\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")


def _plain(html: str) -> str:
    return " ".join(unescape(_TAG.sub("", _BREAK.sub(" ", html))).split())
