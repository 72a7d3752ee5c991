"""The counts beside the navigation are right after every change, and cost nothing where nothing changed."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from overture.prospects import totals as counting
from overture.prospects.archive import archive, restore
from overture.prospects.models import Prospect
from overture.prospects.stage import move
from overture.prospects.totals import totals
from tests import factories
from tests.world import World


def told(member: Any) -> tuple[int, int]:
    found = totals(member)
    return found.prospects, found.partners


@pytest.mark.django_db(transaction=True)
def test_totals_follow_every_change(live: World) -> None:
    rows = Prospect.objects.visible_to(live.nora)
    assert told(live.nora) == (0, 0)
    first = factories.prospect(live.nora)
    factories.prospect(live.nora)
    factories.prospect(live.stranger)
    assert told(live.nora) == (2, 0)
    move(live.nora, rows.filter(pk=first.pk), "joined")
    assert told(live.nora) == (2, 1)
    archive(live.nora, rows.filter(pk=first.pk))
    assert told(live.nora) == (1, 0)
    restore(live.nora, rows.filter(pk=first.pk))
    assert told(live.nora) == (2, 1)
    assert told(live.stranger) == (1, 0)


@pytest.mark.django_db(transaction=True)
def test_nothing_is_counted_where_nothing_changed(live: World, monkeypatch: pytest.MonkeyPatch) -> None:
    made = factories.prospect(live.nora)
    told(live.nora)
    # Transactions of other databases of the cluster may make the first look count once more.
    monkeypatch.setitem(counting._kept, live.brand.pk, _as_if_all_had_ended(live))
    with CaptureQueriesContext(connection) as queries:
        assert told(live.nora) == (1, 0)
    assert len(queries) == 1
    made.delete()
    assert told(live.nora) == (1, 0)
    monkeypatch.setattr(counting, "_LONGEST", 0)
    assert told(live.nora) == (0, 0)


def _as_if_all_had_ended(world: World) -> counting._Counted:
    kept = counting._kept[world.brand.pk]
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(changed_xid) + 1 FROM overture_prospect")
        return counting._Counted(kept.totals, cursor.fetchone()[0], kept.at)
