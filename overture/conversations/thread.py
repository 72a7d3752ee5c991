"""One thread as one side reads it: messages and e-mails by time, with day marks.

What the partner's side gets is made of plain values alone: no row leads from it to the workspace's inside.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet
from django.utils.text import Truncator

from overture.accounts.models import Membership, User
from overture.activity.models import Activity
from overture.conversations import emails
from overture.conversations.edit import is_changeable
from overture.conversations.emails import Email
from overture.conversations.inbox import writer_of
from overture.conversations.markup import to_html
from overture.conversations.models import Conversation, Message, ReadUpTo, Received, Side
from overture.files.models import Attachment
from overture.lib import addresses
from overture.prospects.models import Prospect
from overture.prospects.shown_address import has_written

SIZE = 40
# Of what a page asks again because it changed.
MOST = 400
# Of an e-mail, before all of it is asked for.
EXCERPT = 1_500
# What the brand's side sees of the prospect's history between the messages.
EVENTS = (
    "stage_changed", "stage_moved", "messages_blocked", "messages_allowed", "reported_as_spam",
    "file_blocked", "email_bounced", "email_complained",
)  # fmt: skip


@dataclass(frozen=True)
class Receipt:
    """Who read up to a message, and when. Without a name: somebody of the other side."""

    name: str
    at: datetime


@dataclass(frozen=True)
class Entry:
    """`kind`: day, message, email (that left), received (an e-mail) or event.

    `at` is in the reader's time zone.
    """

    kind: str
    at: datetime
    number: int = 0
    # Of the reader's side; written by the reader.
    is_mine: bool = False
    is_own: bool = False
    who: str = ""
    text: str = ""
    html: str = ""
    files: tuple[Attachment, ...] = ()
    is_edited: bool = False
    is_withdrawn: bool = False
    can_change: bool = False
    read_by: tuple[Receipt, ...] = ()
    email: Email | None = None
    # The brand's side only.
    received: Received | None = None
    # That `html` is all of its text.
    is_whole: bool = True
    event: Activity | None = None


class Thread(list[Entry]):
    """The entries; `earlier`: that there are older ones, found with `before` the first of these."""

    earlier: datetime | None = None


@dataclass(frozen=True)
class Part:
    """Which entries are asked for: the newest, or the newest before a moment, or all since one.

    One row more is read, to know whether there is more. `zone`: the reader's time zone, for the day marks.
    """

    before: datetime | None = None
    since: datetime | None = None
    size: int = SIZE
    zone: str = "UTC"

    @property
    def most(self) -> int:
        return MOST if self.since else self.size

    def of(self, rows: QuerySet[Any], by: str) -> QuerySet[Any]:
        if self.before:
            rows = rows.filter(**{f"{by}__lt": self.before})
        if self.since:
            rows = rows.filter(**{f"{by}__gte": self.since})
        return rows.order_by(f"-{by}", "-id")[: self.most + 1]


_NEWEST = Part()


def thread_of_brand(
    conversation: Conversation | None,
    member: Membership,
    prospect: Prospect | None = None,
    part: Part = _NEWEST,
) -> Thread:
    """As a member reads it, the oldest entry first; with `prospect` where no conversation has begun."""
    prospect = prospect or (conversation.prospect if conversation else None)
    found = _messages(conversation, part, _Brand(conversation, member))
    found += _emails_of_brand(member, prospect, part)
    found += _events(prospect, part)
    return _told(found, part)


def thread_of_partner(conversation: Conversation, user: User, part: Part = _NEWEST) -> Thread:
    """As a partner's user reads it, who sees the e-mails that were addressed to them."""
    found = _messages(conversation, part, _Partner(conversation, user))
    found += _emails_of_partner(user, conversation, part)
    return _told(found, part)


def _told(found: list[Entry], part: Part) -> Thread:
    found.sort(key=lambda entry: (entry.at, entry.number))
    shown, zone = found[-part.most :], ZoneInfo(part.zone)
    told = Thread(_with_days([replace(each, at=each.at.astimezone(zone)) for each in shown]))
    told.earlier = shown[0].at if len(found) > part.most else None
    return told


class _Brand:
    """What the brand's side says of each message."""

    side = Side.BRAND

    def __init__(self, conversation: Conversation | None, member: Membership | None) -> None:
        self.member, self.user = member, None
        self.partner_name = conversation.partner.name if conversation else ""

    def who(self, message: Message) -> str:
        if message.side == Side.BRAND:
            return str(message.member) if message.member else ""
        return writer_of(message) or self.partner_name

    def is_own(self, message: Message) -> bool:
        return self.member is not None and message.member_id == self.member.pk

    def receipt(self, row: ReadUpTo, writers: set[int]) -> str | None:
        return (row.user.name or self.partner_name) if row.user else None


