"""Takes in a file that somebody gives: checked by its content, kept by its hash, scanned before it opens."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Sum
from django.utils import timezone

from overture.accounts.models import Membership, User
from overture.files import apart, store
from overture.files.block import tell_blocked
from overture.files.errors import Refused
from overture.files.models import Attachment, FileType, State, StoredFile
from overture.files.names import ending_of, safe_name, type_of_name
from overture.files.wake import scan_later

_CHUNK = 1 << 18
MOST_PARTS = 32 * 1024**2


def keep(
    source: BinaryIO,
    name: str,
    *,
    workspace_id: int | None,
    member: Membership | None = None,
    user: User | None = None,
) -> Attachment:
    """The file as an attachment that nothing holds yet; it is scanned from the moment this is committed.

    At most one of `member` and `user` gives it; neither: it came by e-mail. Raises Refused.
    """
    name = safe_name(name)
    kind = type_of_name(name)
    if kind is None:
        raise Refused("type", {"ending": ending_of(name)})
    _refuse_too_much(workspace_id, member, user)
    with store.workplace() as folder:
        sha256, size = _take_in(source, folder / "given")
        known = StoredFile.objects.filter(sha256=sha256, type=kind).first()
        found = {} if known and _is_usable(known) else _check(folder, kind)
        with transaction.atomic():
            stored = _store(folder, sha256, kind, found, size)
            attachment = Attachment.objects.create(
                stored=stored, workspace_id=workspace_id, member=member, user=user, name=name
            )
            _settle(attachment)
    return attachment


def _refuse_too_much(workspace_id: int | None, member: Membership | None, user: User | None) -> None:
    """Counted by who gives, in the last 24 hours, sent or not; also what another gave before.

    What came by e-mail is counted for the workspace.
    """
    rows = (
        Attachment.objects.given_by(member=member, user=user)
        if member or user
        else Attachment.objects.filter(workspace=workspace_id, member=None, user=None)
    )
    lately = rows.filter(created_at__gt=timezone.now() - timedelta(days=1))
    given = lately.aggregate(size=Sum("stored__size"))["size"] or 0
    if given >= settings.OVERTURE_FILES_PER_DAY_MB * 1024**2:
        raise Refused("too_much_today", {"most": settings.OVERTURE_FILES_PER_DAY_MB})


def _take_in(source: BinaryIO, target: Path) -> tuple[str, int]:
    """Copies while it counts and hashes: no more is read than may come."""
    most = settings.OVERTURE_FILE_LIMIT_MB * 1024**2
    digest, size = hashlib.sha256(), 0
    with target.open("wb") as file:
        while chunk := source.read(_CHUNK):
            size += len(chunk)
            if size > most:
                raise Refused("too_large", {"most": settings.OVERTURE_FILE_LIMIT_MB})
            digest.update(chunk)
            file.write(chunk)
    if size == 0:
        raise Refused("empty")
    return digest.hexdigest(), size


def _check(folder: Path, kind: FileType) -> dict[str, Any]:
    try:
        answer = apart.ask("check", folder, type=kind.value)
    except apart.NoAnswer:
        raise Refused("too_complex", {"type": kind.label}) from None
    if "refused" in answer:
        raise Refused(answer["refused"], {**answer["facts"], "type": kind.label})
    found: dict[str, Any] = answer["found"]
    return found


def _is_usable(stored: StoredFile) -> bool:
    """What was judged bad stays so; of all else the bytes have to be there."""
    return stored.state == State.INFECTED or store.has(stored.sha256, store.GIVEN)


def _store(folder: Path, sha256: str, kind: FileType, found: dict[str, Any], size: int) -> StoredFile:
    """The row and the bytes, both or neither: upkeep, which deletes both, waits for the same lock."""
    lock(sha256)
    # Held against the scan: either it sees this attachment when it tells of a virus, or we see that it told.
    stored = StoredFile.objects.select_for_update(no_key=True).filter(sha256=sha256).first()
    if stored is not None and _is_usable(stored):
        return stored
    if not found:  # deleted since it was looked for
        found = _check(folder, kind)
    _put_all(folder, sha256)
    served = folder / store.SERVED
    values = {
        "type": kind,
        "served_sha256": _hash(served) if served.exists() else sha256,
        "size": served.stat().st_size if served.exists() else size,
        **found,
    }
    if stored is None:
        return StoredFile.objects.create(sha256=sha256, **values)
    # Its bytes were gone: it is judged anew.
    StoredFile.objects.filter(pk=stored.pk).update(**values, state=State.PENDING, due_at=None, reason="")
    return StoredFile.objects.get(pk=stored.pk)


def _put_all(folder: Path, sha256: str) -> None:
    for kind in store.KINDS:
        path = folder / kind
        # Many parts are unpacked again by the scan rather than kept.
        if path.exists() and not (kind == store.PARTS and path.stat().st_size > MOST_PARTS):
            store.put(path, sha256, kind)


def lock(sha256: str) -> None:
    """Until the transaction ends, nobody else makes or deletes what has this hash."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int(sha256[:15], 16)])


def _settle(attachment: Attachment) -> None:
    if attachment.stored.state == State.PENDING:
        scan_later()
    elif attachment.stored.state == State.INFECTED:
        tell_blocked(attachment.stored)


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
