"""The shelf of a workspace follows what the workspace does; requests beside each other do not meet."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from django.db import connection
from django.utils import timezone

from overture.directory.models import Partner
from overture.marketplace import index, shelf
from overture.marketplace.bitmaps import holds
from overture.marketplace.not_interested import bring_back, dismiss
from overture.marketplace.query import Search
from overture.marketplace.search import search
from overture.marketplace.shelf import known_to
from overture.prospects.mark_many import mark_many
from overture.prospects.models import Prospect
from overture.runs.models import Run
from tests.marketplace import directory
from tests.world import World

Indexed = Callable[[], Path]


def relations(world: World, *partners: Partner) -> list[str]:
    opened = index.opened()
    known = known_to(world.brand.pk, opened)
    places = opened.tags.places_of(np.array([partner.pk for partner in partners]))
    assert list(places >= 0) == [True] * len(partners)
    told = {name: holds(bitmap, places) for name, bitmap in known.relations.items()}
    return [next(name for name, is_so in told.items() if is_so[at]) for at in range(len(partners))]


@pytest.fixture(autouse=True)
def _empty_shelves() -> None:
    shelf._shelves.clear()


def test_what_was_seen_stays_as_it_was_seen(world: World, indexed: Indexed) -> None:
    first, second = directory.make(2)
    indexed()
    mark_many(world.nora, [first.pk])
    before = known_to(world.brand.pk, index.opened())
    told = {name: bitmap.copy() for name, bitmap in before.relations.items()}
    mark_many(world.nora, [second.pk])
    Prospect.objects.filter(workspace=world.brand).update(stage="joined")
    assert relations(world, first, second) == ["joined", "joined"]
    assert [list(before.relations[name]) for name in told] == [list(bitmap) for bitmap in told.values()]


def test_prospects_of_an_undone_import_are_gone(world: World, indexed: Indexed) -> None:
    (partner,) = directory.make(1)
    indexed()
    dismiss(world.nora, [partner.pk])
    mark_many(world.nora, [partner.pk])
    assert relations(world, partner) == ["prospect"]
    Prospect.objects.all().delete()
    Run.objects.create(workspace=world.brand, kind="import", undone_at=timezone.now())
    assert relations(world, partner) == ["not_interested"]


def test_marks_come_and_go(world: World, indexed: Indexed) -> None:
    first, second = directory.make(2)
    indexed()
    dismiss(world.nora, [first.pk])
    assert relations(world, first, second) == ["not_interested", "none"]
    bring_back(world.nora, [first.pk])
    dismiss(world.nora, [second.pk])
    assert relations(world, first, second) == ["none", "not_interested"]


def test_a_workspace_knows_nothing_of_another(world: World, indexed: Indexed) -> None:
    (partner,) = directory.make(1)
    indexed()
    mark_many(world.stranger, [partner.pk])
    assert relations(world, partner) == ["none"]


def test_another_index_has_other_places(world: World, indexed: Indexed) -> None:
    first, second = directory.make(2)
    indexed()
    mark_many(world.nora, [first.pk])
    assert relations(world, first, second) == ["prospect", "none"]
    third = directory.make(1)[0]
    indexed()
    assert relations(world, first, second, third) == ["prospect", "none", "none"]


@pytest.mark.django_db(transaction=True)
def test_searches_beside_each_other_while_the_shelf_grows(live: World, indexed: Indexed) -> None:
    partners = [each for each in directory.make(120) if each.kind == "partner"]
    indexed()

    def look(number: int) -> int:
        try:
            if number % 3 == 0:
                mark_many(live.nora, [partners[number].pk, partners[number + 1].pk])
            found = search(live.nora, Search(q="lin" if number % 2 else ""), size=200)
            assert len(found.mpids) == found.total
            return found.total
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=4) as threads:
        totals = list(threads.map(look, range(60)))
    assert len(totals) == 60
    assert search(live.nora, Search(relation=("prospect",))).total == 40
