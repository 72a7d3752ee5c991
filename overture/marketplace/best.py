"""The partners that fit a workspace best, in order: what Recommended shows, and where a list by fit begins.

To score all partners takes a tenth of a second, and the record it comes from changes slowly. So the best are
kept as long as the record is; pages leave out who left the marketplace since, and who came waits for the next
record.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from tantivy import DocAddress, Occur, Query, Searcher

from overture.marketplace.columns import KEPT, Array, Table
from overture.marketplace.fit import LEAST_REASONS, Record
from overture.marketplace.schema import SCHEMA

# Partners kept of each marketplace, and of those how many can be recommended.
MOST, MOST_RECOMMENDED = 20_000, 1_000
# Workspaces whose best ones a process keeps: each takes two megabytes.
_MOST_KEPT = 16


@dataclass(frozen=True)
class Best:
    """Best first."""

    table: Table
    record: Record

    @cached_property
    def is_recommended(self) -> Array:
        """For which enough speaks."""
        found: Array = self.record.scores(self.table.columns)[1] >= LEAST_REASONS
        return found


def best_of(searcher: Searcher, record: Record, kind: str) -> Best:
    key = (record.number, kind)
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    found = _best(searcher, record, kind)
    with _lock:
        _kept[key] = found
        while len(_kept) > _MOST_KEPT:
            _kept.popitem(last=False)
    return found


def table_of(searcher: Searcher, addresses: list[DocAddress]) -> Table:
    """These partners, in this order."""

    def column(name: str) -> Array:
        return np.array(searcher.fast_field_values(name, addresses), np.int64)

    return Table(column("mpid"), {name: column(name) for name in KEPT})


def _best(searcher: Searcher, record: Record, kind: str) -> Best:
    if record.is_empty:
        return Best(Table.empty(), record)
    of_kind = Query.const_score_query(Query.term_query(SCHEMA, "tags", f"kind:{kind}", "basic"), 0.0)
    query = Query.boolean_query([(Occur.Must, of_kind), (Occur.Must, record.query())])
    hits = searcher.search(query, MOST, count=False).hits
    return Best(table_of(searcher, [address for _, address in hits]), record)


_lock = threading.Lock()
_kept: OrderedDict[tuple[int, str], Best] = OrderedDict()
