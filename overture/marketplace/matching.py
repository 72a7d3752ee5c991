"""Turns a search into queries of the index: forgiving words, exact filters.

A word that the index knows is searched as it is, the last one also as the beginning of others while few
partners have it. A word it does not know may be half a word, or have one letter wrong among names and topics.
When the words are nowhere together like that, all are searched forgivingly, long ones with two letters wrong.

Where a word stands in a name it means that partner: that goes before everything else, then shorter names.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from tantivy import FieldType, Occur, Query, Searcher

from overture.marketplace.columns import active_bounds
from overture.marketplace.query import Search
from overture.marketplace.schema import SCHEMA
from overture.marketplace.words import plain, words_of

SHORTEST_PREFIX, SHORTEST_TYPO, SHORTEST_TWO_TYPOS = 3, 4, 8
# The beginning of a word this short is looked for in names alone: among all words it would mean anything.
_SHORT = 3
# A word that so many partners have is meant as it stands, and not as the beginning of another.
_WHOLE = 24
# So many words that begin alike are searched, those of most partners first.
_MOST_ENDINGS = 50
# A word in so large a part of all partners tells little: it raises the rank, and need not be there.
_COMMON = 0.2
# A place in a name outweighs whatever the engine makes of frequencies; near spellings follow right ones.
_IN_NAME, _BEGINS_NAME, _NEAR_NAME, _NEARLY_NAME = 1000.0, 600.0, 400.0, 200.0
# How much more a word counts in a website and among topics than elsewhere.
_SITE, _TOPIC = 3.0, 1.5


@dataclass(frozen=True)
class Word:
    """A word of a search as the index knows it."""

    text: str
    # How many partners have it.
    count: int
    # Other words that begin with it, where it may be half a word.
    endings: tuple[str, ...] = ()
    # Whether it must be there; else it is too common to tell anything.
    is_needed: bool = True

    @property
    def is_misspelt(self) -> bool:
        return not self.count and not self.endings


@dataclass(frozen=True)
class Words:
    words: tuple[Word, ...] = ()
    # All of them in one, as in the name of a website.
    squashed: str = ""
    is_forgiving: bool = False

    def __bool__(self) -> bool:
        return bool(self.words)

    @property
    def has_misspelt(self) -> bool:
        return any(word.is_misspelt for word in self.words)

    def forgiving(self) -> Words:
        return replace(self, is_forgiving=True)


def words_in(searcher: Searcher, q: str) -> Words:
    counts = {word: searcher.doc_freq("text", word) for word in words_of(q)}
    most = searcher.num_docs * _COMMON
    needed = {word for word in counts if counts[word] <= most} or set(
        sorted(counts, key=counts.__getitem__)[:1]
    )
    *_, last = counts or [""]
    words = [
        Word(word, count, _endings(searcher, word, count, word == last), word in needed)
        for word, count in counts.items()
    ]
    return Words(tuple(words), "".join(plain(q).split()))


def match(words: Words, is_ranked: bool = True, in_name: bool = False) -> Query | None:
    """The partners with these words; None for no words. Unranked it only says whether.

    `in_name`: only those that have every word in their name. They rank before all others.
    """
    if not words:
        return None
    clauses = [
        (Occur.Must if word.is_needed else Occur.Should, _word(word, words.is_forgiving, is_ranked, in_name))
        for word in words.words
        if is_ranked or word.is_needed
    ]
    together = clauses[0][1] if len(clauses) == 1 else Query.boolean_query(clauses)
    if in_name or len(words.squashed) < SHORTEST_TYPO or len(words.words) == 1:
        return together
    # "La Longue Veille" is also lalongueveille.example.
    return _any([together, Query.boost_query(_term("site", words.squashed), _SITE)])


def without_some(words: Words, is_ranked: bool = True) -> Query | None:
    """All words but one in three, where there are three or more: the last resort."""
    count = len(words.words)
    if count < 3:
        return None
    clauses = [(Occur.Should, _word(word, words.is_forgiving, is_ranked)) for word in words.words]
    return Query.boolean_query(clauses, minimum_number_should_match=count - count // 3)


def filters(wanted: Search, today: date) -> list[Query]:
    """One query for each filter that is set; relationships are not in the index."""
    found = [_tag("kind", [wanted.kind])]
    for name, values in wanted.chosen().items():
        if name == "active":
            found.append(_active(values[0], today))
        elif name != "relation":
            found.append(_tag(name, values))
    return found


def all_of(queries: Sequence[Query]) -> Query:
    return queries[0] if len(queries) == 1 else Query.boolean_query([(Occur.Must, each) for each in queries])


def _endings(searcher: Searcher, word: str, count: int, is_last: bool) -> tuple[str, ...]:
    if count and (not is_last or len(word) < SHORTEST_PREFIX):
        return ()
    field = "name" if len(word) <= _SHORT else "text"
    found = searcher.terms_with_prefix(field, word, limit=_MOST_ENDINGS)
    return tuple(term for term, _ in found if term != word)


def _tag(name: str, values: Iterable[str]) -> Query:
    return Query.const_score_query(_any([_term("tags", f"{name}:{value}") for value in values]), 0.0)


def _active(choice: str, today: date) -> Query:
    first = dict(active_bounds(today))[choice]
    within = Query.range_query(SCHEMA, "active_on", FieldType.Unsigned, first, None)
    return Query.const_score_query(within, 0.0)


def _word(word: Word, is_forgiving: bool, is_ranked: bool, in_name: bool = False) -> Query:
    typos = _typos(word, is_forgiving)
    if word.count >= _WHOLE and not is_forgiving:
        word = replace(word, endings=())
    there = _any((_names if in_name else _places)(word, typos))
    if not is_ranked:
        return there
    raising = [(_term("site", word.text), _SITE), (_term("topics", word.text), _TOPIC)]
    raising += _ranks_of_name(word, typos)
    shoulds = [(Occur.Should, Query.boost_query(query, boost)) for query, boost in raising]
    return Query.boolean_query([(Occur.Must, there), *shoulds])


def _typos(word: Word, is_forgiving: bool) -> int:
    """How many letters may be wrong."""
    if len(word.text) < SHORTEST_TYPO or (word.count and not is_forgiving):
        return 0
    return 2 if is_forgiving and len(word.text) >= SHORTEST_TWO_TYPOS else 1


def _places(word: Word, typos: int) -> list[Query]:
    """Wherever the word may stand, in one of its forms."""
    field = "name" if len(word.text) <= _SHORT else "text"
    found = [_term("text", word.text)] if word.count or not word.endings else []
    found += [_term(field, ending) for ending in word.endings]
    if typos:
        found += [_fuzzy(field, word.text, 1) for field in ("name", "topics", "site")]
    if typos > 1:
        found.append(_fuzzy("name", word.text, 2))
    return found


def _names(word: Word, typos: int) -> list[Query]:
    return [query for query, _ in _ranks_of_name(word, typos)]


def _ranks_of_name(word: Word, typos: int) -> list[tuple[Query, float]]:
    """The ways to stand in a name, and what each is worth."""
    ways = [(_term("name", word.text), _IN_NAME)]
    if word.endings:
        ways.append((_any([_term("name", ending) for ending in word.endings]), _BEGINS_NAME))
    if typos:
        ways.append((_fuzzy("name", word.text, 1), _NEAR_NAME))
    if typos > 1:
        ways.append((_fuzzy("name", word.text, 2), _NEARLY_NAME))
    return [(Query.const_score_query(query, 1.0), worth) for query, worth in ways]


def _term(field: str, word: str) -> Query:
    return Query.term_query(SCHEMA, field, word, "freq" if field != "tags" else "basic")


def _fuzzy(field: str, word: str, distance: int) -> Query:
    return Query.fuzzy_term_query(SCHEMA, field, word, distance=distance)


def _any(queries: Sequence[Query]) -> Query:
    if len(queries) == 1:
        return queries[0]
    return Query.boolean_query([(Occur.Should, each) for each in queries])
