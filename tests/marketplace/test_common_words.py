"""Words that very many partners have: found by their bits, and in no way otherwise than rare ones."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from overture.directory.models import Partner
from overture.marketplace import build, hits, index
from overture.marketplace.check import check
from overture.marketplace.follow import Follower
from overture.marketplace.query import Search
from overture.marketplace.search import Found, search
from overture.marketplace.tags import Tags
from tests.marketplace import directory
from tests.world import World

Indexed = Callable[[], Path]
QUESTIONS = ["linen", "lin", "homes", "winter homes", "des maisons", "hom", "furniture lin", "en"]


def everything(world: World, q: str, **asked: object) -> Found:
    return search(world.nora, Search(q=q, **asked), size=500)  # type: ignore[arg-type]


@pytest.fixture
def few_are_many(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    def change(many: int) -> None:
        monkeypatch.setattr(hits, "MANY", many)
        monkeypatch.setattr(build, "MANY", many)

    return change


@pytest.mark.parametrize("many", [3, 25])
def test_they_find_and_count_the_same(
    world: World, indexed: Indexed, few_are_many: Callable[[int], None], many: int
) -> None:
    directory.make(90)
    indexed()
    before = [everything(world, q, country=("FR", "GB")) for q in QUESTIONS]
    few_are_many(many)
    indexed()
    known = index.opened().tags.rows
    assert "word:linen" in known
    for q, found in zip(QUESTIONS, before, strict=True):
        again = everything(world, q, country=("FR", "GB"))
        assert (set(again.mpids), again.total) == (set(found.mpids), found.total), q
        assert (again.facets, again.is_forgiving) == (found.facets, found.is_forgiving), q


def test_a_name_goes_before_all_others(
    world: World, indexed: Indexed, few_are_many: Callable[[int], None]
) -> None:
    directory.make(60)
    named = Partner.objects.create(name="Homes", category="Travel")
    longer = Partner.objects.create(name="Homes and gardens", category="Travel")
    few_are_many(3)
    indexed()
    assert everything(world, "homes").mpids[:2] == [named.pk, longer.pk]


def test_pages_hold_everybody_once(
    world: World, indexed: Indexed, few_are_many: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    directory.make(90)
    few_are_many(3)
    monkeypatch.setattr(hits, "_HEAD", 4)
    indexed()
    whole = everything(world, "lin").mpids
    pages = [search(world.nora, Search(q="lin"), page=page, size=7).mpids for page in range(1, 20)]
    assert [mpid for page in pages for mpid in page] == whole
    assert len(set(whole)) == len(whole) > 20


@pytest.mark.django_db(transaction=True)
def test_they_follow_what_changes(live: World, indexed: Indexed, few_are_many: Callable[[int], None]) -> None:
    directory.make(40)
    few_are_many(3)
    indexed()
    follower = Follower()
    follower.step()
    before = everything(live, "homes").total
    new = Partner.objects.create(name="Uvw", about="For all homes.", languages=["fr"])
    follower.step()
    assert everything(live, "homes").total == before + 1
    Partner.objects.filter(pk=new.pk).update(about="Nothing.")
    follower.step()
    assert everything(live, "homes").total == before
    assert check().is_right


@pytest.mark.django_db(transaction=True)
def test_check_finds_a_bit_that_is_wrong(live: World, indexed: Indexed) -> None:
    first, second, *_ = directory.make(8)
    folder = indexed()
    opened = Tags.open(folder, is_writing=True)
    places = opened.places_of(np.array([first.pk, second.pk]))
    opened.mark("country:ZZ", places[:1])
    opened.columns["audience"][places[1]] = 12
    opened.commit()
    index._reader._stamp = ()
    compared = check()
    assert (compared.missing, compared.extra, compared.outdated) == ([], [], sorted([first.pk, second.pk]))
