"""Up to when mailboxes are read: what every page and verb asks that depends on answers being seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from overture.delivery.models import Mailing
from overture.inbound.models import Folder, Reading
from overture.lib import addresses
from overture.lib.addresses import AddressError
from overture.mailboxes.models import Mailbox


@dataclass(frozen=True)
class Coverage:
    """`read_up_to`: all that had arrived by then is taken; None while the first reading goes on.

    `reason` and `words` say why it is not read further; empty when it is.
    """

    read_up_to: datetime | None = None
    looked_at: datetime | None = None
    reason: str = ""
    words: str = ""


@dataclass(frozen=True)
class Replies:
    """Where answers to a mailing go, and how far that is read; None: it is no mailbox that is read here."""

    address: str
    coverage: Coverage | None


def coverage_of(mailboxes: Sequence[Mailbox]) -> dict[int, Coverage]:
    """Of those that are read; the same two queries for any number."""
    read = _read(mailboxes)
    # Of the inbox alone: it takes in what servers deliver. What is in Junk its owner may have put there long
    # after it came, and providers empty it: nothing could be promised of it.
    inboxes = Folder.objects.filter(mailbox__in=read, role=Folder.Role.INBOX)
    up_to = dict(inboxes.values_list("mailbox", "read_up_to"))
    going = {each.mailbox_id: each for each in Reading.objects.filter(mailbox__in=read)}
    return {pk: _coverage(going.get(pk), up_to.get(pk)) for pk in read}


def folders_of(mailboxes: Sequence[Mailbox]) -> dict[int, list[Folder.Role]]:
    """Which of their folders are read, those that were found there; one query for any number."""
    rows = Folder.objects.filter(mailbox__in=_read(mailboxes)).exclude(name="")
    found = set(rows.values_list("mailbox", "role"))
    return {each.pk: [role for role in Folder.Role if (each.pk, role) in found] for each in mailboxes}


def replies_of(mailing: Mailing) -> Replies:
    """By its manifest where there is one: that is what recipients answer to."""
    given = mailing.manifest.reply_to if mailing.manifest else mailing.reply_to
    address = given or (mailing.mailbox.address if mailing.mailbox else "")
    mailbox = read_at(mailing.workspace_id, address)
    return Replies(address, coverage_of([mailbox])[mailbox.pk] if mailbox else None)


def read_at(workspace_id: int, address: str) -> Mailbox | None:
    """The workspace's mailbox of this address that is read."""
    try:
        key = addresses.key(addresses.parse(address), settings.ADDRESS_KEY)
    except AddressError:
        return None
    rows = Mailbox.objects.filter(workspace_id=workspace_id, address_key=key, removed_at=None, reads=True)
    found: Mailbox | None = rows.order_by("pk").first()
    return found


def _read(mailboxes: Sequence[Mailbox]) -> list[int]:
    return [each.pk for each in mailboxes if each.reads and each.removed_at is None]


def _coverage(reading: Reading | None, read_up_to: datetime | None) -> Coverage:
    if reading is None:
        return Coverage(read_up_to)
    return Coverage(read_up_to, reading.looked_at, reading.reason, reading.reason_words)
