"""Choosing over pages, sorts and filters; everything that matches; nobody else's."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from overture.prospects import selection
from overture.prospects.filters import Filter
from overture.prospects.models import Prospect
from tests import factories
from tests.world import World


@pytest.fixture
def five(world: World) -> list[Prospect]:
    return [factories.prospect(world.camille, f"P{n}", country="FR" if n < 3 else "DE") for n in range(5)]


def chosen(world: World, kept: selection.Selection) -> list[str]:
    return sorted(selection.chosen(world.camille, kept).values_list("name", flat=True))


def test_chosen_ones_stay_over_filters_and_foreign_ones_are_passed_over(
    world: World, five: list[Prospect]
) -> None:
    foreign = factories.prospect(world.stranger)
    kept = selection.start(world.camille)
    selection.choose(world.camille, kept, [five[0].pk, five[4].pk, foreign.pk, 999_999_999])
    selection.choose(world.camille, kept, [five[4].pk, five[3].pk])
    selection.drop(world.camille, kept, [five[3].pk])
    assert chosen(world, kept) == ["P0", "P4"]
    assert selection.not_shown(world.camille, kept, Filter(country=("FR",))) == 1
    assert selection.not_shown(world.camille, kept, Filter()) == 0
    assert selection.narrow(world.camille, kept, Filter(country=("FR",))) == kept


def test_everything_that_matches_but_a_few(world: World, five: list[Prospect]) -> None:
    kept, wanted = selection.start(world.camille), Filter(country=("FR",))
    selection.choose(world.camille, kept, [five[4].pk])
    selection.choose_all(world.camille, kept, wanted)
    assert chosen(world, kept) == ["P0", "P1", "P2"]
    selection.drop(world.camille, kept, [five[1].pk])
    factories.prospect(world.camille, "P9", country="FR")
    assert chosen(world, kept) == ["P0", "P2", "P9"]
    selection.choose(world.camille, kept, [five[1].pk])
    assert selection.count(world.camille, kept) == 4


def test_everything_that_matches_ends_with_another_filter_and_comes_back(
    world: World, five: list[Prospect]
) -> None:
    kept, wanted = selection.start(world.camille), Filter(country=("FR",))
    selection.choose_all(world.camille, kept, wanted)
    selection.drop(world.camille, kept, [five[0].pk])
    assert selection.narrow(world.camille, kept, wanted) == kept
    after = selection.narrow(world.camille, kept, Filter(q="P"))
    assert (after.pk != kept.pk, chosen(world, after)) == (True, [])
    back = selection.find(world.camille, kept.pk)
    assert back is not None
    assert (chosen(world, back), selection.filter_of(back)) == (["P1", "P2"], wanted)


def test_the_head_knows_none_some_and_all_of_the_page(world: World, five: list[Prospect]) -> None:
    kept, page = selection.start(world.camille), [row.pk for row in five]
    assert selection.page_state(world.camille, None, page) == selection.PageState("none", frozenset())
    assert selection.page_state(world.camille, kept, page).head == "none"
    selection.choose(world.camille, kept, page[:2])
    assert selection.page_state(world.camille, kept, page) == selection.PageState("some", frozenset(page[:2]))
    selection.choose(world.camille, kept, page)
    assert selection.page_state(world.camille, kept, page).head == "all"
    selection.clear(kept)
    assert selection.count(world.camille, kept) == 0


def test_a_link_of_a_colleague_or_stranger_chooses_nothing(world: World) -> None:
    kept = selection.start(world.camille)
    assert selection.find(world.camille, str(kept.pk)) == kept
    assert selection.find(world.camille, kept.pk, "partners") is None
    assert selection.find(world.nora, kept.pk) is None
    assert selection.find(world.stranger, kept.pk) is None
    for nonsense in ("", "x", "²", "-1", "9" * 30, None):
        assert selection.find(world.camille, nonsense) is None


def test_choosing_everything_asks_as_many_questions_whatever_the_number(
    world: World, five: list[Prospect]
) -> None:
    kept = selection.start(world.camille)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            selection.choose_all(world.camille, kept, Filter())
            selection.count(world.camille, kept)
        return len(caught)

    before = queries()
    for _ in range(3):
        factories.prospect(world.camille)
    assert queries() == before
