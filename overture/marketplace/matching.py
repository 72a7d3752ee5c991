"""Turns the words of a search into queries of the index: forgiving, and ranked.

A word that the index knows is searched as it is, the last one also as the beginning of others while few
partners have it. A word it does not know may be half a word, or have one letter wrong among names and topics.
When the words are nowhere together like that, all are searched forgivingly, long ones with two letters wrong.

Where a word stands in a name it means that partner: that goes before everything else, then shorter names.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace

from tantivy import Occur, Query, Searcher

from overture.marketplace.schema import SCHEMA
from overture.marketplace.words import plain, words_of

SHORTEST_PREFIX, SHORTEST_TYPO, SHORTEST_TWO_TYPOS = 3, 4, 8
# The beginning of a word this short is looked for in names alone: among all words it would mean anything.
SHORT = 3
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
    # Other words that begin with it, where it may be half a word, and how many partners have each.
    endings: tuple[tuple[str, int], ...] = ()
    # Whether it must be there; else it is too common to tell anything.
    is_needed: bool = True

    @property
    def forms(self) -> dict[str, int]:
        """All that is found as the word, and how many partners have it."""
        return dict([(self.text, self.count), *self.endings])

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


def match(words: Words) -> Query:
    """The partners with these words, by relevance."""
    return _together(words, [(word, _word(word, words.is_forgiving)) for word in words.words])


def in_names(words: Words) -> Query:
    """Those with every word in their name, or all of them in their website: they rank before all others."""
    return _together(words, [(word, _any_weighted(_in_name(word))) for word in words.words if word.is_needed])


def in_topics(words: Words) -> Query:
    return all_of(
        [_any([_term("topics", form) for form in word.forms]) for word in words.words if word.is_needed]
    )


def written(word: Word, but: Container[str]) -> Query | None:
    """Those with one of the word's forms, wherever it may stand, `but` some; None for none."""
    terms = [query for form, query in _forms(word) if form not in but]
    return _any(terms) if terms else None


def without_some(words: Words) -> Query | None:
    """All words but one in three, where there are three or more: the last resort."""
    count = len(words.words)
    if count < 3:
        return None
    clauses = [(Occur.Should, _word(word, words.is_forgiving)) for word in words.words]
    return Query.boolean_query(clauses, minimum_number_should_match=count - count // 3)


def all_of(queries: Sequence[Query]) -> Query:
    return queries[0] if len(queries) == 1 else Query.boolean_query([(Occur.Must, each) for each in queries])


def _together(words: Words, queries: Sequence[tuple[Word, Query]]) -> Query:
    clauses = [(Occur.Must if word.is_needed else Occur.Should, query) for word, query in queries]
    together = clauses[0][1] if len(clauses) == 1 else Query.boolean_query(clauses)
    if len(words.squashed) < SHORTEST_TYPO or len(words.words) == 1:
        return together
    # "La Longue Veille" is also lalongueveille.example.
    return _any([together, Query.boost_query(_term("site", words.squashed), _SITE)])


def _endings(searcher: Searcher, word: str, count: int, is_last: bool) -> tuple[tuple[str, int], ...]:
    if count and (not is_last or len(word) < SHORTEST_PREFIX or count >= _WHOLE):
        return ()
    field = "name" if len(word) <= SHORT else "text"
    found = searcher.terms_with_prefix(field, word, limit=_MOST_ENDINGS)
    return tuple((term, count) for term, count in found if term != word)


def _word(word: Word, is_forgiving: bool) -> Query:
    typos = _typos(word, is_forgiving)
    if typos or word.endings:
        # As one question: to ask for the word and raise it where it stands well would look twice at each.
        nearly = _nearly(word, typos) if typos else []
        return _any_weighted([*_as_written(word), *_in_name(word), *nearly])
    raising = [(_term("site", word.text), _SITE), (_term("topics", word.text), _TOPIC), *_in_name(word)]
    shoulds = [(Occur.Should, Query.boost_query(query, boost)) for query, boost in raising]
    return Query.boolean_query([(Occur.Must, _any_weighted(_as_written(word))), *shoulds])


def _typos(word: Word, is_forgiving: bool) -> int:
    """How many letters may be wrong."""
    if len(word.text) < SHORTEST_TYPO or (word.count and not is_forgiving):
        return 0
    return 2 if is_forgiving and len(word.text) >= SHORTEST_TWO_TYPOS else 1


def _as_written(word: Word) -> list[tuple[Query, float]]:
    """Wherever the word may stand, whole or begun."""
    return [(query, 1.0) for _, query in _forms(word)]


def _forms(word: Word) -> list[tuple[str, Query]]:
    field = "name" if len(word.text) <= SHORT else "text"
    found = [(word.text, _term("text", word.text))] if word.count or not word.endings else []
    return found + [(ending, _term(field, ending)) for ending, _ in word.endings]


def _in_name(word: Word) -> list[tuple[Query, float]]:
    """The ways to stand in a name, and what each is worth."""
    ways = [(Query.const_score_query(_term("name", word.text), 1.0), _IN_NAME)]
    if word.endings:
        begun = _any([_term("name", ending) for ending, _ in word.endings])
        ways.append((Query.const_score_query(begun, 1.0), _BEGINS_NAME))
    return ways


def _nearly(word: Word, typos: int) -> list[tuple[Query, float]]:
    """The places where letters may be wrong. Dear: each looks through all words of a field, once a search."""
    ways = [("name", 1, _NEAR_NAME), ("topics", 1, _TOPIC), ("site", 1, _SITE)]
    if typos > 1:
        ways.append(("name", 2, _NEARLY_NAME))
    return [(_fuzzy(field, word.text, distance), worth) for field, distance, worth in ways]


def _term(field: str, word: str) -> Query:
    return Query.term_query(SCHEMA, field, word, "freq")


def _fuzzy(field: str, word: str, distance: int) -> Query:
    return Query.const_score_query(Query.fuzzy_term_query(SCHEMA, field, word, distance=distance), 1.0)


def _any_weighted(queries: Sequence[tuple[Query, float]]) -> Query:
    return _any([query if weight == 1.0 else Query.boost_query(query, weight) for query, weight in queries])


def _any(queries: Sequence[Query]) -> Query:
    if len(queries) == 1:
        return queries[0]
    return Query.boolean_query([(Occur.Should, each) for each in queries])
