"""Runs hot statements through indexes, whatever statistics say of tables that change by the second."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

# A plan that scans the ledger for 200 rows costs twenty times one that looks them up, and the statistics
# invite it:
# at the last ANALYZE no row was in state "sending". Both commits are waited for: they are what is promised.
_SETTINGS = """SELECT set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),
    set_config('enable_mergejoin', 'off', true), set_config('jit', 'off', true),
    set_config('synchronous_commit', 'on', true),
    set_config('idle_in_transaction_session_timeout', %s, true)"""
# Of a worker that was stopped within a transaction: its locks would hold the mailbox, and Pause, for ever.
LONGEST_IDLE = "10s"


@contextmanager
def by_index() -> Iterator[None]:
    """For the rest of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(*settings_of())
    yield


def settings_of() -> tuple[str, list[str]]:
    """The statement that has a transaction run by index, and its parameters."""
    return _SETTINGS, [LONGEST_IDLE]
