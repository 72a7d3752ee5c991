"""Who changes the directory takes turns: two at once would both find nobody, and make a partner each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.db import DatabaseError, connection

# Advisory locks: of imports, which take minutes, and of single changes, which take moments.
_IMPORT, _CHANGE = 0x1A908A, 0x1A908B


class Busy(Exception):
    """An import of the directory is at work; changes wait until it is done."""

    code = "directory_busy"


def take_turn() -> None:
    """Until the end of the transaction nobody else changes the directory. Raises Busy."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock_shared(%s)", [_IMPORT])
        if cursor.fetchone() != (True,):
            raise Busy
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CHANGE])


@contextmanager
def whole_import() -> Iterator[None]:
    """One import at a time, over all its transactions; the lock is the connection's and ends with it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_IMPORT])
    try:
        yield
    finally:
        with suppress(DatabaseError), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_IMPORT])
