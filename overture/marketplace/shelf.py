"""The partners one workspace knows, as a small index of its own beside the large one.

Relationships are the workspace's own and change by the hundred thousand at a time, so they are not in the
index of all. What a search finds among the partners a workspace knows, this shelf tells; what it does not
find there has no relationship. Words are matched by the same engine; relationships, filters and counts are
arrays with one place for each partner. A change of stage changes a number in an array, and no index.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from django.db import connection
from tantivy import Document, Index, Query, Searcher

from overture.directory.models import PartnerKind
from overture.marketplace.columns import Array, Table
from overture.marketplace.query import Relation
from overture.marketplace.schema import READ, SCHEMA, fields_of, listed, take_away

# Workspaces whose shelves a process keeps; the one not asked for longest goes first.
MOST = 16
# Seconds between two looks for prospects that are gone: an undone import, which leaves no trace to follow.
RECOUNT = 10
RELATIONS = tuple(Relation.values)
_NONE, _PROSPECT, _JOINED, _NOT_INTERESTED = range(4)
_MEMORY = 100_000_000
_KINDS = tuple(PartnerKind.values)
# All at one look: what is asked further has something to tell. A row added and one taken away leave a count
# as it was, but not the largest number.
_NOW = """
SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
       EXISTS (SELECT FROM overture_prospect WHERE workspace_id = %(workspace)s AND changed_xid >= %(since)s),
       EXISTS (SELECT FROM overture_partner WHERE workspace_id IS NULL AND changed_xid >= %(since)s),
       (SELECT count(*)::text || '/' || coalesce(max(id), 0) FROM overture_notinterested
        WHERE workspace_id = %(workspace)s),
       (SELECT count(*)::text || '/' || coalesce(max(id), 0) FROM overture_savedpartner
        WHERE workspace_id = %(workspace)s)