class _Partner:
    """What the partner's side says: a person of the brand by name alone, else the brand."""

    side = Side.PARTNER

    def __init__(self, conversation: Conversation | None, user: User | None) -> None:
        self.member, self.user = None, user
        self.brand = conversation.workspace.name if conversation else ""
        self.partner_name = conversation.partner.name if conversation else ""

    def who(self, message: Message) -> str:
        if message.side == Side.BRAND:
            return (message.member.user.name if message.member else "") or self.brand
        return (message.user.name if message.user else "") or self.partner_name

    def is_own(self, message: Message) -> bool:
        return self.user is not None and message.user_id == self.user.pk

    def receipt(self, row: ReadUpTo, writers: set[int]) -> str | None:
        """Who only reads along is not named."""
        if row.member is None:
            return None
        return (row.member.user.name if row.member_id in writers else "") or self.brand


def _messages(conversation: Conversation | None, part: Part, reader: _Brand | _Partner) -> list[Entry]:
    if conversation is None:
        return []
    rows = Message.objects.filter(conversation=conversation)
    if reader.side == Side.PARTNER:
        rows = rows.filter(way=Message.Way.MESSAGE)
    told = rows.select_related("member__user", "user", "received").prefetch_related("attachments__stored")
    found = list(part.of(told, "created_at"))[::-1]
    receipts = {} if part.before else _receipts(conversation, found, reader)
    return [_message(each, reader, receipts.get(each.pk, ())) for each in found]


def _message(message: Message, reader: _Brand | _Partner, read_by: Sequence[Receipt]) -> Entry:
    if message.way == Message.Way.EMAIL:
        return _received(message, reader)
    return Entry(
        "message",
        message.created_at,
        message.pk,
        is_mine=message.side == reader.side,
        is_own=reader.is_own(message),
        who=reader.who(message),
        text=message.text,
        html=to_html(message.text),
        files=tuple(message.attachments.all()),
        is_edited=message.edited_at is not None,
        is_withdrawn=message.withdrawn_at is not None,
        can_change=is_changeable(message, member=reader.member, user=reader.user),
        read_by=tuple(read_by),
    )


def _received(message: Message, reader: _Brand | _Partner) -> Entry:
    shown = Truncator(message.text).chars(EXCERPT)
    return Entry(
        "received",
        message.created_at,
        message.pk,
        who=reader.who(message),
        text=message.text,
        html=to_html(shown),
        files=tuple(message.attachments.all()),
        received=message.received,
        is_whole=shown == message.text,
    )


def _receipts(
    conversation: Conversation, found: Sequence[Message], reader: _Brand | _Partner
) -> dict[int, list[Receipt]]:
    """Under the newest message of the reader's side that each of the others has read."""
    mine = [each for each in found if each.side == reader.side]
    readers = list(
        ReadUpTo.objects.filter(conversation=conversation)
        .select_related("member__user", "user")
        .order_by("read_at", "pk")
    )
    if not mine or not readers:
        return {}
    written = Message.objects.filter(conversation=conversation, side=Side.BRAND, member__isnull=False)
    writers = set(written.values_list("member_id", flat=True)) if reader.side == Side.PARTNER else set()
    told: dict[int, list[Receipt]] = {}
    for row in readers:
        name = reader.receipt(row, writers)
        last = next((each for each in reversed(mine) if each.created_at <= row.up_to), None)
        if name is None or last is None:
            continue
        under = told.setdefault(last.pk, [])
        if all(each.name != name for each in under):
            under.append(Receipt(name, row.read_at))
    return told


def _emails_of_brand(member: Membership, prospect: Prospect | None, part: Part) -> list[Entry]:
    if prospect is None:
        return []
    rows = emails.tried_of(prospect.pk).select_related(
        "manifest__mailbox", "mailing__approved_by__user", "contact", "prospect"
    )
    rows = rows.annotate(has_written=has_written(member))
    return [
        Entry(
            "email",
            row.at,
            row.pk,
            is_mine=True,
            is_own=row.mailing.approved_by_id == member.pk,
            who=str(row.mailing.approved_by or row.manifest.sender_name),
            email=emails.for_brand(member, row),
            files=tuple(row.manifest.attachments.all()),
        )
        for row in part.of(rows, "at")
    ]


def _emails_of_partner(user: User | None, conversation: Conversation | None, part: Part) -> list[Entry]:
    """Those that left, to the address this person signed in with."""
    if user is None or conversation is None or conversation.prospect_id is None:
        return []
    try:
        key = addresses.key(addresses.parse(user.email), settings.ADDRESS_KEY)
    except addresses.AddressError:
        return []
    rows = emails.tried_of(conversation.prospect_id).select_related("manifest__mailbox", "mailing")
    rows = rows.filter(sent_at__isnull=False, address_key=key)
    return [
        Entry("email", row.at, row.pk, who=row.manifest.sender_name, email=emails.for_partner(row))
        for row in part.of(rows, "at")
    ]


def _events(prospect: Prospect | None, part: Part) -> list[Entry]:
    if prospect is None:
        return []
    rows = Activity.objects.filter(prospect=prospect, verb__in=EVENTS).select_related("member__user")
    return [
        Entry("event", each.at, each.pk, who=str(each.member or ""), event=each)
        for each in part.of(rows, "at")
    ]


def _with_days(entries: Sequence[Entry]) -> list[Entry]:
    told: list[Entry] = []
    day: date | None = None
    for entry in entries:
        if entry.at.date() != day:
            day = entry.at.date()
            told.append(Entry("day", entry.at))
        told.append(entry)
    return told
