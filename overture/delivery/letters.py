"""Claimed deliveries as letters for the wire: each manifest compiled once, each recipient's values put in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from overture.compose import Envelope, HeaderError, MissingValue, Recipient, Sender, Values
from overture.delivery.attached import load
from overture.delivery.claim import Row
from overture.delivery.freeze import letter_of
from overture.delivery.message_id import message_ids
from overture.delivery.models import Manifest
from overture.delivery.opt_out import opt_out_urls
from overture.files.errors import NotClean
from overture.mailboxes.dkim import Signer
from overture.mailboxes.providers import Letter


class Unfit(NamedTuple):
    """A delivery whose letter cannot be made, and how it ends."""

    kind: str
    code: str


class Compiled(NamedTuple):
    """A manifest, ready for its recipients."""

    sender: str
    envelope: Envelope
    message_id: Callable[[int], str]
    opt_out_url: Callable[[int], str]


class Letters:
    """Compiled manifests of one mailbox."""

    def __init__(self, time_zone: str, signer: Signer | None = None) -> None:
        self._signer = signer
        self._zone = ZoneInfo(time_zone)
        # None: it has a file that was clean when its rows were claimed, and is not now.
        self._compiled: dict[int, Compiled | None] = {}
        self._moments: dict[datetime, datetime] = {}

    def unseen(self, manifest_ids: set[int]) -> set[int]:
        """Those still to be compiled."""
        return manifest_ids - self._compiled.keys()

    def compile(self, manifest_ids: set[int]) -> None:
        """Reads these manifests: the one call here that asks the database."""
        for manifest in Manifest.objects.filter(pk__in=manifest_ids):
            try:
                self._compiled[manifest.pk] = compiled(manifest)
            except NotClean:
                self._compiled[manifest.pk] = None

    @property
    def heaviest(self) -> int:
        """Bytes of attachments, as they travel, of the largest letter."""
        return max((len(each.envelope.tail) for each in self._compiled.values() if each), default=0)

    def letter(self, row: Row) -> Letter | Unfit:
        compiled = self._compiled[row.manifest_id]
        if compiled is None:
            return Unfit("returned", "file")
        letter = made(row, compiled, self._local(row.first_tried_at))
        if self._signer is None or isinstance(letter, Unfit):
            return letter
        return letter._replace(data=self._signer.sign(letter.data, letter.tail))

    def _local(self, moment: datetime) -> datetime:
        local = self._moments.get(moment)
        if local is None:
            self._moments = {moment: (local := moment.astimezone(self._zone))}
        return local


def compiled(manifest: Manifest) -> Compiled:
    """Raises NotClean."""
    envelope = letter_of(manifest).envelope(sender_of(manifest), load(manifest))
    sender = manifest.sender_address
    return Compiled(sender, envelope, message_ids(sender), opt_out_urls())


def sender_of(manifest: Manifest) -> Sender:
    return Sender(
        manifest.sender_address,
        manifest.sender_name,
        manifest.reply_to,
        in_reply_to=manifest.in_reply_to,
        references=tuple(manifest.references),
    )


def made(row: Row, compiled: Compiled, now: datetime) -> Letter | Unfit:
    """The message of one delivery; `now` fills the dates, in the mailbox's time zone."""
    number, _, address, mpid, company, first, last, _ = row
    sender, envelope, message_id, opt_out_url = compiled
    name = f"{first} {last}".strip() or company
    try:
        data, needs_smtputf8, tail = envelope.message(
            Values(mpid, company, first, last, opt_out_url(number), now),
            Recipient(address, name, message_id(number), now),
        )
    except MissingValue:
        return Unfit("skipped", "missing_token")
    except HeaderError:
        return Unfit("failed", "invalid_address")
    return Letter(number, sender, address, data, needs_smtputf8, tail, is_wired=True)
