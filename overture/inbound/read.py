"""One visit to a mailbox: takes what is new in its Sent, Junk and inbox folders, and writes down how far."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.db import connection
from django.db.models import Min

from overture.inbound.concern import concerns
from overture.inbound.headers import FIELDS, Headers, headers_of
from overture.inbound.models import Folder, Mail, Reading
from overture.inbound.sent import note_copies
from overture.inbound.take import take
from overture.mailboxes.models import Mailbox
from overture.mailboxes.providers.imap import Imap, ImapError, Standing

# Headers asked for at once, and between two looks at the clock.
CHUNK = 200
# Dates of servers are days in zones of their own.
_MARGIN = timedelta(days=2)

log = logging.getLogger(__name__)


class NotOurs(Exception):
    """Another worker watches the mailbox by now: nothing more is written."""


class NotTaken(Exception):
    """Mails that could not be taken: coverage stays before them, and they are tried again."""


@dataclass
class Visit:
    """Who reads which mailbox over which connection; `is_over` tells that others are to have the turn."""

    mailbox: Mailbox
    imap: Imap
    watcher: UUID
    since: datetime
    is_over: Callable[[], bool] = lambda: False


# Takes what these headers are of; answers the UIDs of what could not be taken.
Chunk = Callable[[Visit, Folder, Sequence[Headers]], set[int]]


def visit(found: Visit) -> bool:
    """Whether all there is was read; else the next visit goes on. Raises ImapError, NotOurs, NotTaken."""
    # Sent first: answers may name Message-IDs that are learned there. The inbox last: the folder that stays
    # open is what IDLE tells of. Junk holds it up by no more than a turn.
    if not _read_aside(found, Folder.Role.SENT, _note_chunk):
        return False
    is_all = _read_junk(found)
    return _read_inbox(found) and is_all


def since_of(mailbox: Mailbox) -> datetime:
    """When the address was first connected to this workspace: nothing older can answer us."""
    rows = Mailbox.objects.filter(workspace_id=mailbox.workspace_id, address_key=mailbox.address_key)
    moment: datetime = rows.aggregate(first=Min("created_at"))["first"] or mailbox.created_at
    return moment


def _read_inbox(found: Visit) -> bool:
    folder, now = _folder(found, Folder.Role.INBOX, "INBOX"), _now()
    return _read(found, folder, found.imap.examine("INBOX"), now, _take_chunk)


def _read_junk(found: Visit) -> bool:
    """A mail there that cannot be taken keeps nothing else waiting; it is tried again with each visit."""
    try:
        return _read_aside(found, Folder.Role.JUNK, partial(_take_chunk, needs_proof=True))
    except NotTaken as error:
        _fail(_folder(found, Folder.Role.JUNK, ""), "mail_not_taken", str(error))
        return True


def _read_aside(found: Visit, role: str, take_chunk: Chunk) -> bool:
    """A mailbox without such a folder, or whose folder cannot be opened, is read all the same."""
    folder, now = _folder(found, role, ""), _now()
    try:
        standing = _standing_aside(found, folder)
        if standing is None:
            _fail(folder, f"no_{role}_folder", "")
            return True
        if folder.read_up_to and _is_unchanged(folder, standing):
            return _read(found, folder, standing, now, take_chunk)
        examined = found.imap.examine(folder.name)
    except ImapError as error:
        if error.code != "no":
            raise
        _fail(folder, "no", error.reply)
        return True
    whole = Standing(examined.uidvalidity, examined.uidnext, standing.modseq)
    return _read(found, folder, whole, now, take_chunk)


def _standing_aside(found: Visit, folder: Folder) -> Standing | None:
    """None: there is none. Found anew when it was renamed or deleted."""
    if folder.name:
        try:
            return found.imap.standing(folder.name)
        except ImapError as error:
            if error.code != "no":
                raise
    folder.name = found.imap.folder_for(folder.role)
    if not folder.name:
        return None
    standing = found.imap.standing(folder.name)
    _advance(found, folder, name=folder.name)
    return standing


def _is_unchanged(folder: Folder, standing: Standing) -> bool:
    if standing.uidvalidity != folder.uidvalidity:
        return False
    if standing.uidnext:
        return standing.uidnext - 1 <= folder.last_uid
    return standing.modseq > 0 and standing.modseq == folder.modseq


def _read(found: Visit, folder: Folder, standing: Standing, now: datetime, take_chunk: Chunk) -> bool:
    """What had arrived at `now`, before the server was asked; coverage is written when all is taken."""
    if standing.uidvalidity != folder.uidvalidity:
        # UIDs begin anew: all is looked at again, and what was taken is known by its fingerprint.
        _advance(found, folder, uidvalidity=standing.uidvalidity, valid_since=now, last_uid=0, modseq=0)
    if not _is_unchanged(folder, standing) and not _read_new(found, folder, standing, take_chunk):
        return False
    _advance(found, folder, read_up_to=now, looked_at=now, modseq=standing.modseq, reason="", reason_words="")
    return True


def _read_new(found: Visit, folder: Folder, standing: Standing, take_chunk: Chunk) -> bool:
    since = None if folder.last_uid else (found.since - _MARGIN).date()
    uids = found.imap.uids_after(folder.last_uid, since)
    failed: set[int] = set()
    for start in range(0, len(uids), CHUNK):
        chunk = uids[start : start + CHUNK]
        fetched = found.imap.headers(chunk, FIELDS)
        headers = [headers_of(each.uid, each.data, each.received_at, each.size) for each in fetched]
        failed |= take_chunk(found, folder, headers)
        if not failed:
            _advance(found, folder, last_uid=chunk[-1])
        if found.is_over() and start + CHUNK < len(uids) and not failed:
            return False
    if failed:
        raise NotTaken(f"UID {min(failed)} in {folder.name}")
    # Of a folder without new mails, too, so that the next look is cheap.
    _advance(found, folder, last_uid=max(folder.last_uid, standing.uidnext - 1))
    return True


def _take_chunk(
    found: Visit, folder: Folder, headers: Sequence[Headers], needs_proof: bool = False
) -> set[int]:
    """Takes those that concern partners; answers the UIDs of those that could not be."""
    prints = [each.fingerprint for each in headers]
    taken = Mail.objects.filter(mailbox=found.mailbox, fingerprint__in=prints)
    known = set(taken.values_list("fingerprint", flat=True))
    unknown = [each for each in headers if each.fingerprint not in known]
    wanted = concerns(found.mailbox, unknown, needs_proof) if unknown else set()
    return {each.uid for each in unknown if each.uid in wanted and not _take_one(found, folder, each.uid)}


def _take_one(found: Visit, folder: Folder, uid: int) -> bool:
    whole = found.imap.whole(uid)
    if whole is None:  # deleted meanwhile
        return True
    try:
        take(found.mailbox, folder, uid, whole.received_at, whole.data)
    except Exception:
        # One mail must not keep all others from their threads.
        log.exception("mail %s in %s of mailbox %s could not be taken", uid, folder.name, found.mailbox.pk)
        return False
    return True


def _note_chunk(found: Visit, folder: Folder, headers: Sequence[Headers]) -> set[int]:
    note_copies(found.mailbox, headers)
    return set()


def _folder(found: Visit, role: str, name: str) -> Folder:
    folder, _ = Folder.objects.get_or_create(mailbox=found.mailbox, role=role, defaults={"name": name})
    return folder


def _advance(found: Visit, folder: Folder, **changes: object) -> None:
    """Written only while the mailbox is ours: a worker stopped for long sets nothing back."""
    ours = Reading.objects.filter(mailbox=found.mailbox, watcher=found.watcher)
    if not Folder.objects.filter(pk=folder.pk, mailbox__in=ours.values("mailbox")).update(**changes):
        raise NotOurs
    for name, value in changes.items():
        setattr(folder, name, value)


def _fail(folder: Folder, reason: str, words: str) -> None:
    Folder.objects.filter(pk=folder.pk).update(reason=reason, reason_words=words[:500], looked_at=_now())


def _now() -> datetime:
    """The database's clock: coverage is compared with leases."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
        return moment
