"""What every listed partner can be filtered and sorted by, beside the index of words and in step with it.

A tag is a filter and a value (`country:FR`, `kind:creator`) or a word that very many partners have
(`word:media`): a row of bits, with one bit for each partner's place. Columns hold what is sorted by. They
lie in files that the follower changes in place and every web process maps: memory is shared, nothing is read
anew.

tags.json     how many places are taken, which row each tag has; replaced with every commit
bits          a row of bits for each tag; a file with holes, so that room to grow costs nothing
places        for each account number, its place + 1
mpid, audience, listed_at, active_on     a column each
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from overture.lib.replace import replace_text
from overture.marketplace import bitmaps
from overture.marketplace.bitmaps import WORD, Array, Bitmap

MOST_TAGS = 2_048
# Room for partners to come, before the index is made anew.
_ROOM = 65_536
COLUMNS: Mapping[str, Any] = {
    "mpid": np.int64,
    "audience": np.int64,
    # Seconds and days since 1970; 0 where nobody knows.
    "listed_at": np.int64,
    "active_on": np.int32,
}


class Full(Exception):
    """There is no place left; a new index has room again."""


@dataclass
class Tags:
    """Mapped files. `count` places are taken; what is beyond them is not finished yet."""

    folder: Path
    capacity: int
    mpids: int
    bits: Array
    places: Array
    columns: dict[str, Array]
    count: int = 0
    rows: dict[str, int] = field(default_factory=dict)
    # What was asked of the columns since the last commit; few questions come again and again.
    _kept: dict[tuple[str, int], Bitmap] = field(default_factory=dict)

    @classmethod
    def make(cls, folder: Path, partners: int, largest_mpid: int) -> Tags:
        """Empty, with room for so many partners and some more."""
        capacity = -(-(partners * 5 // 4 + _ROOM) // WORD) * WORD
        made = cls._mapped(folder, capacity, largest_mpid * 2 + _ROOM * 16, "w+")
        made.commit()
        return made

    @classmethod
    def open(cls, folder: Path, is_writing: bool = False) -> Tags:
        """Raises OSError."""
        told = json.loads((folder / "tags.json").read_text())
        opened = cls._mapped(folder, told["capacity"], told["mpids"], "r+" if is_writing else "r")
        opened.count, opened.rows = told["count"], told["rows"]
        return opened

    def now(self) -> Tags:
        """The same files as of their last commit."""
        told = json.loads((self.folder / "tags.json").read_text())
        return Tags(
            self.folder,
            self.capacity,
            self.mpids,
            self.bits,
            self.places,
            self.columns,
            told["count"],
            told["rows"],
        )

    @classmethod
    def _mapped(cls, folder: Path, capacity: int, mpids: int, mode: Any) -> Tags:
        def mapped(name: str, dtype: Any, *shape: int) -> Array:
            found: Array = np.memmap(folder / name, dtype, mode, shape=shape)
            return found

        columns = {name: mapped(name, dtype, capacity) for name, dtype in COLUMNS.items()}
        bits = mapped("bits", np.uint8, MOST_TAGS, capacity // 8)
        return cls(folder, capacity, mpids, bits, mapped("places", np.int32, mpids), columns)

    # Reading

    def bitmap(self, tag: str) -> Bitmap:
        """Who has the tag; nobody, if it is not known."""
        found = self.empty()
        if (row := self.rows.get(tag)) is not None:
            found[:] = self._words[row]
            # In the last word, the follower may be at work on places that are not taken yet.
            found[-1:] &= np.uint64(2 ** (self.count % WORD or WORD) - 1)
        return found

    def any_of(self, tags: Iterable[str]) -> Bitmap:
        found = self.empty()
        for tag in tags:
            found |= self.bitmap(tag)
        return found

    def mask(self, tag: str, first: int = 0) -> Array:
        """For each place from `first` on whether it has the tag."""
        row = self.rows.get(tag)
        if row is None:
            return np.zeros(self.count - first, np.bool_)
        bits = np.unpackbits(self.bits[row, first // 8 : self.length * 8], bitorder="little")
        found: Array = bits[first % 8 : first % 8 + self.count - first].view(np.bool_)
        return found

    @cached_property
    def by_filter(self) -> dict[str, dict[str, int]]:
        """The row of each value, by filter."""
        found: dict[str, dict[str, int]] = {}
        for tag, row in self.rows.items():
            name, _, value = tag.partition(":")
            found.setdefault(name, {})[value] = row
        return found

    def counts(self, rows: Iterable[int], within: Bitmap) -> list[int]:
        """For each row, how many it has within."""
        words = self._words
        return bitmaps.counts((words[row] for row in rows), within)

    def at_least(self, column: str, least: int) -> Bitmap:
        """Whose number in the column is at least so large."""
        if (column, least) not in self._kept:
            self._kept[column, least] = self.whole(self.columns[column][: self.count] >= least)
        return self._kept[column, least]

    def marked(self, places: Array) -> Bitmap:
        return bitmaps.of_places(places, self.length * WORD)

    def whole(self, mask: Array) -> Bitmap:
        """A truth value for each place taken, as a bitmap as long as all others."""
        found = self.empty()
        bits = bitmaps.of_mask(mask)
        found[: len(bits)] = bits
        return found

    def empty(self) -> Bitmap:
        return np.zeros(self.length, np.uint64)

    @property
    def length(self) -> int:
        """Words of 64 places that are in use."""
        return -(-self.count // WORD)

    def places_of(self, mpids: Array) -> Array:
        """-1 for who is not here."""
        is_near = (mpids >= 0) & (mpids < self.mpids)
        found: Array = self.places[np.where(is_near, mpids, 0)] - 1
        return np.where(is_near & (found < self.count), found, -1)

    @property
    def _words(self) -> Array:
        return self.bits.view(np.uint64)[:, : self.length]

    # Writing: one process at a time. Done twice it is done once.

    def add(
        self, mpids: Sequence[int], columns: Mapping[str, Sequence[int]], tags: Sequence[Sequence[str]]
    ) -> None:
        """Partners that are not here yet, each with its tags. Raises Full."""
        first, end = self.count, self.count + len(mpids)
        numbers = np.array(mpids, np.int64)
        if end > self.capacity or (len(mpids) and int(numbers.max()) >= self.mpids):
            raise Full
        self.columns["mpid"][first:end] = numbers
        for name, values in columns.items():
            self.columns[name][first:end] = values
        by_tag: dict[str, list[int]] = {}
        for place, mine in enumerate(tags, first):
            for tag in mine:
                by_tag.setdefault(tag, []).append(place)
        for tag, places in by_tag.items():
            self.mark(tag, np.array(places))
        self.places[numbers] = np.arange(first + 1, end + 1)
        self.count = end

    def mark(self, tag: str, places: Array) -> None:
        """Sets the tag at these places. Raises Full."""
        row = self.rows.setdefault(tag, len(self.rows))
        if row >= MOST_TAGS:
            raise Full
        np.bitwise_or.at(self.bits[row], places >> 3, (1 << (places & 7)).astype(np.uint8))

    def put(self, mpid: int, columns: Mapping[str, int], tags: Iterable[str]) -> None:
        """One partner as it is now. Raises Full."""
        place = self._place_of(mpid)
        if place is None:
            self.add([mpid], {name: [value] for name, value in columns.items()}, [list(tags)])
            # A place that a killed follower had begun may have bits of another partner.
            place = self.count - 1
        for name, value in columns.items():
            self.columns[name][place] = value
        self._set(place, set(tags))

    def take_away(self, mpid: int) -> None:
        """Nothing finds it any more; its place stays."""
        if (place := self._place_of(mpid)) is not None:
            self._set(place, set())

    def commit(self) -> None:
        """On disk, also after a power cut."""
        for each in (self.bits, self.places, *self.columns.values()):
            each.flush()  # type: ignore[attr-defined]
        told = {"capacity": self.capacity, "mpids": self.mpids, "count": self.count, "rows": self.rows}
        replace_text(self.folder / "tags.json", json.dumps(told))

    def _place_of(self, mpid: int) -> int | None:
        if not 0 <= mpid < self.mpids:
            return None
        place = int(self.places[mpid]) - 1
        return place if 0 <= place < self.count and self.columns["mpid"][place] == mpid else None

    def _set(self, place: int, tags: set[str]) -> None:
        byte, bit = place >> 3, np.uint8(1 << (place & 7))
        column = self.bits[: len(self.rows), byte]
        for tag, row in self.rows.items():
            is_set = bool(column[row] & bit)
            if is_set != (tag in tags):
                column[row] ^= bit
        for tag in tags - self.rows.keys():
            self.mark(tag, np.array([place]))
