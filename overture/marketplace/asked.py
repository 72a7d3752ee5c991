"""A search made ready: as queries of the index of all partners, and as places of the workspace's shelf."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import numpy as np
from tantivy import FieldType, Occur, Query

from overture.marketplace.columns import Array
from overture.marketplace.fit import LEAST_REASONS, Record
from overture.marketplace.index import Opened
from overture.marketplace.matching import Words, all_of, filters, match, without_one
from overture.marketplace.query import Relation, Search, Sort, Tab
from overture.marketplace.schema import SCHEMA
from overture.marketplace.shelf import RELATIONS, Shelf

# Found less often than this, words are taken for near ones, too.
FEW = 3
ORDERS = {Sort.AUDIENCE: "audience", Sort.NEWEST: "listed_at"}
_SHOWN = {
    Tab.ALL: (Relation.NONE, Relation.PROSPECT, Relation.JOINED),
    # What is to be discovered.
    Tab.RECOMMENDED: (Relation.NONE,),
    Tab.SAVED: tuple(Relation),
}


@dataclass(frozen=True, eq=False)
class Asked:
    opened: Opened
    shelf: Shelf
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
        """As it is where the words are found; else with near spellings, else with all words but one."""
        if not self.words.words or (found := self._found_at_first()) >= FEW:
            return self
        near = replace(self, words=self.words.forgiving(), is_not_found=not found)
        if not near._found_at_first() and without_one(near.words) is not None:
            return replace(near, has_last_resort=True)
        return near

    def words_query(self, is_ranked: bool) -> Query | None:
        return (without_one if self.has_last_resort else match)(self.words, is_ranked)

    def query(self, is_ranked: bool = False) -> Query:
        """Everything that is asked, relationships aside."""
        queries = filters(self.wanted, self.today)
        if (words := self.words_query(is_ranked)) is not None:
            queries.append(words)
        if self.wanted.tab == Tab.RECOMMENDED:
            queries.append(self.record.recommended())
        if self.since:
            queries.append(Query.range_query(SCHEMA, "listed_at", FieldType.Unsigned, self.since, None))
        return all_of(queries)

    def ranked(self) -> Query:
        """With scores by relevance, or by fit where there are no words."""
        query = self.query(is_ranked=True)
        if self.words.words or self.record.is_empty:
            return query
        return Query.boolean_query([(Occur.Must, query), (Occur.Should, self.record.query())])

    @property
    def order(self) -> str:
        """The column to sort by; empty for the score."""
        order = ORDERS.get(Sort(self.wanted.sort), "")
        return order or ("" if self.words.words or not self.record.is_empty else "audience")

    @property
    def is_everywhere(self) -> bool:
        """Whether partners without a relationship are wanted, which only the index of all has."""
        return self.wanted.tab != Tab.SAVED and Relation.NONE in self._shown

    @cached_property
    def found(self) -> Array:
        """Places of the shelf with the words, in this marketplace and tab."""
        found = self.shelf.matching(self.words_query(is_ranked=False), self.wanted.kind)
        if self.wanted.tab == Tab.SAVED:
            found &= self.shelf.is_saved
        elif self.wanted.tab == Tab.RECOMMENDED:
            found &= self.record.scores(self.shelf.columns)[1] >= LEAST_REASONS
        if self.since:
            found &= self.shelf.columns["listed_at"] >= self.since
        return found

    @cached_property
    def filtered(self) -> dict[str, Array]:
        return self.shelf.filtered(self.wanted, self.today)

    @cached_property
    def relations(self) -> Array:
        return self.shelf.relations

    def places(self, but: str = "") -> Array:
        """Places of the shelf with everything that is asked, relationships aside."""
        masks = [mask for name, mask in self.filtered.items() if name != but]
        found: Array = np.logical_and.reduce([self.found, *masks])
        return found

    @cached_property
    def hidden(self) -> Array:
        """Places whose relationship keeps them out, whatever else is asked."""
        shown = [RELATIONS.index(relation) for relation in self._shown]
        hidden: Array = ~np.isin(self.relations, shown)
        return hidden

    @property
    def _shown(self) -> tuple[str, ...]:
        return self.wanted.relation or _SHOWN[Tab(self.wanted.tab)]

    def _found_at_first(self) -> int:
        """FEW at most, whatever else is asked: a filter that leaves little does not make a word wrong."""
        words = match(self.words, is_ranked=False)
        queries = filters(Search(kind=self.wanted.kind), self.today) + ([words] if words is not None else [])
        return len(self.opened.searcher.search(all_of(queries), FEW, count=False).hits)
