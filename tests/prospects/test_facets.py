"""Filter menus: what each offers, and the counts beside it."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from overture.prospects.facets import Option, facets
from overture.prospects.filters import NOBODY, Filter
from tests import factories
from tests.world import World


def test_menus_offer_what_is_there_with_counts(world: World) -> None:
    a = factories.prospect(world.camille, "A", country="FR", category="Sport", owner=world.camille)
    b = factories.prospect(world.camille, "B", country="DE", category="Sport", kind="creator")
    factories.prospect(world.camille, "C", stage="joined")
    factories.prospect(world.stranger, "X", country="IT", category="Pets")
    winter = factories.group(world.camille, "Winter", a, b)
    empty = factories.group(world.camille, "Autumn")
    factories.group(world.stranger, "Foreign")
    with translation.override("fr"):
        found = facets(world.camille, Filter(country=("FR",)))
    assert found.groups == [Option(empty.pk, "Autumn", 0, False), Option(winter.pk, "Winter", 1, False)]
    assert found.countries == [Option("DE", "Allemagne", 1, False), Option("FR", "France", 1, True)]
    assert found.categories == [Option("Sport", "Sport", 1, False)]
    assert [(option.value, option.count) for option in found.kinds] == [("partner", 1), ("creator", 0)]
    assert [(option.value, option.count) for option in found.stages][:4] == [
        ("new", 1), ("outreach", 0), ("negotiating", 0), ("joined", 0),
    ]  # fmt: skip
    assert {option.label: option.count for option in found.owners} == {
        "": 0, "Camille Dupré": 1, "Nora Lindqvist": 0, "Victor Hale": 0,
    }  # fmt: skip
    everybody = facets(world.camille, Filter())
    assert next(option.count for option in everybody.owners if option.value == NOBODY) == 2
    assert [option.count for option in facets(world.camille, Filter(), "partners").stages][:4] == [0, 0, 0, 1]


def test_menus_take_as_many_queries_whatever_the_number(world: World) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            facets(world.camille, Filter())
        return len(caught)

    factories.group(world.camille, "One", factories.prospect(world.camille, country="FR", category="A"))
    assert queries() == 8
    for number in range(3):
        row = factories.prospect(world.camille, country="DE", category=f"B{number}")
        factories.group(world.camille, f"G{number}", row)
    assert queries() == 8
