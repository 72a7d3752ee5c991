"""The queue: runs of deliveries that are to leave, and from when. A mailing begins as one run."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from overture.delivery.models import Queued
from overture.lib.steps import Steps

# Of a mailing m: something of it may leave now.
IS_DUE = "EXISTS (SELECT FROM overture_queued q WHERE q.mailing_id = m.id AND q.due_at <= clock_timestamp())"
_ALL = """
    INSERT INTO overture_queued (mailing_id, first, last, due_at)
    SELECT mailing_id, min(id), max(id), min(due_at) FROM overture_delivery
    WHERE mailing_id = %s AND state IN ('queued', 'deferred') GROUP BY mailing_id
"""
# Neighbours that are due at the same moment share a run.
_AGAIN = """
    INSERT INTO overture_queued (mailing_id, first, last, due_at)
    SELECT mailing_id, min(id), max(id), due_at FROM (
        SELECT d.id, d.mailing_id, d.due_at,
            d.id - row_number() OVER (PARTITION BY d.mailing_id, d.due_at ORDER BY d.id) AS run
        FROM overture_delivery d WHERE {which} AND d.state IN ('queued', 'deferred')
    ) waiting GROUP BY mailing_id, due_at, run
"""


def queue(mailing_id: int) -> None:
    """All of a mailing that may leave."""
    with connection.cursor() as cursor:
        cursor.execute(_ALL, [mailing_id])


def queue_again(ids: Sequence[int]) -> Steps[None]:
    """Those of these deliveries that wait, from when they say."""
    if ids:
        yield _AGAIN.format(which="d.id = ANY(%s)"), [list(ids)]


def empty(mailing_id: int) -> None:
    """Nothing of the mailing leaves any more."""
    Queued.objects.filter(mailing_id=mailing_id).delete()
