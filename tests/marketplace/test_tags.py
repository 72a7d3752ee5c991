"""Tags and columns beside the index: what is written is read; a writer killed anywhere does no harm."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from overture.marketplace import bitmaps, tags
from overture.marketplace.best import largest
from overture.marketplace.tags import Full, Tags

_COLUMNS = {"audience": 5, "listed_at": 7, "active_on": 9}
sets = st.sets(st.integers(0, 299), max_size=300)


def having(folder: Path, tag: str) -> list[int]:
    """Account numbers, as a process that opens the files now sees them."""
    opened = Tags.open(folder)
    return sorted(int(mpid) for mpid in opened.columns["mpid"][bitmaps.places_of(opened.bitmap(tag))])


def put(folder: Path, *partners: tuple[int, Sequence[str]], is_committed: bool = True) -> Tags:
    opened = Tags.open(folder, is_writing=True)
    for mpid, mine in partners:
        opened.put(mpid, _COLUMNS, mine)
    if is_committed:
        opened.commit()
    return opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    Tags.make(tmp_path, 0, 100)
    return tmp_path


@given(sets, sets)
def test_bitmaps_are_sets(first: set[int], second: set[int]) -> None:
    one, other = (bitmaps.of_places(np.array(sorted(each), np.int64), 300) for each in (first, second))
    assert bitmaps.places_of(one).tolist() == sorted(first)
    assert bitmaps.places_of(one & ~other).tolist() == sorted(first - second)
    assert bitmaps.count(one) == len(first)
    assert bitmaps.counts([one, other], other) == [len(first & second), len(second)]
    assert bitmaps.holds(one, np.arange(300)).tolist() == [place in first for place in range(300)]


def test_places_that_are_none_are_left_out() -> None:
    assert bitmaps.places_of(bitmaps.of_places(np.array([-1, 3, 64, 64, 500]), 65)).tolist() == [3, 64]


@given(st.lists(st.integers(0, 5)), st.integers(0, 40), st.integers(0, 40))
def test_a_longer_list_begins_like_a_shorter_one(values: list[int], short: int, long: int) -> None:
    """Pages are cut from lists of different lengths: nobody may be on two of them, or on none."""
    short, long = sorted((short, long))
    order = sorted(range(len(values)), key=lambda place: (-values[place], place))
    found = largest(np.array(values), long).tolist()
    assert found == order[:long]
    assert largest(np.array(values), short).tolist() == found[:short]


def test_what_is_put_is_found_and_what_changes_moves(folder: Path) -> None:
    put(folder, (11, ["kind:partner", "country:FR"]), (12, ["kind:partner"]), (13, ["kind:creator"]))
    put(folder, (11, ["kind:partner", "country:SE"]))
    assert having(folder, "kind:partner") == [11, 12]
    assert (having(folder, "country:FR"), having(folder, "country:SE")) == ([], [11])
    opened = put(folder)
    opened.take_away(12)
    opened.take_away(99)
    opened.commit()
    assert (having(folder, "kind:partner"), having(folder, "kind:creator")) == ([11], [13])
    assert opened.count == 3
    put(folder, (12, ["kind:partner"]))
    assert having(folder, "kind:partner") == [11, 12]
    assert having(folder, "never:seen") == []


def test_columns_tell_what_was_put(folder: Path) -> None:
    put(folder, (11, []))
    opened = Tags.open(folder)
    (place,) = opened.places_of(np.array([11]))
    assert {name: int(opened.columns[name][place]) for name in _COLUMNS} == _COLUMNS
    assert opened.places_of(np.array([12, -5, 10**12])).tolist() == [-1, -1, -1]
    assert bitmaps.places_of(opened.at_least("audience", 5)).tolist() == [place]
    assert bitmaps.places_of(opened.at_least("audience", 6)).tolist() == []


def test_what_is_not_committed_is_not_seen_and_can_be_written_again(folder: Path) -> None:
    """Killed on its way, the follower begins the same changes again, maybe in another order."""
    put(folder, (11, ["kind:partner"]))
    put(folder, (20, ["kind:partner", "country:FR"]), (21, ["country:SE"]), is_committed=False)
    assert (having(folder, "kind:partner"), having(folder, "country:FR")) == ([11], [])
    put(folder, (21, ["country:SE"]), (20, ["country:FR"]), (11, ["kind:partner"]))
    assert (having(folder, "country:SE"), having(folder, "country:FR")) == ([21], [20])
    assert having(folder, "kind:partner") == [11]
    assert Tags.open(folder).count == 3


def test_a_full_file_says_so(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = Tags.open(folder, is_writing=True)
    with pytest.raises(Full):
        opened.put(opened.mpids, _COLUMNS, [])
    opened.count = opened.capacity
    with pytest.raises(Full):
        opened.put(11, _COLUMNS, [])
    opened.count = 0
    monkeypatch.setattr(tags, "MOST_TAGS", 1)
    with pytest.raises(Full):
        opened.put(11, _COLUMNS, ["country:FR", "country:SE"])
