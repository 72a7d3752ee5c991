"""Choosing tiles over pages: what is chosen, whose it is, and when it is forgotten."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from overture.accounts.models import Membership
from overture.directory.models import Partner, Standing
from overture.marketplace import chosen_tiles as verbs
from overture.marketplace.chosen_tiles import ChoiceError
from overture.marketplace.forget_tiles import forget_tiles
from overture.marketplace.models import TileSelection, TileSelectionRow
from overture.marketplace.query import Search
from tests import factories
from tests.world import World

Index = Callable[[], Path]


def chosen(member: Membership, selection: TileSelection) -> list[int]:
    return sorted(verbs.chosen(member, selection).values_list("pk", flat=True))


def test_tiles_are_chosen_dropped_and_cleared(world: World) -> None:
    one, two, three = factories.partners(3)
    mine = verbs.start(world.victor, "partner")
    other = verbs.start(world.nora, "partner")
    verbs.choose(world.victor, mine, [one, two, two])
    verbs.choose(world.victor, mine, [two, three])
    assert (chosen(world.victor, mine), verbs.count(world.victor, mine)) == ([one, two, three], 3)
    verbs.drop(world.victor, mine, [two])
    assert verbs.on_page(world.victor, mine, [one, two]) == frozenset({one})
    assert verbs.on_page(world.victor, None, [one]) == frozenset()
    verbs.clear(world.victor, mine)
    assert (chosen(world.victor, mine), chosen(world.nora, other)) == ([], [])


def test_only_who_is_listed_in_this_marketplace_is_chosen(world: World) -> None:
    creator = factories.partner(kind="creator").pk
    away = [factories.partner(world.nora).pk, factories.partner(world.stranger).pk, 2**62]
    partner = factories.partner()
    mine = verbs.start(world.nora, "partner")
    verbs.choose(world.nora, mine, [creator, *away, partner.pk])
    assert chosen(world.nora, mine) == [partner.pk]
    Partner.objects.filter(pk=partner.pk).update(standing=Standing.SUSPENDED)
    assert (chosen(world.nora, mine), verbs.count(world.nora, mine)) == ([], 0)


def test_a_selection_is_found_by_its_member_alone(world: World) -> None:
    mine = verbs.start(world.nora, "partner")
    assert verbs.find(world.nora, str(mine.pk), "partner") == mine
    assert verbs.find(world.nora, mine.pk) == mine
    for member, number, kind in [
        (world.camille, mine.pk, "partner"),
        (world.stranger, mine.pk, "partner"),
        (world.nora, mine.pk, "creator"),
        (world.nora, "x", "partner"),
        (world.nora, "9" * 30, "partner"),
        (world.nora, None, "partner"),
    ]:
        assert verbs.find(member, number, kind) is None


def test_no_more_are_chosen_than_are_acted_on(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verbs, "MOST", 3)
    numbers = factories.partners(4)
    mine = verbs.start(world.nora, "partner")
    verbs.choose(world.nora, mine, numbers[:3])
    with pytest.raises(ChoiceError) as caught:
        verbs.choose(world.nora, mine, numbers)
    assert caught.value.code == "too_many"
    assert chosen(world.nora, mine) == numbers[:3]


def test_choosing_many_takes_as_many_queries_as_one(world: World) -> None:
    mine, numbers = verbs.start(world.nora, "partner"), factories.partners(30)
    with CaptureQueriesContext(connection) as few:
        verbs.choose(world.nora, mine, numbers[:1])
    with CaptureQueriesContext(connection) as many:
        verbs.choose(world.nora, mine, numbers)
    assert len(many) == len(few)


def test_everything_that_matches_is_chosen_over_its_pages(
    world: World, indexed: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    gardens = [factories.partner(name=f"Garden {number}", category="Gardens").pk for number in range(7)]
    other = factories.partner(category="Travel").pk
    indexed()
    # Taken down since, which the index does not know yet.
    Partner.objects.filter(pk=gardens[0]).update(standing=Standing.SUSPENDED)
    mine = verbs.start(world.nora, "partner")
    verbs.choose(world.nora, mine, [other])
    monkeypatch.setattr(verbs, "_STEP", 3)
    assert verbs.choose_all(world.nora, mine, Search(category=("Gardens",))) == 6
    assert chosen(world.nora, mine) == gardens[1:]
    assert mine.rows.count() == 6
    monkeypatch.setattr(verbs, "MOST", 4)
    assert verbs.choose_all(world.nora, mine, Search()) == 4


def test_untouched_selections_are_forgotten(world: World) -> None:
    old, fresh = verbs.start(world.nora, "partner"), verbs.start(world.nora, "partner")
    numbers = factories.partners(2)
    for each in (old, fresh):
        verbs.choose(world.nora, each, numbers)
    TileSelection.objects.filter(pk=old.pk).update(touched_at=timezone.now() - timedelta(days=31))
    assert forget_tiles() == 1
    assert list(TileSelection.objects.all()) == [fresh]
    assert TileSelectionRow.objects.count() == 2
