"""Saved searches: what is kept, by whom, and that new matches are told once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from overture.accounts.models import Membership
from overture.marketplace import saved_searches as verbs
from overture.marketplace.models import SavedSearch
from overture.marketplace.query import Search
from overture.marketplace.saved_searches import SavedSearchError
from overture.marketplace.tell import tell
from overture.notices.models import Notice
from tests import factories
from tests.world import World

Index = Callable[[], Path]

GARDENS = Search(category=("Gardens",), sort="audience")


def told(member: Membership) -> list[dict[str, Any]]:
    return list(Notice.objects.filter(member=member).order_by("pk").values_list("facts", flat=True))


def listed(name: str, at: datetime, **fields: Any) -> int:
    return factories.partner(name=name, listed_at=at, **{"category": "Gardens", **fields}).pk


def ago(**since: int) -> datetime:
    return timezone.now() - timedelta(**since)


def keep(member: Membership, since: datetime, search: Search = GARDENS, name: str = "Gardens") -> SavedSearch:
    saved = verbs.keep(member, name, search)
    SavedSearch.objects.filter(pk=saved.pk).update(told_until=since)
    saved.refresh_from_db()
    return saved


def test_a_search_is_kept_as_it_was_asked(world: World) -> None:
    saved = verbs.keep(world.victor, "  Green\0 fingers ", GARDENS)
    saved.refresh_from_db()
    assert (saved.name, saved.kind, saved.is_telling, saved.member) == (
        "Green fingers", "partner", True, world.victor,
    )  # fmt: skip
    assert verbs.search_of(saved) == GARDENS
    assert list(verbs.saved_searches(world.victor)) == [saved]
    assert list(verbs.saved_searches(world.nora)) == list(verbs.saved_searches(world.stranger)) == []


@pytest.mark.parametrize(("name", "code"), [(" ", "empty"), ("x" * 81, "too_long"), ("Known", "taken")])
def test_names_that_cannot_be(world: World, name: str, code: str) -> None:
    known, other = verbs.keep(world.nora, "Known", Search()), verbs.keep(world.nora, "Other", Search())
    verbs.keep(world.nora, "Known", Search(kind="creator"))
    verbs.keep(world.camille, "Known", Search())
    for act in (
        lambda: verbs.keep(world.nora, name, Search()),
        lambda: verbs.rename(world.nora, other, name),
    ):
        with pytest.raises(SavedSearchError) as caught:
            act()
        assert caught.value.code == code
    known.refresh_from_db()
    assert SavedSearch.objects.filter(member=world.nora).count() == 3
    assert SavedSearch.objects.get(pk=other.pk).name == "Other"


def test_fifty_are_kept_for_each_member(world: World) -> None:
    for number in range(50):
        verbs.keep(world.nora, f"Search {number}", Search())
    with pytest.raises(SavedSearchError) as caught:
        verbs.keep(world.nora, "One more", Search())
    assert caught.value.code == "too_many"
    assert verbs.keep(world.camille, "One more", Search()).pk


def test_searches_are_changed_by_their_member_alone(world: World) -> None:
    saved = verbs.keep(world.nora, "Gardens", GARDENS)
    for other in (world.camille, world.stranger):
        for act in (
            lambda who: verbs.rename(who, saved, "Mine"),
            lambda who: verbs.set_telling(who, saved, False),
            lambda who: verbs.forget(who, saved),
        ):
            with pytest.raises(SavedSearch.DoesNotExist):
                act(other)
    verbs.rename(world.nora, saved, "Plants")
    verbs.set_telling(world.nora, saved, False)
    kept = SavedSearch.objects.get()
    assert (kept.name, kept.is_telling, kept.told_until > saved.created_at) == ("Plants", False, True)
    verbs.forget(world.nora, saved)
    assert not SavedSearch.objects.exists()


def test_new_matches_are_told_once(world: World, indexed: Index) -> None:
    listed("Before", ago(days=9))
    for number, name in enumerate(["Elm", "Ash", "Fir", "Oak"]):
        listed(name, ago(hours=4 - number))
    listed("Sea", ago(hours=1), category="Travel")
    listed("Too fresh", timezone.now())
    indexed()
    saved = keep(world.victor, ago(days=1))
    assert tell() == 1
    assert told(world.victor) == [
        {
            "search": saved.pk,
            "name": "Gardens",
            "marketplace": "partner",
            "query": "category=Gardens&sort=audience",
            "count": 4,
            "partners": ["Oak", "Fir", "Ash"],
        }
    ]
    assert Notice.objects.get().kind == "new_matches"
    assert tell() == 0
    assert Notice.objects.count() == 1


def test_who_is_listed_late_is_told_of_later(world: World, indexed: Index) -> None:
    """A long transaction commits what was listed when it began."""
    listed("Elm", ago(hours=3))
    indexed()
    keep(world.nora, ago(days=1))
    assert tell() == 1
    listed("Ash", ago(hours=2))
    indexed()
    assert tell() == 1
    assert [facts["partners"] for facts in told(world.nora)] == [["Elm"], ["Ash"]]


def test_who_is_not_to_be_told_is_not(world: World, indexed: Index) -> None:
    listed("Elm", ago(hours=3))
    indexed()
    silent = keep(world.nora, ago(days=1))
    verbs.set_telling(world.nora, silent, False)
    keep(world.camille, ago(days=1))
    Membership.objects.filter(pk=world.camille.pk).update(removed_at=timezone.now())
    broken = keep(world.victor, ago(days=1))
    SavedSearch.objects.filter(pk=broken.pk).update(search={"of_tomorrow": "x"})
    assert tell() == 0
    verbs.set_telling(world.nora, silent, True)
    # What came while it did not tell is not told later.
    assert tell() == 0
    assert not Notice.objects.exists()


def test_a_host_without_an_index_tells_nothing(world: World, indexed: Index) -> None:
    saved = keep(world.nora, ago(days=1))
    assert tell() == 0
    assert SavedSearch.objects.get().told_until == saved.told_until


def test_two_hosts_tell_once(live: World, indexed: Index) -> None:
    listed("Elm", ago(hours=3))
    indexed()
    for number in range(5):
        keep(live.nora, ago(days=1), name=f"Gardens {number}")
    made: list[int] = []

    def look() -> None:
        made.append(tell())
        connection.close()

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(made) + tell() == Notice.objects.count() == 5
