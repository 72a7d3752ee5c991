"""Scans what waits: as it was given, as it is handed out, each stream inside. Nothing opens before that."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

from django.db import connection, transaction
from django.db.models import QuerySet
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

# An array first: a plan may ask a subquery with SKIP LOCKED twice, and so claim more than it answers.
_CLAIM = """
    UPDATE overture_storedfile SET due_at = statement_timestamp() + make_interval(secs => %(lease)s),
        attempts = attempts + 1
    WHERE id = ANY (ARRAY (
        SELECT id FROM overture_storedfile
        WHERE state = 'pending' AND (due_at IS NULL OR due_at <= statement_timestamp())
        ORDER BY due_at LIMIT %(most)s FOR UPDATE SKIP LOCKED))
    RETURNING id, sha256, served_sha256, type, state, attempts
"""
# Clean ones of the last 30 days that other signatures have judged.
_CLAIM_AGAIN = """
    UPDATE overture_storedfile SET due_at = statement_timestamp() + make_interval(secs => %(lease)s),
        attempts = attempts + 1
    WHERE id = ANY (ARRAY (
        SELECT id FROM overture_storedfile
        WHERE state = 'clean' AND signatures <> %(version)s
          AND created_at > statement_timestamp() - interval '30 days'
          AND (due_at IS NULL OR due_at <= statement_timestamp())
        ORDER BY created_at DESC LIMIT %(most)s FOR UPDATE SKIP LOCKED))
    RETURNING id, sha256, served_sha256, type, state, attempts
"""
# Locked by number, as whoever sends several files locks them: otherwise each could wait for the other.
_SETTLE = """
    WITH held AS MATERIALIZED (
        SELECT file.id, found.state, found.reason, found.version
        FROM overture_storedfile file
        JOIN unnest(%(ids)s::bigint[], %(attempts)s::int[], %(before)s::text[], %(states)s::text[],
            %(reasons)s::text[], %(versions)s::text[]) found (id, attempts, before, state, reason, version)
          ON file.id = found.id AND file.attempts = found.attempts AND file.state = found.before
        ORDER BY file.id FOR NO KEY UPDATE OF file)
    UPDATE overture_storedfile file SET state = held.state, reason = held.reason, signatures = held.version,
        scanned_at = statement_timestamp(), due_at = NULL,
        attempts = CASE held.state WHEN 'clean' THEN 0 ELSE file.attempts END
    FROM held WHERE file.id = held.id
"""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A file that nobody else has, as it was when it was claimed."""

    id: int
    sha256: str
    served_sha256: str
    type: str
    state: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Outcome:
    claimed: Claimed
    # None: the scanner could not tell.
    state: State | None
    reason: str = ""
    # Of the signatures that judged it.
    version: str = ""


def scan_due(should_stop: Callable[[], bool] = lambda: False) -> int:
    """Scans, one after the other in this thread, until nothing is due; how many were judged."""
    judged = 0
    while not should_stop() and (claimed := claim(1)):
        judged += judge(claimed[0])
    return judged


def claim(most: int) -> list[Claimed]:
    """Files that came in and are due, at most so many."""
    return _claimed(_CLAIM, {"most": most})


def claim_again(most: int, version: str) -> list[Claimed]:
    """Clean ones that signatures of this version have not seen."""
    return _claimed(_CLAIM_AGAIN, {"most": most, "version": version})


def _claimed(statement: str, values: dict[str, int | str]) -> list[Claimed]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {**values, "lease": LEASE_SECONDS})
        return [Claimed(*row) for row in cursor.fetchall()]


def give_back(claimed: Sequence[Claimed]) -> None:
    """What nobody has looked at is due again at once."""
    for each in claimed:
        _held(each).update(due_at=timezone.now(), attempts=each.attempts - 1)


def judge(claimed: Claimed, version: str = "") -> bool:
    """Scans a claimed file and writes down what came of it; False where the scanner could not tell."""
    outcome = examine(claimed, version)
    settle([outcome])
    return outcome.state is not None


def examine(claimed: Claimed, version: str = "") -> Outcome:
    """Scans it. Asks no database, so that many can be looked at while one writes down.

    `version` of the signatures, where somebody has just asked for it.
    """
    try:
        version = version or clamd.version()
        outcome = _look(claimed, version)
        if outcome.state == State.CLEAN and claimed.type == FileType.PDF:
            store.drop_parts(claimed.sha256)
    except ScannerDown as error:
        log.warning("file %s is not scanned yet: %s", claimed.id, error)
        return Outcome(claimed, None, SCANNER_DOWN)
    except Exception:
        log.exception("file %s is not scanned yet", claimed.id)
        return Outcome(claimed, None)
    return outcome


