"""Scans what waits: as it was given, as it is handed out, each stream inside. Nothing opens before that."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from overture.files import apart, clamd, store
from overture.files.block import tell_blocked
from overture.files.clamd import ScannerDown, TooLarge, Verdict
from overture.files.models import FileType, State, StoredFile
from overture.files.parts import parts_in

log = logging.getLogger(__name__)
# What clamd says of itself, not of a virus: more than its limits, or locked up so that nobody can look.
_NOT_SCANNED = ("Heuristics.Limits.Exceeded", "Heuristics.Encrypted")
# Who claimed a file and died leaves it to others after this time.
LEASE_SECONDS = 300
SCANNER_DOWN = "scanner_down"

# Files that came in first; then clean ones of the last 30 days that other signatures have judged.
_CLAIM = """
    UPDATE overture_storedfile SET due_at = statement_timestamp() + make_interval(secs => %(lease)s),
        attempts = attempts + 1
    WHERE id = (
        SELECT id FROM overture_storedfile
        WHERE state = 'pending' AND (due_at IS NULL OR due_at <= statement_timestamp())
        ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING *
"""
_CLAIM_AGAIN = """
    UPDATE overture_storedfile SET due_at = statement_timestamp() + make_interval(secs => %(lease)s),
        attempts = attempts + 1
    WHERE id = (
        SELECT id FROM overture_storedfile
        WHERE state = 'clean' AND signatures <> %(version)s
          AND created_at > statement_timestamp() - interval '30 days'
          AND (due_at IS NULL OR due_at <= statement_timestamp())
        ORDER BY created_at DESC LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING *
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    state: State
    reason: str = ""


def scan_due(should_stop: Callable[[], bool] = lambda: False) -> int:
    """Scans, one after the other in this thread, until nothing is due; how many were judged."""
    judged = 0
    while not should_stop() and (stored := claim()) is not None:
        judged += judge(stored)
    return judged


def claim(version: str = "") -> StoredFile | None:
    """One file that nobody else has; with the version of the signatures, also clean ones to look at again."""
    for statement in (_CLAIM, *([_CLAIM_AGAIN] if version else [])):
        for stored in StoredFile.objects.raw(statement, {"lease": LEASE_SECONDS, "version": version}):
            return stored
    return None


def judge(stored: StoredFile, version: str = "") -> bool:
    """Scans a claimed file and writes down what came of it; False where the scanner could not tell.

    `version` of the signatures, where somebody has just asked for it.
    """
    try:
        version = version or clamd.version()
        outcome = _look(stored)
    except ScannerDown as error:
        log.warning("file %s is not scanned yet: %s", stored.pk, error)
        _postpone(stored)
        return False
    _settle(stored, outcome, version)
    return True


def _look(stored: StoredFile) -> Outcome:
    try:
        for verdict in _verdicts(stored):
            if verdict.found.startswith(_NOT_SCANNED):
                return Outcome(State.UNSCANNABLE, verdict.found[:200])
            if not verdict.is_clean:
                return Outcome(State.INFECTED, verdict.found[:200])
    except TooLarge:
        return Outcome(State.UNSCANNABLE, "too_large")
    except FileNotFoundError:
        return Outcome(State.UNSCANNABLE, "gone")
    except _NotUnpacked:
        return Outcome(State.UNSCANNABLE, "too_complex")
    return Outcome(State.CLEAN)


def _verdicts(stored: StoredFile) -> Iterator[Verdict]:
    kinds = [store.GIVEN] if stored.served_sha256 == stored.sha256 else [store.GIVEN, store.SERVED]
    for kind in kinds:
        with store.open_kept(stored.sha256, kind) as file:
            yield clamd.scan(file)
    if stored.type == FileType.PDF:
        with _opened_parts(stored) as file:
            for part in parts_in(file):
                yield clamd.scan(part)


class _NotUnpacked(Exception):
    """What is inside takes more than there is, so that nobody has seen it."""


@contextmanager
def _opened_parts(stored: StoredFile) -> Iterator[IO[bytes]]:
    """What is inside: as it was unpacked when it came in, or unpacked again."""
    try:
        kept = store.open_kept(stored.sha256, store.PARTS)
    except FileNotFoundError:
        with store.workplace() as folder, _unpacked(stored, folder).open("rb") as file:
            yield file
        return
    with kept:
        yield kept


def _unpacked(stored: StoredFile, folder: Path) -> Path:
    source = folder / "given"
    with store.open_kept(stored.sha256, store.GIVEN) as kept, source.open("wb") as file:
        shutil.copyfileobj(kept, file, 1 << 20)
    try:
        answer = apart.ask("unpack", folder)
    except apart.NoAnswer:
        raise _NotUnpacked from None
    if "refused" in answer:
        raise _NotUnpacked
    return folder / "parts"


def _settle(stored: StoredFile, outcome: Outcome, version: str) -> None:
    """Where the claim still holds: who lost it has not judged what another may have found."""
    if outcome.state == State.CLEAN and stored.type == FileType.PDF:
        store.drop_parts(stored.sha256)
    if outcome.state != State.INFECTED:
        _write_down(stored, outcome, version)
        return
    with transaction.atomic():
        _make_durable()
        if not _write_down(stored, outcome, version):
            return
        stored.reason = outcome.reason
        tell_blocked(stored)
    # After the commit: from then on nobody opens it, wherever its bytes are.
    store.block(stored.sha256)


def _write_down(stored: StoredFile, outcome: Outcome, version: str) -> int:
    held = StoredFile.objects.filter(pk=stored.pk, state=stored.state, attempts=stored.attempts)
    return held.update(
        state=outcome.state,
        reason=outcome.reason,
        signatures=version[:80],
        scanned_at=Now(),
        due_at=None,
        attempts=0 if outcome.state == State.CLEAN else F("attempts"),
    )


def _make_durable() -> None:
    """Who scans much does not wait for the disk: what a crash forgets is scanned again. Not so this."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit TO on")


def _postpone(stored: StoredFile) -> None:
    """Later and later, and never passed. What was clean stays so until the scanner says otherwise."""
    held = StoredFile.objects.filter(pk=stored.pk, state=stored.state, attempts=stored.attempts)
    held.update(due_at=_later(stored.attempts), reason=SCANNER_DOWN if stored.state == State.PENDING else "")


def _later(attempts: int) -> datetime:
    seconds = min(5 * 2 ** min(attempts - 1, 10), 600)
    return timezone.now() + timedelta(seconds=seconds)
