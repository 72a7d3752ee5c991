"""Notices a database that was put back to an earlier moment: what left since, it would send once more.

In `claims/` of the data folder, outside the database, stand which database it was, and for each sending
address the number of its last claim, written after that claim has committed. A database that knows less, or
is another one, pauses every mailing: whoever resumes them has looked at what left.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import get_native_id
from time import monotonic, sleep

from django.conf import settings
from django.db import connection

from overture.lib.steps import Steps

# Seconds. A note is written within a millisecond; a lease is 60 long.
PATIENCE = 2.0

_IDENTITY = """SELECT s.system_identifier || '-' || c.timeline_id || '-' || d.oid
    FROM pg_control_system() s, pg_control_checkpoint() c, pg_database d
    WHERE d.datname = current_database()"""

_PAUSE = """
    WITH paused AS (
        UPDATE overture_mailing SET state = 'paused', reason = 'restored', reason_words = '',
            reason_facts = '{}', updated_at = now()
        WHERE state IN ('sending', 'scheduled') RETURNING id, workspace_id
    )
    INSERT INTO overture_activity (workspace_id, verb, mailing_id, facts, at)
    SELECT workspace_id, 'mailing_stopped', id, '{"reason": "restored"}', now() FROM paused
"""


class Restored(Exception):
    """The database knows fewer claims than this host."""


def check() -> bool:
    """Whether this is the database we know, as late as we know it. If not, every mailing is paused."""
    identity = _identity()
    kept = _read("database")
    numbers = _kept_numbers()
    is_known = kept in ("", identity) and not _forgotten(numbers)
    if not is_known:
        _pause_everything()
    if kept != identity or not is_known:
        _start_anew(identity)
    return is_known


def last_claim(address_key: str) -> int:
    """The number of the last claim that this host knows to be committed; ask before claiming."""
    return int(_read(f"{address_key}.claim") or 0)


def count_claim(address_key: str, known: int) -> Steps[int]:
    """Numbers a claim in its transaction. Raises Restored when the database had forgotten `known`."""
    ((number,),) = yield (
        "UPDATE overture_sendingaddress SET claims = claims + 1 WHERE address_key = %s RETURNING claims",
        [address_key],
    )
    if number <= known:
        raise Restored
    return int(number)


def note_claim(address_key: str, number: int, *, waits: bool = True) -> None:
    """The claim has committed. Raises OSError when that cannot be kept: then nothing of it may leave.

    Without `waits`: BlockingIOError where another process notes one at the moment.
    """
    with _alone(waits=waits):
        if number > last_claim(address_key):
            _write(f"{address_key}.claim", str(number))


def _identity() -> str:
    with connection.cursor() as cursor:
        cursor.execute(_IDENTITY)
        return str(cursor.fetchone()[0])


def _forgotten(numbers: dict[str, int]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT address_key, claims FROM overture_sendingaddress WHERE address_key = ANY(%s)",
            [list(numbers)],
        )
        known = dict(cursor.fetchall())
    return [key for key, number in numbers.items() if known.get(key, 0) < number]


def _pause_everything() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_PAUSE)


def _start_anew(identity: str) -> None:
    with _alone():
        for path in _folder().glob("*.claim"):
            path.unlink(missing_ok=True)
        _write("database", identity)


def _kept_numbers() -> dict[str, int]:
    return {path.stem: last_claim(path.stem) for path in _folder().glob("*.claim")}


def _folder() -> Path:
    return Path(settings.OVERTURE_DATA) / "claims"


def _read(name: str) -> str:
    try:
        return (_folder() / name).read_text()
    except FileNotFoundError:
        return ""


def _write(name: str, text: str) -> None:
    # Whole or not at all, whoever is killed. Not waited for: after a power cut it may lag behind, by seconds.
    # By a name of our own: who was stopped while writing goes on with his file, and not with ours.
    part = _folder() / f"{name}.{os.getpid()}-{get_native_id()}.part"
    part.write_text(text)
    part.replace(_folder() / name)


@contextmanager
def _alone(*, waits: bool = True) -> Iterator[None]:
    """Raises BlockingIOError without `waits`, where another has the lock."""
    _folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = _held(waits=waits)
    try:
        yield
    finally:
        os.close(lock)


def _held(*, waits: bool) -> int:
    """A holder that keeps it for longer than PATIENCE was stopped: the lock is another file from then on, so
    that nobody waits for it twice. Once awake, that holder may write an older number over ours, until the
    next claim."""
    waited_for, end = 0, 0.0
    while True:
        lock = os.open(_lock(), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            if _takes(lock):
                return lock
            if not waits:
                raise BlockingIOError("another process notes a claim")
            file = os.fstat(lock).st_ino
            if file != waited_for:
                waited_for, end = file, monotonic() + PATIENCE
            elif monotonic() > end:
                _lock().unlink(missing_ok=True)
        except BaseException:
            os.close(lock)
            raise
        os.close(lock)
        sleep(0.01)


def _takes(lock: int) -> bool:
    """Whether it is ours now, and still the file by that name."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return os.path.samestat(os.fstat(lock), _lock().stat())
    except (BlockingIOError, FileNotFoundError):
        return False


def _lock() -> Path:
    return _folder() / "lock"
