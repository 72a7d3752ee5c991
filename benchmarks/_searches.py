"""Searches made from the directory by fixed rules: a mix for timing, and questions with known answers."""

from __future__ import annotations

import random
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.db import connection
from django.utils.translation import override

from overture.directory.vocabulary import BusinessModel, Category, ChannelKind, Method, Size
from overture.marketplace.query import Search
from overture.marketplace.words import plain, words_of

SEED = 7
_SAMPLE = 20_000
_COUNTRIES = ("FR", "GB", "DE", "US", "ES", "SE", "JP", "BE", "IT", "CA")
_LANGUAGES = ("fr", "en", "de", "es", "sv", "nl", "it")
# How many of 1,000 are of each sort; of those with words every fifth has a filter, too.
MIX = {
    "rare word": 180, "common word": 150, "two words": 170, "typo": 150, "prefix": 120, "filters": 120,
    "none": 30, "deep page": 80,
}  # fmt: skip


@dataclass(frozen=True)
class Timed:
    sort: str
    search: Search
    page: int = 1


@dataclass(frozen=True)
class Question:
    rule: str
    kind: str
    q: str
    answer: int


@dataclass(frozen=True)
class Row:
    mpid: int
    kind: str
    name: str
    category: str
    topics: list[str]
    about: str
    # All plain names, in order.
    names: tuple[str, ...] = ()

    def begins_alone(self, beginning: str) -> bool:
        first = bisect_left(self.names, plain(beginning))
        return not any(name.startswith(plain(beginning)) for name in self.names[first + 1 : first + 2])


def mix() -> list[Timed]:
    """1,000 searches, in an order of their own, the same each time for the same directory."""
    rng = random.Random(SEED)
    rows = _sample(rng)
    common = [
        word for word, _ in Counter(w for row in rows for w in set(words_of(row.about))).most_common(400)
    ]
    made = [_timed(sort, rng, rows, common) for sort, count in MIX.items() for _ in range(count)]
    rng.shuffle(made)
    return made


def questions(each: int = 100) -> list[Question]:
    """`each` of every rule, about partners whose name is theirs alone."""
    rng = random.Random(SEED)
    rows = _sample(rng, unique=True)
    return [question for rule in _RULES for question in _asked(rule, rng, rows, each)]


def _timed(sort: str, rng: random.Random, rows: list[Row], common: list[str]) -> Timed:
    row = rng.choice(rows)
    name = [word for word in words_of(row.name) if len(word) > 3] or words_of(row.name) or ["lin"]
    q = {
        "rare word": lambda: rng.choice(name),
        "common word": lambda: rng.choice(common),
        "two words": lambda: f"{rng.choice(name)} {rng.choice(words_of(' '.join(row.topics)) or common)}",
        "typo": lambda: _mistyped(max(name, key=len), rng),
        "prefix": lambda: max(name, key=len)[: rng.randint(3, 5)],
        "deep page": lambda: rng.choice(common),
    }.get(sort, lambda: "")()
    wanted = Search(
        kind=row.kind, q=q, **(_filters(rng) if sort == "filters" or (q and rng.random() < 0.2) else {})
    )
    return Timed(sort, wanted, rng.randint(10, 400) if sort == "deep page" else 1)


def _filters(rng: random.Random) -> dict[str, object]:
    choices = {
        "country": _COUNTRIES, "category": Category.values, "method": Method.values, "size": Size.values,
        "model": BusinessModel.values, "language": _LANGUAGES, "channel": ChannelKind.values,
    }  # fmt: skip
    chosen: dict[str, object] = {
        name: tuple(rng.sample(list(choices[name]), rng.randint(1, 2)))
        for name in rng.sample(list(choices), rng.randint(1, 3))
    }
    if rng.random() < 0.15:
        chosen["active"] = rng.choice(["7", "30", "90"])
    if rng.random() < 0.15:
        chosen["relation"] = (rng.choice(["none", "prospect", "joined"]),)
    return chosen


def _asked(rule: str, rng: random.Random, rows: list[Row], count: int) -> Iterator[Question]:
    made, tried = 0, iter(rng.sample(rows, len(rows)))
    for row in tried:
        if made == count:
            return
        if q := _RULES[rule](row, rng):
            made += 1
            yield Question(rule, row.kind, q, row.mpid)


def _typo(row: Row, rng: random.Random) -> str:
    words = row.name.split()
    longest = max(words, key=len)
    return "" if len(longest) < 5 else row.name.replace(longest, _mistyped(longest, rng))


def _accent_lost(row: Row, rng: random.Random) -> str:
    bare = "".join(
        each for each in unicodedata.normalize("NFKD", row.name) if not unicodedata.combining(each)
    )
    return bare if bare != row.name and bare.isascii() else ""


def _order(row: Row, rng: random.Random) -> str:
    words = row.name.split()
    return " ".join(reversed(words)) if len(words) > 2 else ""


def _half(row: Row, rng: random.Random) -> str:
    """Half of the last word, where no other name goes on from there: else there is no one answer."""
    *head, last = row.name.split()
    q = " ".join([*head, last[: max(3, (len(last) + 1) // 2)]])
    return q if head and len(last) > 5 and row.begins_alone(q) else ""


def _two_languages(row: Row, rng: random.Random) -> str:
    """The name with the category as the other language of the site calls it."""
    with override("fr"):
        return f"{row.name} {Category(row.category).label}"


_RULES = {
    "typo": _typo,
    "accent lost": _accent_lost,
    "word order": _order,
    "half a word": _half,
    "two languages": _two_languages,
}


def _mistyped(word: str, rng: random.Random) -> str:
    """One letter left out, doubled, swapped or wrong, never the first."""
    at = rng.randrange(1, len(word) - 1) if len(word) > 2 else 1
    way = rng.randrange(4)
    if way == 0:
        return word[:at] + word[at + 1 :]
    if way == 1:
        return word[:at] + word[at] + word[at:]
    if way == 2:
        return word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :]
    return word[:at] + rng.choice("aeinorst") + word[at + 1 :]


def _sample(rng: random.Random, unique: bool = False) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, kind, name, category, topics, about FROM overture_partner"
            " WHERE workspace_id IS NULL AND standing = 'listed' ORDER BY md5(id::text) LIMIT %s",
            [_SAMPLE],
        )
        rows = [Row(*row) for row in cursor.fetchall()]
        if not unique:
            return rows
        cursor.execute("SELECT name FROM overture_partner WHERE workspace_id IS NULL AND standing = 'listed'")
        names = tuple(sorted(plain(name) for (name,) in cursor.fetchall()))
    known = Counter(names)
    return [replace(row, names=names) for row in rows if known[plain(row.name)] == 1]
