"""Makes the partners of a directory from a seed: partner number k is the same however many are made."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple, TypeVar

from overture.demo.directory_cast import CAST
from overture.demo.directory_hosts import code, plain
from overture.demo.directory_places import PLACES, Place
from overture.demo.directory_traits import (
    CATEGORY_WEIGHTS,
    CHANNELS,
    METHODS,
    MODELS,
    YOUNG,
    age_profiles,
    channel,
    repeated,
)
from overture.demo.directory_voice import Voice, voice
from overture.demo.generate import SEED
from overture.demo.made_partner import MadePartner

LARGEST = 5_000_000
_MINUTES = 3 * 365 * 24 * 60
_PLACES = tuple(index for index, place in enumerate(PLACES) for _ in range(place.weight))
_CATEGORIES = repeated(CATEGORY_WEIGHTS)
_MODELS = {kind: repeated(weights) for kind, weights in MODELS.items()}
_AGES = age_profiles(240)
_SEPARATORS = ("", "", ".", "_")
_Draw = Callable[[], float]
_T = TypeVar("_T")


def generate(first: int, count: int, seed: int = SEED) -> Iterator[MadePartner]:
    """Partners number `first` to `first + count - 1`, counted from 0; the first ones are the named cast."""
    rng = random.Random()  # noqa: S311  # not for secrets: the same directory each time
    # The one in C: of what Python's adds, nothing is used here, and it is called a million times.
    start = super(random.Random, rng).seed
    for number in range(first, first + count):
        if number < len(CAST):
            yield CAST[number]
        else:
            start(seed << 40 | number)
            yield _partner(rng, number)


def _partner(rng: random.Random, number: int) -> MadePartner:
    draw = rng.random
    where = _pick(draw, _PLACES)
    place, category = PLACES[where], _pick(draw, _CATEGORIES)
    words = voice(where, category)
    kind = "creator" if draw() < 0.3 else "partner"
    model = _pick(draw, _MODELS[kind])
    person = _person(draw, words)
    name = _name(draw, words, kind, person)
    host = _host(draw, words, name, number)
    topics = _topics(rng, words)
    audience = min(LARGEST, max(500, int(10 ** (4.45 + 0.75 * _bell(draw)))))
    listed = int(draw() * _MINUTES)
    has_contact = draw() < 0.95
    return MadePartner(
        name=name,
        kind=kind,
        website=f"https://{host}",
        website_key=host,
        country=place.country,
        category=category,
        language=place.languages[0],
        audience=audience,
        about=_about(draw, words, topics),
        topics=topics,
        languages=_languages(draw, place),
        methods=_pick(draw, METHODS["creator" if kind == "creator" and model == "independent" else model]),
        business_model=model,
        audience_countries=_countries(draw, place),
        audience_ages=_ages(draw, category),
        channels=_channels(draw, kind, host, audience),
        has_messaging=draw() < 0.6,
        listed_minutes=listed,
        active_days=min(int(730 * draw() ** 4), listed // 1440),
        first_name=person.first if has_contact else "",
        last_name=person.last if has_contact else "",
        title=_pick(draw, words.titles) if has_contact else "",
        address=f"{person.local}@{host}" if has_contact else "",
    )


def _pick(draw: _Draw, choices: Sequence[_T]) -> _T:
    # Twice as fast as random.choice.
    return choices[int(draw() * len(choices))]


def _bell(draw: _Draw) -> float:
    """Close to a normal distribution around 0 with deviation 1, at most 3.5 away."""
    return (draw() + draw() + draw() + draw() - 2) * 1.732


class _Person(NamedTuple):
    first: str
    last: str
    shown: str
    local: str


def _person(draw: _Draw, words: Voice) -> _Person:
    firsts, lasts = _pick(draw, words.people)
    (first, latin_first), (last, latin_last) = _pick(draw, firsts), _pick(draw, lasts)
    shown = f"{last}{words.space}{first}" if words.family_first else f"{first} {last}"
    return _Person(first, last, shown, f"{latin_first}.{latin_last}")


def _name(draw: _Draw, words: Voice, kind: str, person: _Person) -> str:
    pattern = _pick(draw, words.creators if kind == "creator" else words.names)
    name = "".join([part[int(draw() * len(part))] for part in pattern])
    words_of_name = name.split()
    if len(set(words_of_name)) < len(words_of_name):
        # Nobody is called Mist & Mist.
        return _name(draw, words, kind, person)
    if "{" not in name:
        return name
    if "{handle}" in name:
        first = person.local.partition(".")[0]
        return name.replace("{handle}", f"{first}{_pick(draw, _SEPARATORS)}{_pick(draw, words.handles)}")
    return name.replace("{person}", person.shown).replace("{first}", person.first)


def _host(draw: _Draw, words: Voice, name: str, number: int) -> str:
    if words.latin:
        return f"{_pick(draw, words.latin)}{_pick(draw, words.latin)}-{code(number)}.example"
    return f"{plain(name.replace('&', words.ampersand))}-{code(number)}.example"


def _topics(rng: random.Random, words: Voice) -> tuple[str, ...]:
    """3 to 5; in 15 of 100 the last one is English."""
    draw = rng.random
    chosen = rng.sample(words.topics, 3 + int(draw() * min(3, len(words.topics) - 2)))
    if draw() < 0.15:
        english = _pick(draw, words.english_topics)
        if english not in chosen:
            chosen.append(english)
            del chosen[3:-1]
    return tuple(chosen)


def _about(draw: _Draw, words: Voice, topics: tuple[str, ...]) -> str:
    text = _pick(draw, words.openings) + words.space + _pick(draw, words.middles)
    if draw() < 0.6:
        text += words.space + _pick(draw, words.closings)
    return text.format(a=topics[0], b=topics[1], c=topics[2], year=2003 + int(draw() * 20))


def _languages(draw: _Draw, place: Place) -> tuple[str, ...]:
    """The main one first; one in three partners has more."""
    chance = draw()
    return place.languages[: 1 if chance < 0.68 else 2 if chance < 0.92 else 3]


def _countries(draw: _Draw, place: Place) -> dict[str, int]:
    """One to five, largest first; one partner in twenty is read more abroad than at home."""
    codes = [place.country]
    start, others = int(draw() * len(place.neighbours)), int(draw() * 5)
    codes += [place.neighbours[(start + step) % len(place.neighbours)] for step in range(others)]
    if others and draw() < 0.05:
        codes[0], codes[1] = codes[1], codes[0]
    share = 40 + int(56 * draw())
    rest, found = 100 - share, {}
    for country in codes:
        found[country] = share
        share = min(share, int(rest * (0.35 + 0.3 * draw())))
        rest -= share
        if not share:
            break
    return found


def _ages(draw: _Draw, category: str) -> dict[str, int]:
    middle = YOUNG.get(category, 0.5) + 0.15 * _bell(draw)
    return _AGES[min(len(_AGES) - 1, max(0, int(middle * len(_AGES))))]


def _channels(draw: _Draw, kind: str, host: str, audience: int) -> list[dict[str, Any]]:
    """One to four: of organisations the website first, of creators where they are known."""
    known = CHANNELS[kind]
    start = int(draw() * (len(known) - 2))
    chosen = dict.fromkeys(known[start : start + int(draw() * 4)])
    site = f"https://{host}"
    if kind == "partner":
        first = [channel("website", audience, site)]
    else:
        first = [_channel(known[start - 1], host, audience), channel("website", audience // 10, site)]
        chosen.pop(known[start - 1], None)
    return (first + [_channel(each, host, int(audience * (0.05 + 0.6 * draw()))) for each in chosen])[:4]


def _channel(kind: str, host: str, size: int) -> dict[str, Any]:
    if kind in ("newsletter", "podcast"):
        return channel(kind, size, f"https://{host}/{kind}")
    return channel(kind, size, f"https://{kind}.example/{host[:-8]}")
