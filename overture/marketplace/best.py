"""How well every partner fits a workspace, and who fits best: Recommended, and where a list by fit begins.

To score all partners takes a twentieth of a second for a million, and the record it comes from changes
slowly. So the scores are kept as long as the record is; who came since is scored when somebody looks.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass

import numpy as np

from overture.marketplace.bitmaps import Array
from overture.marketplace.fit import LEAST_REASONS, Record
from overture.marketplace.tags import Tags

# Partners kept in order, and of those how many can be recommended.
MOST, MOST_RECOMMENDED = 20_000, 1_000
# Workspaces whose scores a process keeps: four bytes a partner each.
_MOST_KEPT = 16


@dataclass(frozen=True, eq=False)
class Best:
    record: Record
    tags: Tags
    # For each place.
    values: Array
    # Places of those that fit best, best first; and of those, for whom enough speaks.
    places: Array
    is_recommended: Array

    def values_at(self, places: Array) -> Array:
        """How well each fits; among those alike the one of more people comes first."""
        count = len(self.values)
        known: Array = self.values[np.minimum(places, count - 1)] if count else np.zeros(len(places))
        is_new = places >= count
        if is_new.any():
            known[is_new] = _values(self.record, self.tags, count)[0][places[is_new] - count]
        return known


def best_of(tags: Tags, record: Record) -> Best:
    key = (record.number, str(tags.folder))
    with _lock:
        kept = _kept.get(key) or _kept.setdefault(key, _best(tags, record))
        _kept.move_to_end(key)
        while len(_kept) > _MOST_KEPT:
            _kept.popitem(last=False)
    return Best(record, tags, kept.values, kept.places, kept.is_recommended)


def largest(values: Array, count: int) -> Array:
    """Where the `count` largest values are, largest first; the same ones first in any longer list."""
    if 0 < count < len(values):
        least = np.partition(values, len(values) - count)[len(values) - count]
        above = np.flatnonzero(values > least)
        chosen = np.concatenate([above, np.flatnonzero(values == least)[: count - len(above)]])
    else:
        chosen = np.arange(len(values) if count else 0)
    found: Array = chosen[np.argsort(-values[chosen], kind="stable")]
    return found


def _best(tags: Tags, record: Record) -> Best:
    values, features = _values(record, tags, 0)
    places = largest(values, MOST) if not record.is_empty else np.empty(0, np.int64)
    return Best(record, tags, values, places, features[places] >= LEAST_REASONS)


def _values(record: Record, tags: Tags, first: int) -> tuple[Array, Array]:
    """From the place `first` on."""
    weights, features = record.scores(tags, first)
    people = tags.columns["audience"][first : tags.count]
    return weights + np.log10(people + 1, dtype=np.float32) * np.float32(1e-5), features


_lock = threading.Lock()
_kept: OrderedDict[tuple[int, str], Best] = OrderedDict()
