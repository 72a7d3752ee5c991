"""Reads one cell of a sheet as what it means; what cannot be read is an error with a code, never a guess."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Literal

from overture.lib.countries import find_country, find_language
from overture.lib.counts import read_count
from overture.lib.csv_out import unguarded
from overture.lib.squash import squash
from overture.prospects.import_fields import LARGEST_AUDIENCE, LONGEST, MOST_GROUPS, Field

# What people write into a cell that has nothing to say.
_NOTHING = frozenset(
    {"", "-", "–", "—", "/", "?", "n/a", "n.a.", "n/d", "n.d.", "nc", "n.c.", "#n/a", "none", "null"}
)
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
# Not seen, and able to turn the text around them (U+202E): no name has them. ZWJ and ZWNJ do belong to some.
_UNSEEN = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")
_TEXT = r'"((?:[^"]|"")*)"'
_HYPERLINK = re.compile(
    rf"=\s*(?:HYPERLINK|LIEN[_.]HYPERTEXTE)\s*\(\s*{_TEXT}\s*(?:[;,]\s*{_TEXT}\s*)?\)\s*", re.IGNORECASE
)
_QUOTED = re.compile(rf"=\s*{_TEXT}\s*")
_SEPARATORS = re.compile(r"[,;|\n\r]")

Kind = Literal["", "partner", "creator"]
_PARTNERS = "partner partners partenaire partenaires affiliate affiliates affilié affiliés publisher éditeur"
_CREATORS = "creator creators créateur créatrice créateurs influencer influencers influenceur influenceuse"
_KINDS: dict[str, Kind] = {squash(word): "partner" for word in _PARTNERS.split()}
_KINDS |= {squash(word): "creator" for word in _CREATORS.split()}


class CellError(ValueError):
    """A cell that cannot be read; `params` goes with the message."""

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


def read_text(cell: str, field: Field) -> str:
    """One line of text: no control characters, single spaces, NFC; a link's label where it is a formula."""
    text = _clean(_without_formula(cell) if "=" in cell else unguarded(cell))
    return _at_most(LONGEST[field], text)


def read_notes(cell: str) -> str:
    """Text that may have lines. `=> call back` is no formula, and a spreadsheet shows it only guarded."""
    lines = re.split("\r\n|\r|\n", unguarded(cell))
    return _at_most(LONGEST["notes"], "\n".join(_clean(line) for line in lines).strip("\n"))


def read_value(cell: str) -> str:
    """Text whose lines part values, a link's label where it is a formula."""
    text = _without_formula(cell)
    return "\n".join(_clean(line) for line in re.split("\r\n|\r|\n", text)).strip("\n")


def read_link(cell: str) -> str:
    """Where a link formula leads; other text as it is."""
    match = _HYPERLINK.fullmatch(cell.strip()) if "=" in cell else None
    return _clean(match[1] if match else unguarded(cell))


def is_nothing(text: str) -> bool:
    return text.casefold() in _NOTHING


def read_groups(cell: str) -> tuple[str, ...]:
    """Names between commas, semicolons, bars or lines; each once, as first written."""
    return _groups(unguarded(cell))


@lru_cache(maxsize=4096)
def _groups(cell: str) -> tuple[str, ...]:
    names: dict[str, str] = {}
    for part in _SEPARATORS.split(cell):
        name = read_text(part, "groups")
        if name and not is_nothing(name):
            names.setdefault(name.casefold(), name)
    if len(names) > MOST_GROUPS:
        raise CellError("too_many_groups", most=MOST_GROUPS)
    return tuple(names.values())


def read_country(cell: str) -> str:
    """ISO code of two letters."""
    text = _clean(cell)
    country = "" if is_nothing(text) else find_country(text)
    if country is None:
        raise CellError("unknown_country")
    return country


def read_language(cell: str) -> str:
    """ISO code of two letters."""
    text = _clean(cell)
    language = "" if is_nothing(text) else find_language(text)
    if language is None:
        raise CellError("unknown_language")
    return language


def read_kind(cell: str) -> Kind:
    text = _clean(cell)
    kind: Kind | None = "" if is_nothing(text) else _KINDS.get(squash(text))
    if kind is None:
        raise CellError("unknown_kind")
    return kind


def read_audience(cell: str) -> int | None:
    """A count of people: 24 702, 95,724, 1.248.026, 12k, 1,2 M; what could be two (1.234k) is refused."""
    text = _clean(cell)
    if is_nothing(text):
        return None
    number = read_count(text)
    if number is None:
        raise CellError("invalid_number")
    if number > LARGEST_AUDIENCE:
        raise CellError("number_too_large", most=LARGEST_AUDIENCE)
    return number


def _without_formula(cell: str) -> str:
    """The label of a link, the text of `="007"`; only a spreadsheet knows the value of other formulas."""
    text = cell.strip()
    if not text.startswith("="):
        return unguarded(cell)
    if match := _HYPERLINK.fullmatch(text):
        return (match[2] or match[1]).replace('""', '"')
    if match := _QUOTED.fullmatch(text):
        return match[1].replace('""', '"')
    raise CellError("formula")


def _clean(text: str) -> str:
    if text.isascii() and text.isprintable():
        return " ".join(text.split()) if "  " in text else text.strip()
    text = _UNSEEN.sub("", _CONTROL.sub(" ", text))
    return unicodedata.normalize("NFC", " ".join(text.split()))


def _at_most(longest: int, text: str) -> str:
    if len(text) > longest:
        raise CellError("too_long", most=longest, length=len(text))
    return text
