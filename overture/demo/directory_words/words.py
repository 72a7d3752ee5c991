"""What one language gives to made-up partners: names, patterns, topics and sentences; and how it is read."""

from __future__ import annotations

from dataclasses import dataclass

# In the order of every language's topics. Equal to vocabulary.Category; here without Django.
CATEGORIES = (
    "Home and living",
    "Food and table",
    "Travel",
    "Fashion",
    "Beauty",
    "Technology",
    "Sport",
    "Kids",
    "Pets",
    "Finance",
    "Health",
    "Gardens",
    "Books and culture",
    "Music",
    "Games",
    "Cars and motorbikes",
    "Education",
    "Business",
    "Gifts and occasions",
    "Crafts and DIY",
    "Weddings",
    "Other",
)


@dataclass(frozen=True, kw_only=True)
class Words:
    """One language, as text: lists have commas, sentences and patterns a line each (indented lines go on).

    Patterns of names have the slots {head} {tail} {noun} {topic} {Topic} {end}, those of creators {person}
    {first} {handle}, too; sentences have {a} {b} {c} (topics), {cat} and {year}. In scripts that are not
    transliterated, names of people carry their Latin form (`佐藤 sato`), and `latin` has words of hosts.
    """

    # Groups of first names and family names that go together.
    people: tuple[tuple[str, str], ...]
    names: str
    creators: str
    heads: str
    tails: str
    nouns: str
    ends: str
    openings: str
    middles: str
    closings: str
    # One line for each category: how a sentence calls it, a colon, its topics.
    topics: str
    titles: str = "Editor, Partnerships, Founder, Account lead, Content lead, Publisher, Head of media"
    # Openings of single categories: position in CATEGORIES, a colon, the sentence.
    special: str = ""
    latin: str = ""
    ampersand: str = "and"
    family_first: bool = False
    # Topics in names: Every Word has a capital, as in English titles.
    has_title_case: bool = False


def lines(text: str) -> tuple[str, ...]:
    return tuple(text.strip().replace("\n  ", " ").splitlines())


def items(text: str) -> tuple[str, ...]:
    return tuple(" ".join(part.split()) for part in text.split(",") if part.strip())


def compound(stems: str, endings: str) -> str:
    """Every stem with every ending: Ash-ford, Ash-ley."""
    return ", ".join(stem + ending for stem in items(stems) for ending in items(endings))


def double(text: str, join: str) -> str:
    """Every two family names together, as where people have two."""
    names = items(text)
    return ", ".join(one + join + other for one in names for other in names if one != other)


def topics_of(words: Words) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """For each category how a sentence calls it, and its topics."""
    found = []
    for line in lines(words.topics):
        called, _, topics = line.partition(":")
        found.append((called.strip(), items(topics)))
    assert len(found) == len(CATEGORIES)
    return tuple(found)


def special_of(words: Words) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for line in lines(words.special):
        position, _, sentence = line.partition(":")
        found.setdefault(int(position), []).append(sentence.strip())
    return found
