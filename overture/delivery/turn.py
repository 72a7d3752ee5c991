"""How long a mailbox may keep its place in a worker: a slow server must not keep others from theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread
from time import monotonic

from django.db import connection

from overture.delivery.ledger_line import GONE

# Seconds; the short turn is for when others wait.
TURN, SHORT_TURN = 60.0, 3.0

# Due, without a place, and nobody else sends for it: who does holds the mailbox's lock.
_WAITING = """
    SELECT j.id FROM procrastinate_jobs j
    WHERE j.queue_name = 'sending' AND j.status = 'todo'
      AND (j.scheduled_at IS NULL OR j.scheduled_at <= clock_timestamp())
      AND NOT EXISTS (SELECT FROM pg_locks l
          WHERE l.locktype = 'advisory' AND l.classid = %s AND l.granted
            AND l.objid = ((j.args ->> 'mailbox_id')::bigint %% 2147483648)::oid)
"""


@contextmanager
def turn(lock: int) -> Iterator[Callable[[], bool]]:
    """Tells whether it is over; asking costs nothing, for a thread looks whether others wait.

    `lock`: the class of the advisory locks of mailboxes that are being sent from.
    """
    end, do_others_wait, has_ended = monotonic() + TURN, Event(), Event()

    def look() -> None:
        while not has_ended.wait(SHORT_TURN) and not do_others_wait.is_set():
            with suppress(*GONE):
                # Who has just come may be about to find a place.
                if (before := _waiting(lock)) and not has_ended.wait(1) and before & _waiting(lock):
                    do_others_wait.set()
            connection.close()

    Thread(target=look, name="turn", daemon=True).start()
    try:
        yield lambda: do_others_wait.is_set() or monotonic() > end
    finally:
        has_ended.set()


def _waiting(lock: int) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, [lock])
        return {row[0] for row in cursor.fetchall()}
