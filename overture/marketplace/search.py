"""Searches a marketplace for a member: a page of partners, how many match, a count for every filter.

Words, filters and relationships are sets of partners, as bits (tags.py, hits.py, shelf.py). Each count is of
what they have in common; a filter's own ticks are left out of its counts.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

import numpy as np
from django.utils import timezone

from overture.accounts.models import Membership
from overture.marketplace import bitmaps, index
from overture.marketplace.asked import Asked
from overture.marketplace.best import largest
from overture.marketplace.bitmaps import Array, Bitmap
from overture.marketplace.facets import FACETS, active_bounds
from overture.marketplace.fit import record_of
from overture.marketplace.hits import hits_of
from overture.marketplace.index import NoIndex
from overture.marketplace.query import Search, Sort, Tab
from overture.marketplace.shelf import known_to

PAGE_SIZE = 24


class NotReady(Exception):
    """This host has no index yet. `percent` tells how far its making is, None where nobody makes one."""

    def __init__(self, percent: int | None) -> None:
        super().__init__(percent)
        self.percent = percent


@dataclass(frozen=True)
class Found:
    # Account numbers of this page, in order.
    mpids: list[int]
    total: int
    # By filter and value: how many there would be with this value ticked, the filter's other ticks aside.
    facets: dict[str, dict[str, int]] = field(default_factory=dict)
    # The words are found nowhere as they were written, and were taken for near ones.
    is_forgiving: bool = False
    # How many each tab has, before anything is searched.
    tabs: dict[str, int] = field(default_factory=dict)


def search(member: Membership, wanted: Search, page: int = 1, size: int = PAGE_SIZE) -> Found:
    """Page `page` (from 1) of what is wanted. Raises NotReady."""
    asked = _ask(member, wanted)
    found = asked.matching()
    places = _page(asked, found, (page - 1) * size, size)
    return Found(
        [int(mpid) for mpid in asked.opened.tags.columns["mpid"][places]],
        bitmaps.count(found),
        _facets(asked, found),
        asked.hits is not None and asked.hits.is_forgiving,
        {tab.value: bitmaps.count(asked.shown(tab)) for tab in Tab},
    )


def new_since(member: Membership, wanted: Search, since: datetime) -> list[int]:
    """Who came since that second and matches, newest first, at most 1,000. Raises NotReady."""
    newest = replace(wanted, tab=Tab.ALL, sort=Sort.NEWEST)
    asked = replace(_ask(member, newest), since=int(since.timestamp()))
    places = _page(asked, asked.matching(), 0, 1000)
    return [int(mpid) for mpid in asked.opened.tags.columns["mpid"][places]]


def _ask(member: Membership, wanted: Search) -> Asked:
    try:
        opened = index.opened()
    except NoIndex:
        raise NotReady(index.percent_built()) from None
    hits = hits_of(opened, wanted.q, wanted.kind) if wanted.q else None
    known, record = known_to(member.workspace_id, opened), record_of(member.workspace_id)
    return Asked(opened, known, record, wanted, hits, timezone.now().date())


def _facets(asked: Asked, found: Bitmap) -> dict[str, dict[str, int]]:
    facets = {}
    for name in (*FACETS, "active", "relation"):
        within = asked.matching(but=name) if name in asked.masks else found
        facets[name] = _facet(asked, name, within)
    return facets


def _facet(asked: Asked, name: str, within: Bitmap) -> dict[str, int]:
    tags = asked.opened.tags
    if name == "relation":
        return {value: bitmaps.count(mask & within) for value, mask in asked.known.relations.items()}
    if name == "active":
        bounds = active_bounds(asked.today)
        return {choice: bitmaps.count(tags.at_least("active_on", first) & within) for choice, first in bounds}
    rows = tags.by_filter.get(name, {})
    counts = tags.counts(rows.values(), within)
    return {value: int(count) for value, count in zip(rows, counts, strict=True) if count}


def _page(asked: Asked, found: Bitmap, offset: int, size: int) -> Array:
    """Places of a page: those the words rank, then all others by what the list is sorted by."""
    head = _head(asked, found)
    rest = offset + size - len(head)
    if rest > 0:
        others = bitmaps.places_of(found & ~asked.opened.tags.marked(head))
        head = np.concatenate([head, others[largest(asked.values_at(others), rest)]])
    return head[offset : offset + size]


def _head(asked: Asked, found: Bitmap) -> Array:
    """The beginning of the list, where it is known already."""
    if asked.is_ranked and asked.hits is not None:
        ranked = asked.hits.ranked
    elif not asked.order:
        ranked = asked.best.places
    else:
        return np.empty(0, np.int64)
    wanted: Array = ranked[bitmaps.holds(found, ranked)]
    return wanted
