"""A search made ready: as queries of the index of all partners, and as places in tables of a few of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import numpy as np
from tantivy import FieldType, Occur, Query

from overture.marketplace.best import MOST_RECOMMENDED, Best, best_of
from overture.marketplace.columns import Array, Table
from overture.marketplace.fit import Record
from overture.marketplace.index import Opened
from overture.marketplace.matching import Words, all_of, filters, match, without_some
from overture.marketplace.query import Relation, Search, Sort, Tab
from overture.marketplace.schema import SCHEMA
from overture.marketplace.shelf import RELATIONS, Known

_ORDERS = {Sort.AUDIENCE: "audience", Sort.NEWEST: "listed_at"}
_SHOWN = {
    Tab.ALL: (Relation.NONE, Relation.PROSPECT, Relation.JOINED),
    # What is to be discovered.
    Tab.RECOMMENDED: (Relation.NONE,),
    Tab.SAVED: tuple(Relation),
}


@dataclass(frozen=True, eq=False)
class Few:
    """Some partners in a table: which of them the words are about, and how the workspace stands to each."""

    table: Table
    found: Array
    # For each place, the position in RELATIONS.
    relations: Array
    # Those whose relationship keeps them out, whatever else is asked.
    hidden: Array
    wanted: Search
    today: date

    @cached_property
    def filtered(self) -> dict[str, Array]:
        return self.table.filtered(self.wanted, self.today)

    def places(self, but: str = "") -> Array:
        """Those with everything that is asked, relationships aside and without the filter named `but`."""
        masks = [mask for name, mask in self.filtered.items() if name != but]
        found: Array = np.logical_and.reduce([self.found, *masks])
        return found


@dataclass(frozen=True, eq=False)
class Asked:
    opened: Opened
    known: Known
    record: Record
    wanted: Search
    words: Words
    today: date
    # Only who came into the marketplace at this second or later.
    since: int = 0
    has_last_resort: bool = False
    # The words are nowhere as they were written.
    is_not_found: bool = False

    def forgiving(self) -> Asked:
        """As it is where the words are found; else with near spellings, else without some of the words."""
        if not self.words or self._is_found():
            return self
        near = replace(self, words=self.words.forgiving(), is_not_found=True)
        if not near._is_found() and without_some(near.words) is not None:
            return replace(near, has_last_resort=True)
        return near

    def words_query(self, is_ranked: bool) -> Query | None:
        return (without_some if self.has_last_resort else match)(self.words, is_ranked)

    def query(self, is_ranked: bool = False) -> Query:
        """Everything that is asked, relationships aside."""
        return self._with(self.words_query(is_ranked))

    def by_name(self) -> Query | None:
        """Those with every word in their name, which rank first; None where letters are wrong: few will."""
        is_unsure = self.words.is_forgiving or self.words.has_misspelt
        words = None if is_unsure else match(self.words, in_name=True)
        return None if words is None else self._with(words)

    def by_fit(self) -> Query:
        return Query.boolean_query([(Occur.Must, self.query()), (Occur.Should, self.record.query())])

    @property
    def order(self) -> str:
        """The column to sort by; empty for relevance, or for fit where there are no words."""
        order = _ORDERS.get(Sort(self.wanted.sort), "")
        return order or ("" if self.words or not self.record.is_empty else "audience")

    @property
    def is_everywhere(self) -> bool:
        """Whether partners without a relationship are wanted, which only the index of all has."""
        return self.wanted.tab == Tab.ALL and Relation.NONE in self._shown

    @cached_property
    def few(self) -> Few:
        """What the tab is made of; of all partners, those the workspace knows."""
        if self.wanted.tab == Tab.RECOMMENDED:
            return self._recommended()
        found = self.known.matching(self.words_query(is_ranked=False), self.wanted.kind)
        if self.wanted.tab == Tab.SAVED:
            found &= self.known.is_saved
        if self.since:
            found &= self.known.table.columns["listed_at"] >= self.since
        known = self.known
        hidden = known.hidden(self._shown)
        return Few(known.table, found, known.relations, hidden, self.wanted, self.today)

    @cached_property
    def best(self) -> Best:
        return best_of(self.opened.searcher, self.record, self.wanted.kind)

    def _with(self, words: Query | None) -> Query:
        queries = filters(self.wanted, self.today)
        if words is not None:
            queries.append(words)
        if self.since:
            queries.append(Query.range_query(SCHEMA, "listed_at", FieldType.Unsigned, self.since, None))
        return all_of(queries)

    def _recommended(self) -> Few:
        table = self.best.table
        places = self.known.places_of(table.mpids)
        relations = np.where(places < 0, 0, self.known.relations[places] if len(self.known.relations) else 0)
        found = self.best.is_recommended & (relations == 0)
        # The first ones that the workspace does not know yet, before anything is searched among them.
        found &= np.cumsum(found) <= MOST_RECOMMENDED
        if (words := self.words_query(is_ranked=False)) is not None:
            found &= self._is_among(table.mpids[found], table, words)
        is_hidden = np.array([relation not in self._shown for relation in RELATIONS])
        return Few(table, found, relations, is_hidden[relations], self.wanted, self.today)

    @property
    def _shown(self) -> tuple[str, ...]:
        """The relationships that are not hidden."""
        return self.wanted.relation or _SHOWN[Tab(self.wanted.tab)]

    def _is_among(self, mpids: Array, table: Table, words: Query) -> Array:
        """Which of the table's partners have the words, asked of these alone."""
        terms = Query.term_set_query(SCHEMA, "mpid", [int(mpid) for mpid in mpids])
        hits = self.opened.searcher.search(
            all_of([terms, words]), max(len(mpids), 1), count=False, order_by_field="mpid"
        ).hits
        found: Array = np.isin(table.mpids, [mpid for mpid, _ in hits])
        return found

    def _is_found(self) -> bool:
        """Whatever else is asked: a filter that leaves nothing does not make a word wrong."""
        if len(self.words.words) == 1:
            return not self.words.has_misspelt
        words = match(self.words, is_ranked=False)
        queries = filters(Search(kind=self.wanted.kind), self.today) + ([words] if words is not None else [])
        return bool(self.opened.searcher.search(all_of(queries), 1, count=False).hits)
