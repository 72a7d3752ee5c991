"""Marking while an operator merges: nobody becomes a prospect under a number that leads elsewhere."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.db import connection

from overture.prospects.mark_many import mark_many
from overture.prospects.models import Prospect
from tests.marketplace import directory
from tests.world import World

_WAITING = (
    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
)


@pytest.mark.django_db(transaction=True)
def test_a_mark_waits_for_the_merge_and_follows_it(
    live: World, other: psycopg.Connection[tuple[object, ...]]
) -> None:
    old, new = directory.make(2)
    other.execute("SELECT FROM overture_partner WHERE id IN (%s, %s) FOR UPDATE", [old.pk, new.pk])

    def mark() -> int:
        try:
            return mark_many(live.nora, [old.pk]).new
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as threads:
        marking = threads.submit(mark)
        _until_it_waits()
        other.execute(
            "UPDATE overture_partner SET standing = 'merged', merged_into_id = %s WHERE id = %s",
            [new.pk, old.pk],
        )
        other.commit()
        assert marking.result(timeout=30) == 1
    assert list(Prospect.objects.values_list("partner_id", flat=True)) == [new.pk]


def _until_it_waits() -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        with connection.cursor() as cursor:
            cursor.execute(_WAITING)
            if cursor.fetchone() == (1,):
                return
        time.sleep(0.02)
    raise AssertionError("the mark did not wait")
