"""Searches a marketplace for a member: a page of partners, how many match, a count for every filter.

Everything is found in the index of all partners, and what the workspace's relationships change of it is told
by its shelf: what is hidden is taken off each count; what is asked for by relationship is counted there.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime

import numpy as np
from django.utils import timezone
from tantivy import DocAddress, Order, Query

from overture.accounts.models import Membership
from overture.marketplace import counting, index
from overture.marketplace.asked import Asked
from overture.marketplace.best import table_of
from overture.marketplace.columns import Array
from overture.marketplace.counting import COUNTED, Counts
from overture.marketplace.fit import record_of
from overture.marketplace.index import NoIndex
from overture.marketplace.matching import Words, words_in
from overture.marketplace.query import Relation, Search, Sort, Tab
from overture.marketplace.shelf import RELATIONS, known_to

PAGE_SIZE = 24
# Results beyond the page that are read at first for those that are hidden.
_SLACK = 48
# So many that match are judged one by one; of more, the index gives the best.
_JUDGED = 5_000


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
    # The engine counts on another core while this thread ranks.
    counting_now = _threads.submit(_everywhere, asked)
    mpids = _page(asked, (page - 1) * size, size)
    counts = counting_now.result()
    facets = {name: _facet(asked, counts, name) for name in COUNTED}
    facets["relation"] = _relations(asked, counts)
    is_forgiving = asked.is_not_found or asked.words.has_misspelt
    return Found(mpids, _total(asked, counts), facets, is_forgiving, _tabs(asked))


def new_since(member: Membership, wanted: Search, since: datetime) -> list[int]:
    """Who came since that second and matches, newest first, at most 1,000. Raises NotReady."""
    newest = replace(wanted, tab=Tab.ALL, sort=Sort.NEWEST)
    return _page(replace(_ask(member, newest), since=int(since.timestamp())), 0, 1000)


def _ask(member: Membership, wanted: Search) -> Asked:
    try:
        opened = index.opened()
    except NoIndex:
        raise NotReady(index.percent_built()) from None
    known, record = known_to(member.workspace_id), record_of(member.workspace_id)
    words = words_in(opened.searcher, wanted.q)
    return Asked(opened, known, record, wanted, words, timezone.now().date()).forgiving()


def _tabs(asked: Asked) -> dict[str, int]:
    found = {}
    for tab in Tab:
        whole = replace(asked, wanted=Search(kind=asked.wanted.kind, tab=tab), words=Words())
        everywhere = counting.total(whole) if whole.is_everywhere else 0
        found[tab.value] = _total(whole, Counts(everywhere, {}))
    return found


def _everywhere(asked: Asked) -> Counts:
    """Of all partners; only how many there are where a few of them are asked."""
    if asked.is_everywhere:
        return counting.counts(asked)
    return Counts(counting.total(asked) if asked.wanted.tab == Tab.ALL else 0, {})


def _total(asked: Asked, counts: Counts) -> int:
    few = asked.few
    if asked.is_everywhere:
        return counts.total - int((few.places() & few.hidden).sum())
    return int((few.places() & ~few.hidden).sum())


def _facet(asked: Asked, counts: Counts, name: str) -> dict[str, int]:
    few = asked.few
    places = few.places(but=name)
    if not asked.is_everywhere:
        return dict(few.table.counts(name, places & ~few.hidden, asked.today))
    hidden = places & few.hidden
    less = few.table.counts(name, hidden, asked.today) if hidden.any() else {}
    return {value: count - less.get(value, 0) for value, count in counts.facets[name].items()}


def _relations(asked: Asked, counts: Counts) -> dict[str, int]:
    few = asked.few
    found = np.bincount(few.relations[few.places()], minlength=len(RELATIONS))
    told = {relation: int(found[place]) for place, relation in enumerate(RELATIONS)}
    if asked.wanted.tab == Tab.ALL:
        # A partner that is only saved has no relationship, and is among all the others.
        told[Relation.NONE] = counts.total - sum(int(each) for each in found[1:])
    return told


def _page(asked: Asked, offset: int, size: int) -> list[int]:
    few = asked.few
    if not asked.is_everywhere:
        places = _sorted_places(asked)[offset : offset + size]
        return [int(mpid) for mpid in few.table.mpids[places]]
    hidden = int((few.places() & few.hidden).sum())
    limit = offset + size + min(hidden, _SLACK)
    while True:
        mpids = _first(asked, limit)
        places = asked.known.places_of(mpids)
        shown = mpids[(places < 0) | ~few.hidden[places]] if hidden else mpids
        if len(shown) >= offset + size or len(mpids) < limit:
            return [int(mpid) for mpid in shown[offset : offset + size]]
        limit *= 2


def _first(asked: Asked, limit: int) -> Array:
    """Account numbers of the first results, whatever the workspace's relationship to them."""
    if not asked.order and not asked.words and not asked.since:
        return _best_fitting(asked, limit)
    key = ("first", limit, asked.order, *counting.key_of(asked))
    return counting.kept(key, lambda: _mpids(asked, _hits(asked, limit)))


def _best_fitting(asked: Asked, limit: int) -> Array:
    """From those that fit best of all, where they are enough; else every partner that matches is judged."""
    table = asked.best.table
    masks = table.filtered(asked.wanted, asked.today).values()
    near = table.mpids[np.logical_and.reduce([np.ones(len(table.mpids), np.bool_), *masks])]
    if len(near) >= limit:
        found: Array = near[:limit]
        return found

    def judge() -> Array:
        addresses = _addresses(asked, asked.query(), _JUDGED)
        if len(addresses) == _JUDGED:
            return _mpids(asked, _addresses(asked, asked.by_fit(), limit))
        rows = table_of(asked.opened.searcher, addresses)
        order = np.argsort(-asked.record.scores(rows.columns)[0], kind="stable")
        judged: Array = rows.mpids[order][:limit]
        return judged

    return counting.kept(("fit", limit, asked.record.number, *counting.key_of(asked)), judge)


def _hits(asked: Asked, limit: int) -> list[DocAddress]:
    searcher = asked.opened.searcher
    if asked.order:
        found = searcher.search(
            asked.query(), limit, count=False, order_by_field=asked.order, order=Order.Desc
        )
        return [address for _, address in found.hits]
    # Who has the words in the name ranks first; where they are enough, the others need no rank.
    for query in (asked.by_name(), asked.query(is_ranked=True)):
        if query is not None:
            hits = searcher.search(query, limit, count=False, weight_by_field="brevity").hits
            if len(hits) == limit:
                break
    return [address for _, address in hits]


def _addresses(asked: Asked, query: Query, limit: int) -> list[DocAddress]:
    return [address for _, address in asked.opened.searcher.search(query, limit, count=False).hits]


def _mpids(asked: Asked, addresses: list[DocAddress]) -> Array:
    return np.array(asked.opened.searcher.fast_field_values("mpid", addresses), np.int64)


def _sorted_places(asked: Asked) -> Array:
    """Of the few alone, in the order that is wanted."""
    few = asked.few
    wanted = few.places() & ~few.hidden
    words = asked.words_query(is_ranked=True)
    if not asked.order and words is not None and asked.wanted.tab != Tab.RECOMMENDED:
        ranked = asked.known.ranked(words)
        found: Array = ranked[wanted[ranked]]
        return found
    columns = few.table.columns
    values = columns[asked.order] if asked.order else asked.record.scores(columns)[0]
    places = wanted.nonzero()[0]
    in_order: Array = places[np.argsort(-values[places], kind="stable")]
    return in_order


_threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="counting")
