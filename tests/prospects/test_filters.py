"""Which prospects match: words, menus, lists, and only of one's own workspace."""

from __future__ import annotations

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from overture.prospects.filters import NOBODY, Filter, FilterError, matching
from overture.prospects.models import Prospect, Stage
from tests import factories
from tests.world import World


def names(world: World, origin: str = "prospects", **wanted: object) -> list[str]:
    rows = matching(world.camille, Filter.parse(wanted), origin).order_by("plain_name", "id")
    return [row.name for row in rows]


@pytest.fixture
def cast(world: World) -> dict[str, Prospect]:
    me = world.camille
    return {
        "elan": factories.prospect(
            me,
            "Élan Côté",
            "zoe.martin@elan.example",
            country="FR",
            category="Sport",
            owner=world.nora,
            website="https://elan.example",
        ),
        "wolf": factories.prospect(me, "Wolf 100%_Wool", country="DE", category="Sport", kind="creator"),
        "bear": factories.prospect(me, "Bear", country="GB", category="Pets", stage=Stage.JOINED),
        "away": factories.prospect(me, "Away", archived_at="2026-01-01T00:00Z"),
        "foreign": factories.prospect(world.stranger, "Élan of others"),
    }


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("elan", ["Élan Côté"]),
        ("COTE elan", ["Élan Côté"]),
        ("zoe.martin@elan", ["Élan Côté"]),
        ("elan wolf", []),
        ("100%", ["Wolf 100%_Wool"]),
        ("%_wo", ["Wolf 100%_Wool"]),
        ("a%r", []),
        ("b_ar", []),
        ("％", ["Wolf 100%_Wool"]),
        ("b\\ear", []),
        ("", ["Bear", "Élan Côté", "Wolf 100%_Wool"]),
    ],
)
def test_words_are_found_whatever_their_case_and_accents(
    world: World, cast: dict[str, Prospect], q: str, found: list[str]
) -> None:
    assert names(world, q=q) == found


def test_menus_narrow_each_other(world: World, cast: dict[str, Prospect]) -> None:
    winter = factories.group(world.camille, "Winter", cast["elan"], cast["wolf"])
    assert names(world, category=["Sport"]) == ["Élan Côté", "Wolf 100%_Wool"]
    assert names(world, category=["Sport", "Pets"], country="fr") == ["Élan Côté"]
    assert names(world, group=[winter.pk], kind="creator") == ["Wolf 100%_Wool"]
    assert names(world, owner=world.nora.pk) == ["Élan Côté"]
    assert names(world, owner=[NOBODY]) == ["Bear", "Wolf 100%_Wool"]
    assert names(world, stage=["joined", "outreach"]) == ["Bear"]


def test_lists_hold_archived_ones_and_partners_apart(world: World, cast: dict[str, Prospect]) -> None:
    assert names(world, archived=True) == ["Away"]
    assert names(world, origin="partners") == ["Bear"]
    assert names(world, origin="partners", stage="new") == []


def test_account_addresses_are_not_searched_before_they_may_be_shown(world: World) -> None:
    listed = factories.partner(name="Listed")
    factories.contact(listed, "hidden@listed.example", first_name="Mia")
    row = factories.prospect(world.camille, "Listed", partner=listed)
    assert names(world, q="mia") == ["Listed"]
    assert names(world, q="hidden@listed.example") == []
    Prospect.objects.filter(pk=row.pk).update(stage="joined")
    from overture.prospects.search import refresh

    assert refresh([row.pk]) == 1
    assert names(world, q="hidden@listed.example") == ["Listed"]
    assert refresh([row.pk]) == 0


def test_custom_contacts_of_others_are_not_searched(world: World) -> None:
    listed = factories.partner(name="Listed")
    factories.contact(listed, "secret@brand.example", world.stranger, last_name="Unseen")
    factories.prospect(world.camille, "Listed", partner=listed)
    assert names(world, q="unseen") == names(world, q="secret") == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("stage", "gone"), ("kind", "both"), ("group", "x"), ("group", True), ("owner", "9" * 20),
        ("q", "a" * 201), ("q", "a\0b"), ("q", 7), ("archived", "maybe"), ("country", 7), ("stages", "new"),
        ("group", -1), ("group", "²"), ("category", "a\0b"), ("owner", 1.5), ("group", [[1]]),
    ],
)  # fmt: skip
def test_nonsense_is_refused_by_name(field: str, value: object) -> None:
    with pytest.raises(FilterError) as caught:
        Filter.parse({field: value})
    assert caught.value.field == field


def test_other_parameters_of_a_url_are_passed_over() -> None:
    asked = QueryDict("q=a&stage=new&stage=outreach&sort=name&selection=7&archived=1&group=&country=fr")
    wanted = Filter.parse(asked)
    assert wanted == Filter(q="a", stage=("new", "outreach"), country=("FR",), archived=True)
    assert wanted.as_query() == "q=a&stage=new&stage=outreach&country=FR&archived=1"


@given(
    st.builds(
        Filter,
        q=st.text(st.characters(exclude_characters="\0"), max_size=50).map(
            lambda text: " ".join(text.split())
        ),
        stage=st.lists(st.sampled_from(Stage.values), unique=True).map(tuple),
        group=st.lists(st.integers(1, 2**63 - 1), unique=True).map(tuple),
        category=st.lists(
            st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1),
            unique=True,
        ).map(tuple),
        archived=st.booleans(),
    ).filter(lambda each: "\ud800" not in each.q)
)
def test_a_filter_survives_json_and_url(wanted: Filter) -> None:
    assert Filter.parse(wanted.as_dict()) == wanted
    try:
        query = wanted.as_query()
    except UnicodeEncodeError:
        return
    assert Filter.parse(QueryDict(query)) == wanted


def test_options_of_one_menu_equal_those_of_all(world: World) -> None:
    from overture.prospects.facets import facets, options

    row = factories.prospect(world.nora, "One", country="FR", category="Home", owner=world.nora)
    factories.group(world.nora, "Winter", row)
    whole = facets(world.nora, Filter(stage=("new",)))
    menus = {
        "stage": whole.stages,
        "group": whole.groups,
        "country": whole.countries,
        "category": whole.categories,
        "kind": whole.kinds,
        "owner": whole.owners,
    }
    assert {name: options(world.nora, Filter(stage=("new",)), name) for name in menus} == menus