def _look(claimed: Claimed, version: str) -> Outcome:
    def found(state: State, reason: str = "") -> Outcome:
        return Outcome(claimed, state, reason[:200], version[:80])

    try:
        for verdict in _verdicts(claimed):
            if verdict.found.startswith(_NOT_SCANNED):
                return found(State.UNSCANNABLE, verdict.found)
            if not verdict.is_clean:
                return found(State.INFECTED, verdict.found)
    except TooLarge:
        return found(State.UNSCANNABLE, "too_large")
    except FileNotFoundError:
        return found(State.UNSCANNABLE, "gone")
    except _NotUnpacked:
        return found(State.UNSCANNABLE, "too_complex")
    return found(State.CLEAN)


def _verdicts(claimed: Claimed) -> Iterator[Verdict]:
    kinds = [store.GIVEN] if claimed.served_sha256 == claimed.sha256 else [store.GIVEN, store.SERVED]
    for kind in kinds:
        with store.open_kept(claimed.sha256, kind) as file:
            yield clamd.scan(file)
    if claimed.type == FileType.PDF:
        with _opened_parts(claimed) as file:
            for part in parts_in(file):
                yield clamd.scan(part)


class _NotUnpacked(Exception):
    """What is inside takes more than there is, so that nobody has seen it."""


@contextmanager
def _opened_parts(claimed: Claimed) -> Iterator[IO[bytes]]:
    """What is inside: as it was unpacked when it came in, or unpacked again."""
    try:
        kept = store.open_kept(claimed.sha256, store.PARTS)
    except FileNotFoundError:
        with store.workplace() as folder, _unpacked(claimed, folder).open("rb") as file:
            yield file
        return
    with kept:
        yield kept


def _unpacked(claimed: Claimed, folder: Path) -> Path:
    source = folder / "given"
    with store.open_kept(claimed.sha256, store.GIVEN) as kept, source.open("wb") as file:
        shutil.copyfileobj(kept, file, 1 << 20)
    try:
        answer = apart.ask("unpack", folder)
    except apart.NoAnswer:
        raise _NotUnpacked from None
    if "refused" in answer:
        raise _NotUnpacked
    return folder / "parts"


def settle(outcomes: Sequence[Outcome]) -> None:
    """Writes down what came of files, where the claim still holds: who lost one judged what another has."""
    _write_down([each for each in outcomes if each.state not in {None, State.INFECTED}])
    for each in outcomes:
        if each.state is None:
            _postpone(each)
        elif each.state == State.INFECTED:
            _block(each)


def _write_down(outcomes: Sequence[Outcome]) -> int:
    if not outcomes:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            _SETTLE,
            {
                "ids": [each.claimed.id for each in outcomes],
                "attempts": [each.claimed.attempts for each in outcomes],
                "before": [each.claimed.state for each in outcomes],
                "states": [str(each.state) for each in outcomes],
                "reasons": [each.reason for each in outcomes],
                "versions": [each.version for each in outcomes],
            },
        )
        return int(cursor.rowcount)


def _block(outcome: Outcome) -> None:
    with transaction.atomic():
        _make_durable()
        if not _write_down([outcome]):
            return
        tell_blocked(StoredFile.objects.get(pk=outcome.claimed.id))
    # After the commit: from then on nobody opens it, wherever its bytes are.
    store.block(outcome.claimed.sha256)


def _make_durable() -> None:
    """Who scans much does not wait for the disk: what a crash forgets is scanned again. Not so this."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit TO on")


def _postpone(outcome: Outcome) -> None:
    """Later and later, and never passed. What was clean stays so until the scanner says otherwise."""
    claimed = outcome.claimed
    reason = outcome.reason if claimed.state == State.PENDING else ""
    _held(claimed).update(due_at=_later(claimed.attempts), reason=reason)


def _held(claimed: Claimed) -> QuerySet[StoredFile]:
    return StoredFile.objects.filter(pk=claimed.id, state=claimed.state, attempts=claimed.attempts)


def _later(attempts: int) -> datetime:
    seconds = min(5 * 2 ** min(attempts - 1, 10), 600)
    return timezone.now() + timedelta(seconds=seconds)
