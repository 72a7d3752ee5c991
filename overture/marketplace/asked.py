"""A search made ready: everything that is asked as sets of partners, so that the answer is arithmetic."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from overture.marketplace.best import MOST_RECOMMENDED, Best, best_of
from overture.marketplace.bitmaps import Array, Bitmap, holds
from overture.marketplace.facets import active_bounds
from overture.marketplace.fit import Record
from overture.marketplace.hits import Hits
from overture.marketplace.index import Opened
from overture.marketplace.query import Relation, Search, Sort, Tab
from overture.marketplace.shelf import Known

_ORDERS = {Sort.AUDIENCE: "audience", Sort.NEWEST: "listed_at"}
# The relationships that are not hidden, where none is asked for.
_SHOWN = {
    Tab.ALL: (Relation.NONE, Relation.PROSPECT, Relation.JOINED),
    # What is to be discovered.
    Tab.RECOMMENDED: (Relation.NONE,),
    Tab.SAVED: tuple(Relation),
}


@dataclass(frozen=True, eq=False)
class Asked:
    opened: Opened
    known: Known
    record: Record
    wanted: Search
    # None where no words are searched.
    hits: Hits | None
    today: date
    # Only who came into the marketplace at this second or later.
    since: int = 0

    @cached_property
    def base(self) -> Bitmap:
        """What no filter changes: marketplace, tab and words."""
        found = self.of_tab(Tab(self.wanted.tab))
        if self.hits is not None:
            found = found & self.hits.bitmap
        if self.since:
            found = found & self.opened.tags.at_least("listed_at", self.since)
        return found

    @cached_property
    def masks(self) -> dict[str, Bitmap]:
        """Who has what each filter asks for; relationships always ask for something."""
        found = {"relation": self.known.any_of(self.wanted.relation or _SHOWN[Tab(self.wanted.tab)])}
        for name, values in self.wanted.chosen().items():
            if name == "active":
                found[name] = self.opened.tags.at_least(
                    "active_on", dict(active_bounds(self.today))[values[0]]
                )
            elif name != "relation":
                found[name] = self.opened.tags.any_of(f"{name}:{value}" for value in values)
        return found

    def matching(self, but: str = "") -> Bitmap:
        """Who has everything that is asked, without the filter named `but`."""
        found = self.base
        for name, mask in self.masks.items():
            if name != but:
                found = found & mask
        return found

    def of_tab(self, tab: Tab) -> Bitmap:
        of_kind = self.opened.tags.bitmap(f"kind:{self.wanted.kind}")
        if tab == Tab.SAVED:
            return of_kind & self.known.saved
        if tab == Tab.RECOMMENDED:
            return self.opened.tags.marked(self.recommended)
        return of_kind

    def shown(self, tab: Tab) -> Bitmap:
        """What a tab has before anything is searched."""
        return self.of_tab(tab) & self.known.any_of(_SHOWN[tab])

    @property
    def order(self) -> str:
        """The column to sort by; empty for fit."""
        return _ORDERS.get(Sort(self.wanted.sort), "audience" if self.record.is_empty else "")

    @property
    def is_ranked(self) -> bool:
        """By relevance first."""
        return self.hits is not None and self.wanted.sort == Sort.FIT and self.wanted.tab != Tab.RECOMMENDED

    @cached_property
    def best(self) -> Best:
        return best_of(self.opened.tags, self.record)

    @cached_property
    def recommended(self) -> Array:
        """The best of this marketplace that the workspace does not know yet, before anything is searched."""
        places = self.best.places[self.best.is_recommended]
        new = self.opened.tags.bitmap(f"kind:{self.wanted.kind}") & self.known.relations[Relation.NONE]
        found: Array = places[holds(new, places)][:MOST_RECOMMENDED]
        return found

    def values_at(self, places: Array) -> Array:
        """What partners are sorted by, largest first."""
        if self.order:
            found: Array = np.asarray(self.opened.tags.columns[self.order][places])
            return found
        return self.best.values_at(places)
