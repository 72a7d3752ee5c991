"""Now and then: wake the scan, delete what nobody holds and what was long enough in quarantine."""

from __future__ import annotations

import shutil
import time
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from overture.files import store
from overture.files.block import forget_bytes
from overture.files.keep import lock
from overture.files.models import Attachment, State, StoredFile
from overture.files.quarantine import KEPT
from overture.files.scan import SCANNER_DOWN
from overture.files.standing import look

KEPT_UNHELD = timedelta(days=1)
SCANNED_AGAIN = timedelta(days=30)
_AT_ONCE = 500


def has_work() -> bool:
    """Whether anything is due. A scanner that is back has what waited for it due at once."""
    now = timezone.now()
    version = look().version
    if not version:
        return False
    pending = StoredFile.objects.filter(state=State.PENDING)
    recent = StoredFile.objects.filter(state=State.CLEAN, created_at__gt=now - SCANNED_AGAIN)
    # Not those that bring it down again and again.
    pending.filter(reason=SCANNER_DOWN, due_at__gt=now, attempts__lt=10).update(due_at=now)
    due = pending.exclude(due_at__gt=now)
    outdated = recent.exclude(signatures=version).exclude(due_at__gt=now)
    return due.exists() or outdated.exists()


def delete_unheld() -> int:
    """Attachments that nothing holds after a day, then files without any; how many files went."""
    old = timezone.now() - KEPT_UNHELD
    Attachment.objects.filter(created_at__lt=old).unheld().delete()
    orphans = StoredFile.objects.filter(attachments=None, created_at__lt=old).exclude(state=State.INFECTED)
    gone = [_delete(number, sha256) for number, sha256 in orphans.values_list("pk", "sha256")[:_AT_ONCE]]
    return sum(gone)


def delete_old_quarantine() -> int:
    old = StoredFile.objects.filter(
        state=State.INFECTED, deleted_at=None, scanned_at__lt=timezone.now() - KEPT
    )
    rows = list(old[:_AT_ONCE])
    for stored in rows:
        forget_bytes(stored)
    return len(rows)


def clear_workplace() -> None:
    """Folders that a killed process left behind."""
    folder = store.incoming_folder()
    for path in folder.iterdir() if folder.exists() else ():
        if path.stat().st_mtime < time.time() - KEPT_UNHELD.total_seconds():
            shutil.rmtree(path, ignore_errors=True)


def delete_strays() -> int:
    """Bytes without a row: a request that was undone after it had kept them. How many files went."""
    gone = 0
    for hashes in store.kept_hashes():
        known = set(StoredFile.objects.filter(sha256__in=hashes).values_list("sha256", flat=True))
        for sha256 in hashes - known:
            gone += _delete_stray(sha256)
    return gone


def _delete_stray(sha256: str) -> bool:
    with transaction.atomic():
        lock(sha256)
        is_stray = not StoredFile.objects.filter(sha256=sha256).exists() and store.is_old(sha256, KEPT_UNHELD)
        if is_stray:
            store.delete(sha256)
    return is_stray


def _delete(number: int, sha256: str) -> bool:
    """The bytes first: should this fail half-way, the row is still there to be deleted again."""
    with transaction.atomic():
        lock(sha256)
        rows = StoredFile.objects.filter(pk=number, attachments=None)
        if not rows.exists():  # somebody gave the same file meanwhile
            return False
        store.delete(sha256)
        rows.delete()
    return True
