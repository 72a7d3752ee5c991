"""The search: what is found, in which order, and counts that stay right whatever else is chosen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from overture.accounts.models import Membership
from overture.conversations.models import Conversation
from overture.directory.models import Partner
from overture.marketplace import fit
from overture.marketplace.models import NotInterested, SavedPartner
from overture.marketplace.query import FILTERS, Search
from overture.marketplace.search import NotReady, new_since, search
from overture.prospects.mark import mark
from overture.prospects.models import Prospect
from tests.marketplace import directory
from tests.world import World

Made = list[Partner]


@pytest.fixture
def made(world: World, indexed: Callable[[], Path]) -> Made:
    """60 partners, 45 of them no creators; Nora knows some, but the index was made before she did."""
    partners = directory.make(60)
    indexed()
    known = [each for each in partners if each.kind == "partner"]
    for number, each in enumerate(known[:12]):
        prospect = mark(world.nora, each)
        stage = "joined" if number % 3 == 0 else "outreach"
        Prospect.objects.filter(pk=prospect.pk).update(stage=stage)
    for each in known[12:16]:
        NotInterested.objects.create(workspace=world.brand, partner=each, member=world.nora)
    for each in [*known[:2], *known[20:23]]:
        SavedPartner.objects.create(workspace=world.brand, partner=each, member=world.nora)
    return partners


def names(member: Membership, **asked: Any) -> list[str]:
    found = search(member, Search(**asked), size=100)
    by_number = dict(Partner.objects.values_list("pk", "name"))
    return [by_number[mpid] for mpid in found.mpids]


SEARCHES: list[dict[str, Any]] = [
    {},
    {"country": ("FR",)},
    {"country": ("FR", "JP"), "category": ("Travel",)},
    {"method": ("content", "video"), "size": ("50k_250k", "under_10k")},
    {"channel": ("website",), "active": "90"},
    {"language": ("nl",), "model": ("deals", "app", "shop")},
    {"q": "linen"},
    {"q": "homes", "country": ("GB",)},
    {"relation": ("prospect",)},
    {"relation": ("none", "joined"), "country": ("FR",)},
    {"relation": ("not_interested",), "q": "lin"},
    {"tab": "saved"},
    {"tab": "saved", "country": ("FR", "GB", "DE")},
    {"tab": "recommended"},
    {"tab": "recommended", "q": "linen"},
    {"kind": "creator", "country": ("SE",)},
]


@pytest.mark.parametrize("asked", SEARCHES)
def test_every_count_is_what_ticking_it_alone_finds(world: World, made: Made, asked: dict[str, Any]) -> None:
    wanted = Search(**asked)
    found = search(world.nora, wanted, size=100)
    assert len(found.mpids) == len(set(found.mpids)) == found.total
    assert set(found.facets) == set(FILTERS)
    for name, counts in found.facets.items():
        for value, count in counts.items():
            ticked = value if name == "active" else (value,)
            only = Search(**{**asked, name: ticked})
            assert search(world.nora, only, size=100).total == count, (name, value)


def test_filters_find_what_the_rows_say(world: World, made: Made) -> None:
    shown = [each for each in made if each.kind == "partner"]
    hidden = set(NotInterested.objects.values_list("partner_id", flat=True))
    travel = {each.pk for each in shown if each.category == "Travel"} - hidden
    found = search(world.nora, Search(category=("Travel",)), size=100)
    assert set(found.mpids) == travel
    french = {each.pk for each in shown if "FR" in each.audience_countries} - hidden
    assert set(search(world.nora, Search(country=("FR",)), size=100).mpids) == french
    large = {each.pk for each in shown if each.audience and each.audience >= 1_000_000} - hidden
    assert set(search(world.nora, Search(size=("over_1m",)), size=100).mpids) == large
    week = {
        each.pk
        for each in shown
        if each.active_on and each.active_on >= timezone.now().date() - timedelta(days=7)
    } - hidden
    assert set(search(world.nora, Search(active="7"), size=100).mpids) == week


def test_relationships_are_each_workspace_s_own(world: World, made: Made) -> None:
    ours = search(world.nora, Search()).facets["relation"]
    assert ours == {"none": 29, "prospect": 8, "joined": 4, "not_interested": 4}
    theirs = search(world.stranger, Search())
    assert theirs.facets["relation"] == {"none": 45, "prospect": 0, "joined": 0, "not_interested": 0}
    assert theirs.total == 45


def test_who_is_not_interesting_is_hidden_and_comes_back(world: World, made: Made) -> None:
    hidden = set(NotInterested.objects.values_list("partner_id", flat=True))
    before = search(world.nora, Search(), size=100)
    assert before.total == 41
    assert hidden.isdisjoint(before.mpids)
    NotInterested.objects.all().delete()
    after = search(world.nora, Search(), size=100)
    assert after.total == 45
    assert hidden < set(after.mpids)


def test_a_stage_that_changes_is_counted_at_once(world: World, made: Made) -> None:
    Prospect.objects.filter(workspace=world.brand).update(stage="joined")
    assert search(world.nora, Search()).facets["relation"]["joined"] == 12


def test_pages_follow_each_other_without_a_gap(world: World, made: Made) -> None:
    whole = search(world.nora, Search(sort="audience"), size=100).mpids
    pages = [search(world.nora, Search(sort="audience"), page, size=7).mpids for page in range(1, 8)]
    assert [mpid for page in pages for mpid in page] == whole
    assert search(world.nora, Search(sort="audience"), 99, size=7).mpids == []


@pytest.mark.parametrize("asked", [{}, {"relation": ("prospect", "joined")}, {"q": "linen"}])
def test_orders_are_kept(world: World, made: Made, asked: dict[str, Any]) -> None:
    rows = {each.pk: each for each in made}
    audiences = [
        rows[mpid].audience or 0
        for mpid in search(world.nora, Search(**asked, sort="audience"), size=100).mpids
    ]
    assert all(one >= other for one, other in pairwise(audiences))
    listed = [
        rows[mpid].listed_at for mpid in search(world.nora, Search(**asked, sort="newest"), size=100).mpids
    ]
    assert len(listed) > 1
    assert all(one >= other for one, other in pairwise(listed))


@pytest.mark.parametrize(
    ("q", "first"),
    [
        ("La Longue Veille", "La Longue Veille"),
        ("veille longue", "La Longue Veille"),
        ("longue veile", "La Longue Veille"),
        ("lognue", "La Longue Veille"),
        ("nordl", "Nordlys Deals"),
        ("NORDLYS", "Nordlys Deals"),
        ("brume bois", "Brume & Bois"),
        ("hearhtlist", "Hearthlist"),
        ("tranq", "Maison Tranquille"),
        ("台所", "小さな台所"),
        ("host7", "Casa Lenta"),
        ("Stillwater Home magazine", "Stillwater Home"),
    ],
)
def test_a_search_forgives(world: World, made: Made, q: str, first: str) -> None:
    kind = Partner.objects.filter(name=first).values_list("kind", flat=True).get()
    assert names(world.stranger, q=q, kind=kind)[0] == first


def test_words_are_found_in_both_languages_of_the_site(world: World, made: Made) -> None:
    travel = set(search(world.stranger, Search(category=("Travel",)), size=100).mpids)
    assert set(search(world.stranger, Search(q="travel"), size=100).mpids) == travel
    assert travel <= set(search(world.stranger, Search(q="voyage"), size=100).mpids)


def test_near_spellings_are_told(world: World, made: Made) -> None:
    assert not search(world.nora, Search(q="vintersol")).is_forgiving
    assert search(world.nora, Search(q="vintersal")).is_forgiving
    nothing = search(world.nora, Search(q="qqqqqqqq"))
    assert (nothing.mpids, nothing.total) == ([], 0)


def test_recommended_have_reasons_and_no_relationship(world: World, made: Made) -> None:
    found = search(world.nora, Search(tab="recommended"), size=100)
    known = set(Prospect.objects.filter(workspace=world.brand).values_list("partner_id", flat=True))
    rows = Partner.objects.filter(pk__in=found.mpids)
    fits = fit.fits_of(world.nora, rows)
    assert found.total > 0
    assert known.isdisjoint(found.mpids)
    assert all(len(fits[mpid].reasons) >= fit.LEAST_REASONS for mpid in found.mpids)
    scores = [fits[mpid].score for mpid in found.mpids]
    assert scores == sorted(scores, reverse=True)


def test_an_answer_speaks_for_those_like_it(world: World, made: Made) -> None:
    """Two thirds of nothing but outreach: only who answered tells what works."""
    Prospect.objects.update(stage="outreach")
    prospects = Prospect.objects.filter(workspace=world.brand, category="Travel")
    assert prospects.count() >= fit.LEAST_TRIED
    assert fit.record_of(world.brand.pk).is_empty
    for each in prospects:
        Conversation.objects.create(workspace=world.brand, partner=each.partner, last_in_at=timezone.now())
    fit._records.clear()
    assert list(fit.record_of(world.brand.pk).reasons["category"]) == ["Travel"]


def test_nothing_is_recommended_without_a_record(world: World, made: Made) -> None:
    assert search(world.stranger, Search(tab="recommended")).total == 0
    assert fit.fits_of(world.stranger, made) == {}


def test_tabs_tell_how_many_they_have(world: World, made: Made) -> None:
    told = search(world.nora, Search(q="lin", country=("FR",))).tabs
    assert (told["all"], told["saved"]) == (41, 5)
    assert told["recommended"] == search(world.nora, Search(tab="recommended")).total


def test_new_matches_are_those_listed_since(world: World, made: Made) -> None:
    since = timezone.now() - timedelta(days=10, hours=1)
    fresh = {each.pk for each in made if each.listed_at > since and each.kind == "partner"}
    hidden = set(NotInterested.objects.values_list("partner_id", flat=True))
    assert set(new_since(world.nora, Search(), since)) == fresh - hidden
    assert new_since(world.nora, Search(), timezone.now() + timedelta(seconds=2)) == []


def test_private_partners_and_suspended_ones_are_not_found(world: World, indexed: Callable[[], Path]) -> None:
    Partner.objects.create(name="Secret Garden", workspace=world.brand)
    Partner.objects.create(name="Secret Shop", standing="suspended")
    Partner.objects.create(name="Secret Review", standing="in_review")
    shown = Partner.objects.create(name="Secret Lamp")
    indexed()
    assert search(world.nora, Search(q="secret")).mpids == [shown.pk]


def test_a_host_without_an_index_says_so(world: World, settings: Any, tmp_path: Path) -> None:
    settings.OVERTURE_DATA = tmp_path
    with pytest.raises(NotReady) as raised:
        search(world.nora, Search())
    assert raised.value.percent is None


def test_a_search_asks_the_database_as_often_for_many_as_for_few(
    world: World, made: Made, django_assert_max_num_queries: Any
) -> None:
    search(world.nora, Search())
    with django_assert_max_num_queries(5):
        search(world.nora, Search(), size=1)
    with django_assert_max_num_queries(5):
        search(world.nora, Search(q="lin"), size=50)
