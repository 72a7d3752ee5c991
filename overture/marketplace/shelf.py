"""How one workspace stands to the partners of the directory: its shelf, read from the database.

Relationships are the workspace's own and change by the hundred thousand at a time, so they are not in the
index of all. The shelf has a number for each partner that the workspace knows, and makes bits of them in the
order of the index: a search takes them like any other filter. A change of stage changes a number.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import connection

from overture.marketplace.bitmaps import Array, Bitmap
from overture.marketplace.index import Opened
from overture.marketplace.query import Relation
from overture.marketplace.tags import Tags

# Workspaces whose shelves a process keeps; the one not asked for longest goes first.
MOST = 16
_PROSPECT, _JOINED, _UNWANTED, _SAVED = (np.uint8(1 << place) for place in range(4))
# All at one look: what is asked further has something to tell. A row added and one taken away leave a count
# as it was, but not the largest number. Only an undone import takes prospects away.
_NOW = """
SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
       EXISTS (SELECT FROM overture_prospect WHERE workspace_id = %(workspace)s AND changed_xid >= %(since)s),
       (SELECT count(*)::text || '/' || coalesce(max(id), 0) FROM overture_notinterested
        WHERE workspace_id = %(workspace)s),
       (SELECT count(*)::text || '/' || coalesce(max(id), 0) FROM overture_savedpartner
        WHERE workspace_id = %(workspace)s),
       (SELECT count(*)::text FROM overture_run WHERE workspace_id = %(workspace)s AND undone_at IS NOT NULL)
"""
# Unlike any marks there can be.
_UNREAD = ("", "", "")
_STAGES = """
SELECT prospect.partner_id, prospect.stage = 'joined' FROM overture_prospect AS prospect
JOIN overture_partner AS partner ON partner.id = prospect.partner_id AND partner.workspace_id IS NULL
WHERE prospect.workspace_id = %(workspace)s AND prospect.changed_xid >= %(since)s
"""


@dataclass(frozen=True, eq=False)
class Known:
    """What a workspace knows, as it is at one moment: requests go on beside each other."""

    relations: dict[str, Bitmap]
    saved: Bitmap

    def any_of(self, relations: tuple[str, ...]) -> Bitmap:
        found = np.zeros_like(self.saved)
        for relation in relations:
            found |= self.relations[relation]
        return found


class Shelf:
    """Of one workspace, in this process."""

    def __init__(self, workspace_id: int) -> None:
        self.workspace_id = workspace_id
        self._lock = threading.Lock()
        # For each account number.
        self._codes: Array = np.zeros(0, np.uint8)
        self._since = 0
        self._marks: tuple[str, ...] = _UNREAD
        # What was told last, and of which index, as long as neither changes.
        self._known: tuple[int, Known] | None = None

    def known(self, opened: Opened) -> Known:
        """After what changed is taken over; one small query where nothing did."""
        with self._lock:
            self._make_room(opened.tags.mpids)
            ((now, has_moved, *marks),) = _all(_NOW, workspace=self.workspace_id, since=self._since)
            unwanted, saved, undone = (
                mark != before for mark, before in zip(marks, self._marks, strict=True)
            )
            if undone:
                # Prospects that are gone leave no trace to follow: all are read again.
                self._codes &= _UNWANTED | _SAVED
                self._since, self._known = 0, None
            if has_moved or undone:
                self._take_stages()
            if unwanted:
                self._take_marks("notinterested", _UNWANTED)
            if saved:
                self._take_marks("savedpartner", _SAVED)
            self._since, self._marks = now, tuple(marks)
            if self._known is None or self._known[0] != opened.generation:
                self._known = opened.generation, _told(self._codes, opened.tags)
            return self._known[1]

    def _make_room(self, mpids: int) -> None:
        if mpids > len(self._codes):
            self._codes = np.concatenate([self._codes, np.zeros(mpids - len(self._codes), np.uint8)])
            self._since, self._marks, self._known = 0, _UNREAD, None

    def _take_stages(self) -> None:
        rows = self._near(_all(_STAGES, workspace=self.workspace_id, since=self._since))
        if not len(rows):
            return
        self._codes[rows[:, 0]] &= _UNWANTED | _SAVED
        self._codes[rows[:, 0]] |= np.where(rows[:, 1], _JOINED, _PROSPECT)
        self._known = None

    def _take_marks(self, table: str, code: np.uint8) -> None:
        rows = self._near(
            _all(
                f"SELECT partner_id FROM overture_{table} WHERE workspace_id = %(workspace)s",  # noqa: S608
                workspace=self.workspace_id,
            )
        )
        self._codes &= ~code
        self._codes[rows[:, 0]] |= code
        self._known = None

    def _near(self, rows: list[Any]) -> Array:
        """Without those that the index has no room for yet: it is being made anew, and then they are read."""
        found = np.array(rows, np.int64).reshape(len(rows), -1 if rows else 1)
        near: Array = found[found[:, 0] < len(self._codes)]
        return near


def known_to(workspace_id: int, opened: Opened) -> Known:
    """What a workspace knows now."""
    with _lock:
        shelf = _shelves.pop(workspace_id, None) or Shelf(workspace_id)
        _shelves[workspace_id] = shelf
        while len(_shelves) > MOST:
            _shelves.popitem(last=False)
    return shelf.known(opened)


def _told(codes: Array, tags: Tags) -> Known:
    """The numbers as bits, in the order of the index. A prospect is one, whatever else was marked."""
    mine = codes[tags.columns["mpid"][: tags.count]]
    joined, prospect = tags.whole(mine & _JOINED), tags.whole(mine & _PROSPECT)
    unwanted = tags.whole(mine & _UNWANTED) & ~(joined | prospect)
    relations: dict[str, Bitmap] = {
        Relation.NONE: ~(joined | prospect | unwanted),
        Relation.PROSPECT: prospect,
        Relation.JOINED: joined,
        Relation.NOT_INTERESTED: unwanted,
    }
    return Known(relations, tags.whole(mine & _SAVED))


def _all(query: str, **parameters: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return list(cursor.fetchall())


_lock = threading.Lock()
_shelves: OrderedDict[int, Shelf] = OrderedDict()
