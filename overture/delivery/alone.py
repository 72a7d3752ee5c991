"""One worker sends for a mailbox at a time: its server would see our connections twice.

The lock goes with its holder's connection to the database. That nobody gets an e-mail twice does not rest on
it, but on leases: it may be taken from a holder that seems to be gone.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from overture.delivery.claim import lease_length
from overture.delivery.ledger_line import GONE

LOCK = 0x5E4D

_HELD = """
    l.locktype = 'advisory' AND l.classid = %(lock)s AND l.granted AND l.pid <> pg_backend_pid()
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
_TAKE = f"SELECT pg_terminate_backend(l.pid) FROM pg_locks l WHERE {_HELD} AND l.objid = %(mailbox)s"  # noqa: S608
# Whoever sends has claimed within the length of a lease; the other one is for reaching a slow server.
# OFFSET 0: leases are looked through for a lock that is in question only.
_TAKE_FROM_STOPPED = f"""
    SELECT pg_terminate_backend(l.pid) FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
    WHERE {_HELD} AND a.state = 'idle'
      AND a.state_change < clock_timestamp() - make_interval(secs => 2 * %(length)s)
      AND NOT EXISTS (SELECT FROM overture_lease e
          WHERE (e.mailbox_id %% 2147483648)::oid = l.objid AND e.until > clock_timestamp() OFFSET 0)
"""  # noqa: S608


@contextmanager
def alone(mailbox_id: int) -> Iterator[bool]:
    """Whether no other worker sends for this mailbox."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK, _object(mailbox_id)])
        is_alone = bool(cursor.fetchone()[0])
    try:
        yield is_alone
    finally:
        if is_alone:
            _let_go(mailbox_id)


def take_from_holder(mailbox_id: int) -> None:
    """For a mailbox whose holder let its leases expire: it hangs, or its host is gone. Others may send."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, {"lock": LOCK, "mailbox": _object(mailbox_id)})


def take_from_stopped() -> int:
    """From holders that stopped with nothing claimed, so that no lease of theirs expires; how many."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_FROM_STOPPED, {"lock": LOCK, "length": lease_length().total_seconds()})
        return int(cursor.rowcount)


def _let_go(mailbox_id: int) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK, _object(mailbox_id)])
    except GONE:
        connection.close()  # the lock went with the connection


def _object(mailbox_id: int) -> int:
    return mailbox_id % 2**31
