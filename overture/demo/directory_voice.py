"""The words of one language made ready for one place and one category: what is left to do is to draw."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from overture.demo.directory_hosts import plain
from overture.demo.directory_places import PLACES
from overture.demo.directory_words.all import WORDS
from overture.demo.directory_words.words import CATEGORIES, Words, items, lines, special_of, topics_of

# A name to be drawn: one of each in turn, joined.
Pattern = tuple[tuple[str, ...], ...]
Person = tuple[tuple[str, str], ...]
_SLOT = re.compile(r"(\{\w+\})")
# These are known only when the person is.
_LATER = ("{person}", "{first}", "{handle}")


@dataclass(frozen=True, slots=True)
class Voice:
    names: tuple[Pattern, ...]
    creators: tuple[Pattern, ...]
    # First and family names that go together, each with its Latin form.
    people: tuple[tuple[Person, Person], ...]
    openings: tuple[str, ...]
    middles: tuple[str, ...]
    closings: tuple[str, ...]
    topics: tuple[str, ...]
    english_topics: tuple[str, ...]
    titles: tuple[str, ...]
    # Words of hosts, where names cannot be transliterated.
    latin: tuple[str, ...]
    # Words that handles end with.
    handles: tuple[str, ...]
    ampersand: str
    family_first: bool
    # Between sentences; none in Japanese and Chinese.
    space: str


@cache
def voice(place: int, category: str) -> Voice:
    """That of PLACES[place], writing about a category."""
    language = PLACES[place].languages[0]
    words, position = WORDS[language], CATEGORIES.index(category)
    called, topics = _topics(language)[position]
    lists = _lists(words, topics, PLACES[place].cities)
    openings = (*special_of(words).get(position, []) * 2, *lines(words.openings))
    return Voice(
        names=tuple(_pattern(text, lists) for text in lines(words.names)),
        creators=tuple(_pattern(text, lists) for text in lines(words.creators)),
        people=_people(language),
        openings=_called(openings, called),
        middles=_called(lines(words.middles), called),
        closings=_called(lines(words.closings), called),
        topics=topics,
        english_topics=_topics("en")[position][1],
        titles=items(words.titles),
        latin=items(words.latin),
        handles=_handles(language),
        ampersand=words.ampersand,
        family_first=words.family_first,
        space="" if language in ("ja", "zh") else " ",
    )


def _lists(words: Words, topics: tuple[str, ...], cities: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    capital = str.title if words.has_title_case else _capitalised
    return {
        "{head}": items(words.heads),
        "{tail}": items(words.tails),
        "{noun}": items(words.nouns),
        "{end}": items(words.ends) + cities,
        "{topic}": topics,
        "{Topic}": tuple(capital(topic).replace("’S", "’s").replace("'S", "'s") for topic in topics),
    } | {slot: (slot,) for slot in _LATER}


def _pattern(text: str, lists: dict[str, tuple[str, ...]]) -> Pattern:
    return tuple(lists.get(part, (part,)) for part in _SLOT.split(text) if part)


def _called(sentences: tuple[str, ...], called: str) -> tuple[str, ...]:
    return tuple(sentence.replace("{cat}", called) for sentence in sentences)


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


@cache
def _topics(language: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return topics_of(WORDS[language])


@cache
def _people(language: str) -> tuple[tuple[Person, Person], ...]:
    return tuple((_both(firsts), _both(lasts)) for firsts, lasts in WORDS[language].people)


def _both(text: str) -> Person:
    """`佐藤 sato` is a name and its Latin form; others are transliterated."""
    found = []
    for name in items(text):
        shown, _, latin = name.rpartition(" ")
        is_pair = bool(shown) and not shown.isascii() and latin.isascii() and not plain(shown)
        found.append((shown, latin) if is_pair else (name, plain(name)))
    return tuple(found)


@cache
def _handles(language: str) -> tuple[str, ...]:
    words = WORDS[language]
    return items(words.latin) or tuple(plain(noun) for noun in items(words.nouns))
