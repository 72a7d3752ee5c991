"""Discover > Prospects: the list, its words, filters, orders and pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from overture.prospects.models import Stage
from tests import factories
from tests.web.asking import link_in, names_in, query_of, summary_in
from tests.world import World

LIST = "/w/halden/prospects"
SignIn = Callable[..., Client]


def test_prospects_lists_those_of_the_workspace_latest_first(world: World, as_member: SignIn) -> None:
    factories.prospect(world.nora, "Nordlys Deals")
    factories.prospect(world.nora, "Hus & Hav")
    factories.prospect(world.stranger, "Of another brand")
    answer = as_member(world.nora).get(LIST)
    assert (answer.status_code, names_in(answer)) == (200, ["Hus & Hav", "Nordlys Deals"])


def test_prospects_finds_name_contact_and_address_without_accents_or_case(
    world: World, as_member: SignIn
) -> None:
    found = factories.prospect(world.nora, "Épicerie Fine", "Élise@epicerie.example")
    factories.contact(found.partner, "b@epicerie.example", world.nora, first_name="Zoé", last_name="Brûlé")
    factories.prospect(world.nora, "Hus & Hav")
    from overture.prospects.search import refresh

    refresh([found.pk])
    client = as_member(world.nora)
    assert [names_in(client.get(LIST, {"q": q})) for q in ("EPICERIE", "brule zoe", "elise@", "nobody")] == [
        ["Épicerie Fine"],
        ["Épicerie Fine"],
        ["Épicerie Fine"],
        [],
    ]


def test_prospects_filters_by_several_values_of_each_menu(world: World, as_member: SignIn) -> None:
    one = factories.prospect(world.nora, "One", stage=Stage.NEW, country="FR", owner=world.nora)
    factories.prospect(world.nora, "Two", stage=Stage.OUTREACH, country="DE", kind="creator")
    factories.prospect(world.nora, "Three", stage=Stage.JOINED, country="FR", category="Home")
    group = factories.group(world.nora, "Winter", one)
    client = as_member(world.nora)

    def names(**query: Any) -> list[str]:
        return sorted(names_in(client.get(LIST, query)))

    assert names(stage=["new", "joined"]) == ["One", "Three"]
    assert names(country="FR", stage="joined") == ["Three"]
    assert names(group=group.pk) == ["One"]
    assert names(kind="creator") == ["Two"]
    assert names(category="Home") == ["Three"]
    assert names(owner=world.nora.pk) == ["One"]
    assert names(owner=0) == ["Three", "Two"]


def test_prospects_filter_menu_counts_each_choice_and_keeps_the_rest(world: World, as_member: SignIn) -> None:
    factories.prospect(world.nora, "One", stage=Stage.NEW, country="FR")
    factories.prospect(world.nora, "Two", stage=Stage.OUTREACH, country="FR")
    factories.prospect(world.nora, "Three", stage=Stage.OUTREACH, country="DE")
    answer = as_member(world.nora).get(f"{LIST}/filters", {"menu": "stage", "country": "FR", "stage": "new"})
    counts = [(option.value, option.count, option.is_chosen) for option in answer.context["options"]]
    assert counts[:3] == [("new", 1, True), ("outreach", 1, False), ("negotiating", 0, False)]
    assert answer.context["kept"] == [("country", "FR")]


def test_prospects_filter_menu_of_no_filter_is_not_found(world: World, as_member: SignIn) -> None:
    assert as_member(world.nora).get(f"{LIST}/filters", {"menu": "password"}).status_code == 404


def test_prospects_with_a_filter_that_means_nothing_begins_anew_and_says_so(
    world: World, as_member: SignIn
) -> None:
    answer = as_member(world.nora).get(LIST, {"stage": "nonsense"}, follow=True)
    assert answer.redirect_chain == [(LIST, 302)]
    assert [str(message) for message in answer.context["messages"]] == [
        "The address held a filter that means nothing. The list begins anew."
    ]


def test_prospects_pages_go_first_previous_next_last(world: World, as_member: SignIn) -> None:
    for number in range(120):
        factories.prospect(world.nora, f"Prospect {number:03}")
    client = as_member(world.nora)
    first = client.get(LIST, {"sort": "name"})
    second = client.get(link_in(first, "Next page"))
    last = client.get(link_in(first, "Last page"))
    back = client.get(link_in(second, "Previous page"))
    assert [summary_in(page) for page in (first, second, last, back)] == [
        "1–50 of 120",
        "51–100 of 120",
        "71–120 of 120",
        "1–50 of 120",
    ]
    assert names_in(second) == [f"Prospect {number:03}" for number in range(50, 100)]
    assert names_in(last) == [f"Prospect {number:03}" for number in range(70, 120)]
    assert names_in(back) == names_in(first)
    assert query_of(link_in(second, "First page")) == {"sort": ["name"]}


def test_prospects_with_a_broken_cursor_shows_the_first_page(world: World, as_member: SignIn) -> None:
    factories.prospect(world.nora, "Hus & Hav")
    answer = as_member(world.nora).get(LIST, {"cursor": "rubbish", "stage": "new"}, follow=True)
    assert (answer.redirect_chain, names_in(answer)) == ([(f"{LIST}?stage=new", 302)], ["Hus & Hav"])


@pytest.mark.parametrize(
    ("sort", "names"),
    [("name", ["Ärla", "Bo", "Él"]), ("-name", ["Él", "Bo", "Ärla"]), ("rubbish", ["Él", "Ärla", "Bo"])],
)
def test_prospects_sorts_by_name_as_people_do(
    world: World, as_member: SignIn, sort: str, names: list[str]
) -> None:
    for name in ("Bo", "Ärla", "Él"):
        factories.prospect(world.nora, name)
    assert names_in(as_member(world.nora).get(LIST, {"sort": sort})) == names


def test_prospects_takes_as_many_queries_for_three_rows_as_for_one(world: World, as_member: SignIn) -> None:
    client = as_member(world.nora)
    client.get(LIST)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as told:
            client.get(LIST)
        return len(told)

    factories.prospect(world.nora, "One", "one@one.example", owner=world.nora)
    alone = queries()
    for name in ("Two", "Three"):
        made = factories.prospect(world.nora, name, f"x@{name}.example".lower(), owner=world.camille)
        factories.group(world.nora, f"Group of {name}", made)
    assert queries() == alone


def test_prospects_for_htmx_is_the_fragment_and_its_address(world: World, as_member: SignIn) -> None:
    factories.prospect(world.nora, "Hus & Hav")
    answer = as_member(world.nora).get(LIST, {"q": "hus", "stage": ""}, headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert (names_in(answer), "<html" in text) == (["Hus & Hav"], False)
    assert answer.headers["HX-Push-Url"] == f"{LIST}?q=hus"
    assert "HX-Request" in answer.headers["Vary"]


def test_prospects_says_how_to_begin_and_how_to_clear(world: World, as_member: SignIn) -> None:
    client = as_member(world.nora)
    assert "No prospects yet" in client.get(LIST).content.decode()
    factories.prospect(world.nora, "Hus & Hav")
    assert "Nothing matches" in client.get(LIST, {"q": "zzz"}).content.decode()


def test_prospects_offers_a_viewer_nothing_to_change(world: World, as_member: SignIn) -> None:
    factories.prospect(world.nora, "Hus & Hav")
    text = as_member(world.victor).get(LIST).content.decode()
    assert [
        word
        for word in ("Add prospect", "Archive</button>", "Import</a>", "Export</a>", "Set stage")
        if word in text
    ] == []


def test_prospects_obfuscates_the_address_of_an_account(world: World, as_member: SignIn) -> None:
    listed = factories.prospect(world.nora, "Listed", partner=factories.partner(name="Listed"))
    factories.contact(listed.partner, "secret@listed.example")
    text = as_member(world.nora).get(f"{LIST}/{listed.pk}").content.decode()
    assert ("secret@listed.example" in text, "s•••@listed.example" in text) == (False, True)
