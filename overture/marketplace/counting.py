"""Counts of the index of all partners: how many match, and for each filter how many have each value."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar

from overture.marketplace.asked import Asked
from overture.marketplace.columns import FACETS, active_bounds, counted

COUNTED = (*FACETS, "active")
# Those with several columns make up half of the work.
_SEVERAL = [name for name, facet in FACETS.items() if len(facet.columns) > 1]
# Answers kept: the whole marketplace and the first ticks are asked again and again, and are the dearest.
_KEPT = 512
# More values than any column has.
_MOST_VALUES = 2000
T = TypeVar("T")


@dataclass(frozen=True)
class Counts:
    total: int
    # By filter and value, the filter's own ticks aside.
    facets: Mapping[str, Mapping[str, int]]


def counts(asked: Asked) -> Counts:
    """As if there were no relationships."""
    return kept(("counts", *key_of(asked)), lambda: _counts(asked))


def total(asked: Asked) -> int:
    def count() -> int:
        found: int = asked.opened.searcher.search(asked.query(), 1).count  # type: ignore[attr-defined]
        return found

    return kept(("total", *key_of(asked)), count)


def key_of(asked: Asked) -> tuple[Hashable, ...]:
    """Whatever decides what the index answers, order and page aside."""
    wanted = asked.wanted
    chosen = tuple((name, values) for name, values in wanted.chosen().items() if name != "relation")
    words = (asked.words, asked.has_last_resort)
    return (asked.opened.generation, wanted.kind, chosen, words, asked.since, asked.today)


def kept(key: tuple[Hashable, ...], find: Callable[[], T]) -> T:
    """What was found for this key before, else now. An index that changed has other keys."""
    with _lock:
        if key in _answers:
            _answers.move_to_end(key)
            answer: T = _answers[key]
            return answer
    found = find()
    with _lock:
        _answers[key] = found
        while len(_answers) > _KEPT:
            _answers.popitem(last=False)
    return found


def _counts(asked: Asked) -> Counts:
    """In passes side by side, for a ticked filter is counted as if nothing were ticked in it."""
    ticked = [name for name in asked.wanted.chosen() if name in COUNTED]
    names = [name for name in COUNTED if name not in ticked]
    passes = [_threads.submit(_but, asked, name) for name in ticked]
    passes.append(_threads.submit(_numbers, asked, [name for name in names if name in _SEVERAL]))
    numbers = _numbers(asked, [name for name in names if name not in _SEVERAL])
    facets = dict(numbers.facets)
    for each in passes:
        facets.update(each.result().facets)
    return Counts(numbers.total, facets)


def _but(asked: Asked, name: str) -> Counts:
    without = replace(asked, wanted=asked.wanted.without(name))
    return kept(("but", name, *key_of(without)), lambda: _numbers(without, [name]))


def _numbers(asked: Asked, names: Sequence[str]) -> Counts:
    """One pass over what matches, for these filters."""
    columns = [column for name in names if name in FACETS for column in FACETS[name].columns] or ["size"]
    asks: dict[str, Any] = {column: {"terms": {"field": column, "size": _MOST_VALUES}} for column in columns}
    if "active" in names:
        asks["active"] = {"range": {"field": "active_on", "ranges": _ranges(asked.today)}}
    found = asked.opened.searcher.aggregate(asked.query(), asks)
    facets: dict[str, Mapping[str, int]] = {}
    for name in names:
        if name == "active":
            facets[name] = _active(found["active"]["buckets"], asked.today)
        else:
            facets[name] = counted(FACETS[name], [_by_code(found[column]) for column in FACETS[name].columns])
    # Every partner has a number in every column.
    return Counts(sum(bucket["doc_count"] for bucket in found[columns[0]]["buckets"]), facets)


def _by_code(column: Mapping[str, Any]) -> dict[int, int]:
    return {int(bucket["key"]): bucket["doc_count"] for bucket in column["buckets"]}


def _ranges(today: date) -> list[dict[str, int]]:
    """Side by side, each from one choice's first day to the next one's."""
    firsts = [first for _, first in active_bounds(today)]
    return [
        {"from": first} | ({"to": after} if after else {})
        for after, first in zip([0, *firsts], firsts, strict=False)
    ]


def _active(buckets: Sequence[Mapping[str, Any]], today: date) -> dict[str, int]:
    """Who was active this week was active this month, too."""
    starts = {int(bucket["from"]): bucket["doc_count"] for bucket in buckets if "from" in bucket}
    within, sum_so_far = {}, 0
    for choice, first in active_bounds(today):
        sum_so_far += starts.get(first, 0)
        within[choice] = sum_so_far
    return within


_threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="columns")
_lock = threading.Lock()
_answers: OrderedDict[tuple[Hashable, ...], Any] = OrderedDict()
