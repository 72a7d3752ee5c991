"""To whom a mailing goes, and that nobody is left out or taken in by mistake."""

from __future__ import annotations

from typing import Any

import pytest

from overture.prospects import audience, selection
from overture.prospects.audience import AudienceError
from overture.prospects.filters import Filter
from tests import factories
from tests.world import World


def names(world: World, asked: dict[str, Any]) -> list[str]:
    return sorted(audience.resolve(world.camille, asked).values_list("name", flat=True))


def test_ids_filters_and_selections_are_found(world: World) -> None:
    a, b, c = (factories.prospect(world.camille, name) for name in "ABC")
    joined = factories.prospect(world.camille, "J", stage="joined")
    factories.prospect(world.stranger, "X")
    kept = selection.start(world.nora)
    selection.choose(world.nora, kept, [b.pk])
    assert names(world, {"prospects": [a.pk, c.pk, a.pk]}) == ["A", "C"]
    assert names(world, {"prospects": []}) == []
    assert names(world, {"filter": {}}) == ["A", "B", "C", "J"]
    assert names(world, {"filter": {}, "exclude": [a.pk, joined.pk]}) == ["B", "C"]
    assert names(world, {"filter": {}, "from": "partners"}) == ["J"]
    assert names(world, {"selection": kept.pk}) == ["B"]
    assert audience.origin_of(world.camille, {"selection": kept.pk}) == "prospects"
    assert audience.origin_of(world.camille, {"filter": {}, "from": "partners"}) == "partners"


def test_a_selection_of_everything_follows_what_matches(world: World) -> None:
    kept = selection.start(world.camille)
    selection.choose_all(world.camille, kept, Filter(country=("FR",)))
    factories.prospect(world.camille, "A", country="FR")
    assert names(world, {"selection": kept.pk}) == ["A"]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({}, "bad_shape"),
        ({"prospects": [1], "filter": {}}, "bad_shape"),
        ([], "bad_shape"),
        ({"prospects": "1"}, "bad_ids"),
        ({"prospects": [True]}, "bad_ids"),
        ({"prospects": ["1"]}, "bad_ids"),
        ({"prospects": [0]}, "unknown_prospects"),
        ({"prospects": [2**70]}, "unknown_prospects"),
        ({"filter": {"stages": ["new"]}}, "bad_filter"),
        ({"filter": []}, "bad_filter"),
        ({"filter": {}, "from": "everywhere"}, "bad_origin"),
        ({"filter": {}, "exclude": [2**62]}, "unknown_prospects"),
        ({"selection": 2**62}, "unknown_selection"),
        ({"selection": "1"}, "unknown_selection"),
    ],
)
def test_nonsense_is_refused_with_a_code(world: World, asked: Any, code: str) -> None:
    with pytest.raises(AudienceError) as caught:
        audience.resolve(world.camille, asked)
    assert caught.value.code == code


def test_foreign_rows_are_unknown(world: World) -> None:
    mine, foreign = factories.prospect(world.camille), factories.prospect(world.stranger)
    with pytest.raises(AudienceError) as caught:
        audience.resolve(world.camille, {"prospects": [mine.pk, foreign.pk]})
    assert (caught.value.code, caught.value.facts) == ("unknown_prospects", {"ids": [foreign.pk]})
    with pytest.raises(AudienceError, match="unknown_selection"):
        audience.resolve(world.camille, {"selection": selection.start(world.stranger).pk})
