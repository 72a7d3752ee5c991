"""Turns a search into queries of the index: forgiving words, exact filters.

A word that the index knows is searched as it is, the last one also as the beginning of a word. A word it does
not know may be half a word, or have one letter wrong (two from eight letters on). When the words, each known,
are nowhere together, all of them are searched forgivingly.
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
# A word that so many partners have is meant as it stands, and not as the beginning of another.
_WHOLE = 24
# A word in so large a part of all partners tells little: it raises the rank, and need not be there.
_COMMON = 0.2
# How much more a word counts in a name, a website and among topics than elsewhere.
_NAME, _SITE, _TOPIC = 6.0, 3.0, 1.5
# Near spellings rank below right ones.
_PREFIX, _TYPO, _TWO_TYPOS = 0.6, 0.4, 0.2


@dataclass(frozen=True)
class Words:
    """The words of a search as the index knows them, with how many partners have each."""

    counts: tuple[tuple[str, int], ...]
    # Which of them must be there; the others are too common to tell anything.
    needed: frozenset[str]
    # Neither known nor the beginning of a word that is.
    misspelt: frozenset[str] = frozenset()
    # All of them in one, as in the name of a website.
    squashed: str = ""
    is_forgiving: bool = False

    def __bool__(self) -> bool:
        return bool(self.counts)

    def forgiving(self) -> Words:
        return replace(self, is_forgiving=True)


def words_in(searcher: Searcher, q: str) -> Words:
    counts = {word: searcher.doc_freq("text", word) for word in words_of(q)}
    most = searcher.num_docs * _COMMON
    needed = [word for word in counts if counts[word] <= most] or sorted(counts, key=counts.__getitem__)[:1]
    misspelt = [
        word for word in counts if not counts[word] and not searcher.terms_with_prefix("text", word, limit=1)
    ]
    return Words(tuple(counts.items()), frozenset(needed), frozenset(misspelt), "".join(plain(q).split()))


def match(words: Words, is_ranked: bool = True) -> Query | None:
    """The partners with these words; None for no words. Unranked it only says whether."""
    if not words:
        return None
    last = words.counts[-1][0]
    clauses = [
        (
            Occur.Must if word in words.needed else Occur.Should,
            _word(words, word, count, word == last, is_ranked),
        )
        for word, count in words.counts
        if is_ranked or word in words.needed
    ]
    together = clauses[0][1] if len(clauses) == 1 else Query.boolean_query(clauses)
    if len(words.squashed) < SHORTEST_TYPO or len(words.counts) == 1:
        return together
    # "La Longue Veille" is also lalongueveille.example.
    return _any([together, _scaled(_term("site", words.squashed), _SITE, is_ranked)])


def without_some(words: Words, is_ranked: bool = True) -> Query | None:
    """All words but one in three, where there are three or more: the last resort."""
    count = len(words.counts)
    if count < 3:
        return None
    clauses = [(Occur.Should, _word(words, word, known, True, is_ranked)) for word, known in words.counts]
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


def _tag(name: str, values: Iterable[str]) -> Query:
    return Query.const_score_query(_any([_term("tags", f"{name}:{value}") for value in values]), 0.0)


def _active(choice: str, today: date) -> Query:
    first = dict(active_bounds(today))[choice]
    within = Query.range_query(SCHEMA, "active_on", FieldType.Unsigned, first, None)
    return Query.const_score_query(within, 0.0)


def _word(words: Words, word: str, count: int, is_last: bool, is_ranked: bool) -> Query:
    ways = [_exact(word, is_ranked)] if count else []
    is_unsure = words.is_forgiving or not count
    is_long_enough = len(word) >= SHORTEST_PREFIX or not count
    if is_long_enough and (is_unsure or (is_last and count < _WHOLE)):
        ways.append(_beginning(word, is_ranked))
    if is_unsure and len(word) >= SHORTEST_TYPO:
        ways += _near(word, is_ranked)
    return _any(ways or [_exact(word, is_ranked)])


def _exact(word: str, is_ranked: bool) -> Query:
    anywhere = _term("text", word)
    if not is_ranked:
        return anywhere
    better = [("name", _NAME), ("site", _SITE), ("topics", _TOPIC)]
    raising = [(Occur.Should, Query.boost_query(_term(field, word), boost)) for field, boost in better]
    return Query.boolean_query([(Occur.Must, anywhere), *raising])


def _beginning(word: str, is_ranked: bool) -> Query:
    found = [_begins("text", word)]
    if is_ranked:
        found.append(Query.boost_query(_begins("name", word), _NAME))
    return _scaled(_any(found), _PREFIX, is_ranked)


def _near(word: str, is_ranked: bool) -> list[Query]:
    """A letter wrong in a name or a topic; two in a long word of a name."""
    ways = [_scaled(_fuzzy("name", word, 1), _TYPO * _NAME, is_ranked)]
    ways.append(_scaled(_fuzzy("topics", word, 1), _TYPO * _TOPIC, is_ranked))
    if len(word) >= SHORTEST_TWO_TYPOS:
        ways.append(_scaled(_fuzzy("name", word, 2), _TWO_TYPOS * _NAME, is_ranked))
        ways.append(_scaled(_fuzzy("site", word, 1), _TYPO * _SITE, is_ranked))
    return ways


def _term(field: str, word: str) -> Query:
    return Query.term_query(SCHEMA, field, word, "freq" if field != "tags" else "basic")


def _begins(field: str, word: str) -> Query:
    return Query.fuzzy_term_query(SCHEMA, field, word, distance=0, prefix=True)


def _fuzzy(field: str, word: str, distance: int) -> Query:
    return Query.fuzzy_term_query(SCHEMA, field, word, distance=distance)


def _any(queries: Sequence[Query]) -> Query:
    return (
        queries[0] if len(queries) == 1 else Query.boolean_query([(Occur.Should, each) for each in queries])
    )


def _scaled(query: Query, factor: float, is_ranked: bool) -> Query:
    return Query.boost_query(query, factor) if is_ranked else query
