"""Compares the index of this host with the database, partner by partner: words, tags and columns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from django.db import connection
from tantivy import Order, Query

from overture.marketplace import index
from overture.marketplace.bitmaps import Array, places_of
from overture.marketplace.build import database_now, listed_partners
from overture.marketplace.index import Followed
from overture.marketplace.schema import Listed, columns_of, tags_of
from overture.marketplace.tags import Tags


@dataclass(frozen=True)
class Compared:
    """Account numbers that differ; changes that are still to be followed are no difference."""

    partners: int
    missing: list[int]
    # In the index, but not listed any more, or twice.
    extra: list[int]
    outdated: list[int]
    is_other_database: bool = False

    @property
    def is_right(self) -> bool:
        return not (self.missing or self.extra or self.outdated or self.is_other_database)


def check() -> Compared:
    """Raises NoIndex."""
    folder = index.folder_in_use()
    followed = index.read_followed(folder)
    if followed is None or followed.database != database_now().database:
        return Compared(0, [], [], [], is_other_database=True)
    indexed, their_xids = _indexed()
    known, xids = _listed(followed)
    changed = _changed_since(followed)
    numbers, counts = np.unique(indexed, return_counts=True)
    extra = np.setdiff1d(indexed, known)
    both, mine, theirs = np.intersect1d(known, indexed, return_indices=True)
    differing = np.union1d(both[xids[mine] != their_xids[theirs]], np.intersect1d(both, _wrongly_tagged()))
    return Compared(
        len(known),
        _but(np.setdiff1d(known, indexed), changed),
        _but(np.union1d(np.union1d(extra, numbers[counts > 1]), _tagged_beyond(known)), changed),
        _but(differing, changed),
    )


def _indexed() -> tuple[Array, Array]:
    searcher = index.opened().searcher
    everything = max(searcher.num_docs, 1)
    hits = searcher.search(
        Query.all_query(), everything, count=False, order_by_field="mpid", order=Order.Asc
    ).hits
    xids = searcher.fast_field_values("changed_xid", [address for _, address in hits])
    return np.array([mpid for mpid, _ in hits], np.int64), np.array(xids, np.int64)


def _wrongly_tagged() -> Array:
    """Who has other tags or numbers than the database says."""
    tags = index.opened().tags
    words = {tag: row for tag, row in tags.rows.items() if tag.startswith("word:")}
    wrong = [partner.id for rows in listed_partners() for partner in rows if _differs(tags, partner, words)]
    return np.array(wrong, np.int64)


def _differs(tags: Tags, partner: Listed, words: dict[str, int]) -> bool:
    (place,) = tags.places_of(np.array([partner.id]))
    if place < 0 or any(tags.columns[name][place] != value for name, value in columns_of(partner).items()):
        return True
    set_rows = np.flatnonzero(tags.bits[: len(tags.rows), place >> 3] & (1 << (place & 7)))
    return {tags.rows.get(tag) for tag in tags_of(partner, words)} != set(set_rows.tolist())


def _tagged_beyond(known: Array) -> Array:
    """Who can be found by filters, and is not listed."""
    tags = index.opened().tags
    there = places_of(tags.any_of(tag for tag in tags.rows if tag.startswith("kind:")))
    return np.setdiff1d(tags.columns["mpid"][there], known)


def _listed(followed: Followed) -> tuple[Array, Array]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, changed_xid FROM overture_partner"
            " WHERE workspace_id IS NULL AND standing = 'listed' ORDER BY id"
        )
        rows = np.array(cursor.fetchall(), np.int64).reshape(-1, 2)
    return rows[:, 0], rows[:, 1]


def _changed_since(followed: Followed) -> Array:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM overture_partner WHERE workspace_id IS NULL AND changed_xid >= %s", [followed.xid]
        )
        return np.array([number for (number,) in cursor.fetchall()], np.int64)


def _but(numbers: Array, changed: Array) -> list[int]:
    return [int(number) for number in np.setdiff1d(numbers, changed)]
