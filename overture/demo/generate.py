"""Plausible partners from a seed, in many languages; the same seed gives the same ones at any size."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from overture.demo.words import CATEGORIES, COUNTRIES, TITLES

SEED = 20380119
_WEIGHTS = {"FR": 30, "GB": 24, "DE": 14, "ES": 9, "SE": 8, "NL": 8, "PL": 4, "JP": 3}


@dataclass(frozen=True)
class Made:
    """One partner with its contact; `audience` counts people."""

    name: str
    kind: str
    website: str
    country: str
    category: str
    language: str
    audience: int
    first_name: str
    last_name: str
    title: str
    address: str


def partners(count: int, seed: int = SEED) -> Iterator[Made]:
    rng = random.Random(seed)  # noqa: S311  # not for secrets: the same demo each time
    countries = rng.choices(list(_WEIGHTS), list(_WEIGHTS.values()), k=count)
    for number, country in enumerate(countries):
        yield _partner(rng, number, country)


def _partner(rng: random.Random, number: int, country: str) -> Made:
    words = COUNTRIES[country]
    kind = "creator" if rng.random() < 0.3 else "partner"
    first, last = rng.choice(words["first"]), rng.choice(words["last"])
    name = f"{rng.choice(words['words'])}{rng.choice(words['ending'])}"
    # Names repeat in life, too, but addresses and websites do not.
    host = f"{_latin(name) or 'partner'}-{number + 1}.example"
    lacks_name = rng.random() < 0.05
    return Made(
        name=name,
        kind=kind,
        website=f"https://{host}",
        country=country,
        category=rng.choice(CATEGORIES),
        language=words["language"][0],
        audience=int(10 ** rng.uniform(2, 6.3)),
        first_name="" if lacks_name else first,
        last_name="" if lacks_name else last,
        title=rng.choice(TITLES),
        address="" if rng.random() < 0.02 else f"{_latin(first) or 'hello'}.{_latin(last) or 'desk'}@{host}",
    )


def _latin(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.replace("ł", "l").replace("Ł", "L").replace("ø", "o"))
    kept = "".join(
        letter if letter.isalnum() and letter.isascii() else "-" for letter in plain if letter.isascii()
    )
    return "-".join(part for part in kept.lower().split("-") if part)