"""
_STAGES = """
SELECT prospect.partner_id, prospect.stage = 'joined' FROM overture_prospect AS prospect
JOIN overture_partner AS partner ON partner.id = prospect.partner_id AND partner.workspace_id IS NULL
WHERE prospect.workspace_id = %(workspace)s AND prospect.changed_xid >= %(since)s
"""
_ROWS = f"""
SELECT partner.standing = 'listed', {READ} FROM overture_partner AS partner
WHERE partner.workspace_id IS NULL AND partner.id = ANY(%(ids)s)
"""  # noqa: S608
_CHANGED = """
SELECT id FROM overture_partner WHERE workspace_id IS NULL AND changed_xid >= %(since)s ORDER BY changed_xid
"""


@dataclass(frozen=True)
class Known:
    """What a workspace knows, as it is at one moment: requests go on beside each other, and the shelf grows.

    A place is a position in the arrays; a partner keeps its place for good.
    """

    table: Table
    is_there: Array
    kinds: Array
    prospects: Array
    is_unwanted: Array
    is_saved: Array
    places: Array
    searcher: Searcher
    _hidden: dict[tuple[str, ...], Array] = field(default_factory=dict)

    @cached_property
    def relations(self) -> Array:
        """For each place, the position in RELATIONS."""
        unwanted = np.where(self.is_unwanted, _NOT_INTERESTED, _NONE)
        found: Array = np.where(self.prospects > 0, self.prospects, unwanted).astype(np.uint8)
        return found

    def hidden(self, shown: tuple[str, ...]) -> Array:
        """Which places have none of these relationships."""
        if shown not in self._hidden:
            is_hidden = np.array([relation not in shown for relation in RELATIONS])
            self._hidden[shown] = is_hidden[self.relations]
        return self._hidden[shown]

    def places_of(self, mpids: Array) -> Array:
        """-1 where a partner is not known."""
        found = _looked_up(self.places, mpids)
        known: Array = np.where(found < len(self.is_there), found, -1)
        return known

    def matching(self, query: Query | None, kind: str) -> Array:
        """Which places the words match; all of the kind without words."""
        of_kind: Array = self.is_there & (self.kinds == _KINDS.index(kind))
        if query is None:
            return of_kind
        everything = max(self.searcher.num_docs, 1)
        hits = self.searcher.search(query, everything, count=False, order_by_field="mpid").hits
        numbers = np.fromiter((number for number, _ in hits), np.int64, len(hits))
        matched: Array = np.zeros(len(self.is_there), np.bool_)
        matched[self.places_of(numbers)] = True
        matched &= of_kind
        return matched

    def ranked(self, query: Query) -> Array:
        """Places by relevance, best first."""
        everything = max(self.searcher.num_docs, 1)
        hits = self.searcher.search(query, everything, count=False, weight_by_field="brevity").hits
        numbers = self.searcher.fast_field_values("mpid", [address for _, address in hits])
        return self.places_of(np.array(numbers, np.int64))


class Shelf:
    """Of one workspace, in this process; `known` is what it has now."""

    def __init__(self, workspace_id: int) -> None:
        self.workspace_id = workspace_id
        self.lock = threading.Lock()
        self._table = Table.empty()
        self._is_there: Array = np.empty(0, np.bool_)
        self._kinds: Array = np.empty(0, np.uint8)
        self._prospects: Array = np.empty(0, np.uint8)
        self._is_unwanted: Array = np.empty(0, np.bool_)
        self._is_saved: Array = np.empty(0, np.bool_)
        self._index = Index(SCHEMA)
        self._places: Array = np.full(1, -1, np.int32)
        self._since = 0
        self._marks: tuple[str, ...] = ()
        self._counted_at = 0.0
        # What was told last, as long as nothing changes.
        self._known: Known | None = None

    def known(self) -> Known:
        """After what changed is taken over; one small query where nothing did."""
        with self.lock:
            self._forget_the_gone()
            asked = {"workspace": self.workspace_id, "since": self._since}
            ((now, has_moved, has_changed, *marks),) = _all(_NOW, **asked)
            if has_moved:
                self._take_stages()
            if tuple(marks) != self._marks:
                self._take_marks()
                self._marks = tuple(marks)
            if has_changed and self._since:
                self._take_changed_partners()
            self._since = now
            if self._known is None:
                self._known = self._as_known()
            return self._known

    def _as_known(self) -> Known:
        return Known(
            Table(self._table.mpids, dict(self._table.columns)),
            self._is_there.copy(),
            self._kinds,
            self._prospects.copy(),
            self._is_unwanted.copy(),
            self._is_saved.copy(),
            self._places,
            self._index.searcher(),
        )

    def _forget_the_gone(self) -> None:
        if time.monotonic() - self._counted_at < RECOUNT:
            return
        self._counted_at = time.monotonic()
        (there,) = _all(
            "SELECT count(*) FROM overture_prospect AS prospect JOIN overture_partner AS partner"
            " ON partner.id = prospect.partner_id AND partner.workspace_id IS NULL"
            " WHERE prospect.workspace_id = %(workspace)s",
            workspace=self.workspace_id,
        )[0]
        if there < int((self._prospects > 0).sum()):
            self._prospects[:] = 0
            self._since, self._known = 0, None

    def _take_stages(self) -> None:
        rows = _all(_STAGES, workspace=self.workspace_id, since=self._since)
        if not rows:
            return
        self._known = None
        places = self._places_for([mpid for mpid, _ in rows])
        values = np.array([_JOINED if joined else _PROSPECT for _, joined in rows], np.uint8)
        self._prospects[places] = values

    def _take_marks(self) -> None:
        for table, name in (("notinterested", "_is_unwanted"), ("savedpartner", "_is_saved")):
            rows = _all(
                f"SELECT partner_id FROM overture_{table} WHERE workspace_id = %(workspace)s",  # noqa: S608
                workspace=self.workspace_id,
            )
            places = self._places_for([mpid for (mpid,) in rows])
            column = getattr(self, name)
            column[:] = False
            column[places] = True
        self._known = None

    def _take_changed_partners(self) -> None:
        numbers = np.array([number for (number,) in _all(_CHANGED, since=self._since)], np.int64)
        known = numbers[self._places_of(numbers) >= 0] if len(numbers) else numbers
        if len(known):
            self._write([int(number) for number in known])

    def _places_of(self, mpids: Array) -> Array:
        return _looked_up(self._places, mpids)

    def _places_for(self, mpids: list[int]) -> Array:
        numbers = np.array(mpids, np.int64)
        new = [int(number) for number in numbers[self._places_of(numbers) < 0]] if mpids else []
        if new:
            self._grow(new)
            self._write(new)
        return self._places_of(numbers)

    def _grow(self, new: list[int]) -> None:
        count = len(self._table.mpids)
        for name in ("_is_there", "_kinds", "_prospects", "_is_unwanted", "_is_saved"):
            column = getattr(self, name)
            setattr(self, name, np.concatenate([column, np.zeros(len(new), column.dtype)]))
        for name, column in self._table.columns.items():
            self._table.columns[name] = np.concatenate([column, np.zeros(len(new), np.int64)])
        self._table.mpids = np.concatenate([self._table.mpids, np.array(new, np.int64)])
        if (largest := max(new)) >= len(self._places):
            grown = np.full(largest * 5 // 4 + 1, -1, np.int32)
            grown[: len(self._places)] = self._places
            self._places = grown
        self._places[new] = np.arange(count, count + len(new))

    def _write(self, mpids: list[int]) -> None:
        """Reads these partners and puts them into index and arrays, in place of what was there."""
        writer = self._index.writer(_MEMORY, 1)
        for is_listed, *row in _all(_ROWS, ids=mpids):
            partner = listed(row)
            place = int(self._places[partner.id])
            if self._is_there[place]:
                take_away(writer, partner.id)
            if is_listed:
                fields = fields_of(partner)
                writer.add_document(Document.from_dict(fields, SCHEMA))
                self._kinds[place] = _KINDS.index(partner.kind)
                for name, column in self._table.columns.items():
                    column[place] = fields[name]
            self._is_there[place] = is_listed
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._known = None


def known_to(workspace_id: int) -> Known:
    """What a workspace knows now."""
    with _lock:
        shelf = _shelves.pop(workspace_id, None) or Shelf(workspace_id)
        _shelves[workspace_id] = shelf
        while len(_shelves) > MOST:
            _shelves.popitem(last=False)
    return shelf.known()


def _looked_up(places: Array, mpids: Array) -> Array:
    is_near = mpids < len(places)
    found: Array = np.where(is_near, places[np.where(is_near, mpids, 0)], -1)
    return found


def _all(query: str, **parameters: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return list(cursor.fetchall())


_lock = threading.Lock()
_shelves: OrderedDict[int, Shelf] = OrderedDict()
