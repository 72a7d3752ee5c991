"""Shows why a result matched: the words of a text that a search found, and the part where they stand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from overture.marketplace.matching import SHORTEST_PREFIX, SHORTEST_TWO_TYPOS, SHORTEST_TYPO
from overture.marketplace.words import plain, words_of

_WORD = re.compile(r"[^\W_]+")
_UNSPACED = re.compile("[\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_ELLIPSIS = "…"


def pieces(text: str, q: str) -> list[tuple[str, bool]]:
    """The text cut where a word that was searched begins or ends, each piece with whether it is one."""
    words = _words(q)
    if not words:
        return [(text, False)] if text else []
    spans = [(found.start(), found.end()) for found in _WORD.finditer(text) if _is_meant(found[0], words)]
    return _cut(text, spans)


def excerpt(text: str, q: str, length: int = 140) -> list[tuple[str, bool]]:
    """At most `length` characters, from near the first word found on, with what is found marked."""
    words = _words(q)
    found = next((each.start() for each in _WORD.finditer(text) if words and _is_meant(each[0], words)), 0)
    start = 0 if found < length * 2 // 3 else _beginning(text, found - length // 4)
    part = text[start : start + length]
    if start + length < len(text):
        part = part[: part.rfind(" ")] if " " in part else part
        part = part.rstrip(" ,;:.") + _ELLIPSIS
    return pieces((_ELLIPSIS if start else "") + part, q)


def _beginning(text: str, near: int) -> int:
    """Where the first whole word after this place begins."""
    space = text.find(" ", near)
    return space + 1 if space >= 0 else near


def _cut(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[str, bool]]:
    found, at = [], 0
    for start, end in spans:
        found += [(text[at:start], False), (text[start:end], True)]
        at = end
    return [(piece, is_marked) for piece, is_marked in [*found, (text[at:], False)] if piece]


@lru_cache(maxsize=256)
def _words(q: str) -> tuple[str, ...]:
    return tuple(words_of(q))


@lru_cache(maxsize=20_000)
def _is_meant(written: str, words: tuple[str, ...]) -> bool:
    """By the rules of matching.py, or nearly so: the same, a beginning, or a letter or two wrong."""
    word = plain(written)
    if _UNSPACED.search(written):
        return any(each in word for each in words)
    return any(
        word == each or (len(each) >= SHORTEST_PREFIX and word.startswith(each)) or _is_near(word, each)
        for each in words
    )


def _is_near(word: str, other: str) -> bool:
    if len(other) < SHORTEST_TYPO or word[0] != other[0]:
        return False
    most = 2 if len(other) >= SHORTEST_TWO_TYPOS else 1
    return abs(len(word) - len(other)) <= most and _distance(word, other) <= most


def _distance(one: str, other: str) -> int:
    """Of Damerau and Levenshtein: letters added, left out, wrong, or two swapped."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        row = [i] + [0] * len(other)
        for j, meant in enumerate(other, 1):
            row[j] = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != meant))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == meant:
                row[j] = min(row[j], before[j - 2] + 1)
        before, last = last, row
    return last[-1]
