"""The shelf of a workspace follows what the workspace does; requests beside each other do not meet."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from django.db import connection

from overture.directory.models import Partner
from overture.marketplace import shelf
from overture.marketplace.query import Search
from overture.marketplace.search import search
from overture.marketplace.shelf import RELATIONS, known_to
from overture.prospects.mark_many import mark_many
from overture.prospects.models import Prospect
from tests.marketplace import directory
from tests.world import World


def relation_of(world: World, partner: Partner) -> str:
    known = known_to(world.brand.pk)
    (place,) = known.places_of(np.array([partner.pk]))
    return RELATIONS[known.relations[place]] if place >= 0 else "unknown"


@pytest.fixture(autouse=True)
def _empty_shelves() -> None:
    shelf._shelves.clear()


def test_what_was_seen_stays_as_it_was_seen(world: World) -> None:
    first, second = directory.make(2)
    mark_many(world.nora, [first.pk])
    before = known_to(world.brand.pk)
    mark_many(world.nora, [second.pk])
    Prospect.objects.filter(workspace=world.brand).update(stage="joined")
    after = known_to(world.brand.pk)
    assert [RELATIONS[each] for each in before.relations] == ["prospect"]
    assert [RELATIONS[each] for each in after.relations] == ["joined", "joined"]
    assert list(before.places_of(np.array([first.pk, second.pk, 10**9]))) == [0, -1, -1]


def test_a_prospect_that_is_gone_is_found_by_counting(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    (partner,) = directory.make(1)
    mark_many(world.nora, [partner.pk])
    assert relation_of(world, partner) == "prospect"
    Prospect.objects.all().delete()
    monkeypatch.setattr(shelf, "RECOUNT", 0)
    assert relation_of(world, partner) == "none"


def test_a_partner_that_is_suspended_leaves_the_shelf(world: World) -> None:
    partner, other = directory.make(2)
    mark_many(world.nora, [partner.pk, other.pk])
    assert list(known_to(world.brand.pk).is_there) == [True, True]
    Partner.objects.filter(pk=partner.pk).update(standing="suspended")
    assert list(known_to(world.brand.pk).is_there) == [False, True]


def test_private_partners_are_not_on_the_shelf(world: World) -> None:
    mine = Partner.objects.create(name="Mine", workspace=world.brand)
    mark_many(world.nora, [mine.pk])
    assert len(known_to(world.brand.pk).is_there) == 0


@pytest.mark.django_db(transaction=True)
def test_searches_beside_each_other_while_the_shelf_grows(live: World, indexed) -> None:  # type: ignore[no-untyped-def]
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
