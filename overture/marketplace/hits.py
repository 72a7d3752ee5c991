"""The partners that the words of a search find: all of them as bits, the best of them in order.

One question to the engine gives both, as long as few partners have the words. Words that very many have
stand among the tags, so that nobody is fetched to be counted; of these, who has them in the name or among the
topics ranks first, and the order of the others is not the words' to tell.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
from tantivy import Query

from overture.lib.memory import no_search_for_cycles
from overture.marketplace import bitmaps
from overture.marketplace.bitmaps import Array, Bitmap
from overture.marketplace.index import Opened
from overture.marketplace.matching import (
    SHORT,
    Word,
    Words,
    in_names,
    in_topics,
    match,
    without_some,
    words_in,
    written,
)

# So many partners are fetched by rank; a word of more is a tag.
MANY = 10_000
# Of words that very many have, so many of each sort are ranked by the words.
_HEAD = 2_000
# Searches whose finds a process keeps: filters are ticked one after the other for the same words.
_MOST_KEPT = 64


@dataclass(frozen=True, eq=False)
class Hits:
    bitmap: Bitmap
    # Places, best first; who is found and not among them comes after.
    ranked: Array
    # The words are nowhere as they were written, and were taken for near ones.
    is_forgiving: bool = False


def hits_of(opened: Opened, q: str, kind: str) -> Hits:
    """What is asked besides does not matter: a filter that leaves nothing does not make a word wrong."""
    words = words_in(opened.searcher, q)
    key = (opened.generation, kind, words)
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    found = _found(opened, words, opened.tags.bitmap(f"kind:{kind}"))
    with _lock:
        _kept[key] = found
        while len(_kept) > _MOST_KEPT:
            _kept.popitem(last=False)
    return found


def _found(opened: Opened, words: Words, of_kind: Bitmap) -> Hits:
    """As the words are written; else with near spellings, else without some of the words."""
    if not words:
        return Hits(opened.tags.empty(), np.empty(0, np.int64))
    if common := _of_common(opened, words):
        return Hits(*common)
    bitmap, ranked = _of(opened, match(words))
    if (bitmap & of_kind).any():
        return Hits(bitmap, ranked, words.has_misspelt)
    near = words.forgiving()
    for query in (match(near), without_some(near)):
        if query is not None:
            bitmap, ranked = _of(opened, query)
            if (bitmap & of_kind).any():
                break
    return Hits(bitmap, ranked, is_forgiving=True)


def _of(opened: Opened, query: Query) -> tuple[Bitmap, Array]:
    with no_search_for_cycles():
        hits = opened.searcher.search(query, MANY + 1, count=False, weight_by_field="brevity").hits
        ranked = _places(opened, [address for _, address in hits])
    if len(hits) <= MANY:
        return opened.tags.marked(ranked), ranked
    return _everybody(opened, query), ranked[:MANY]


def _of_common(opened: Opened, words: Words) -> tuple[Bitmap, Array] | None:
    """None where a word that must be there is not one that very many have."""
    needed = [word for word in words.words if word.is_needed]
    if not all(_is_common(word) for word in needed):
        return None
    first = _ranked(opened, in_names(words), weight_by_field="brevity")
    second = _ranked(opened, in_topics(words))
    found = opened.tags.marked(first)
    ranked = np.concatenate([first, second[~bitmaps.holds(found, second)]])
    return found | np.bitwise_and.reduce([_with_word(opened, word) for word in needed]), ranked


def _is_common(word: Word) -> bool:
    return sum(word.forms.values()) > MANY


def _with_word(opened: Opened, word: Word) -> Bitmap:
    """Forms of it that are tags need no asking; a short word's endings are looked for in names alone."""
    forms = [word.text] if len(word.text) <= SHORT else list(word.forms)
    tags = {form: f"word:{form}" for form in forms if f"word:{form}" in opened.tags.rows}
    found = opened.tags.any_of(tags.values())
    rest = written(word, tags)
    return found if rest is None else found | _everybody(opened, rest)


def _everybody(opened: Opened, query: Query) -> Bitmap:
    """Fetched one by one: a fifth of a microsecond each."""
    searcher = opened.searcher
    hits = searcher.search(query, max(searcher.num_docs, 1), count=False, order_by_field="mpid").hits
    mpids = np.fromiter((mpid for mpid, _ in hits), np.int64, len(hits))
    return opened.tags.marked(opened.tags.places_of(mpids))


def _ranked(opened: Opened, query: Query, **options: str) -> Array:
    hits = opened.searcher.search(query, _HEAD, count=False, **options).hits  # type: ignore[arg-type]
    return _places(opened, [address for _, address in hits])


def _places(opened: Opened, addresses: list[object]) -> Array:
    mpids = np.array(opened.searcher.fast_field_values("mpid", addresses), np.int64)  # type: ignore[arg-type]
    places = opened.tags.places_of(mpids)
    found: Array = places[places >= 0]
    return found


_lock = threading.Lock()
_kept: OrderedDict[Hashable, Hits] = OrderedDict()
