"""Where values go: slots between constant pieces, escaped by position, filled by one join."""

import html
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Literal, NamedTuple
from urllib.parse import quote

from overture.compose.dates import current_day, current_month_year, current_time
from overture.compose.known import Language, Values

OPT_OUT = "optOut"  # not a token: nobody can write it, the footer and the header use it

_BREAKING = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_UNENCODABLE = re.compile("[\ud800-\udfff\ufffe\uffff]")


SlotWhere = Literal["text", "attribute", "url", "plain"]


class Slot(NamedTuple):
    """`where` chooses the escaping: html text, html attribute, URL, or plain (text part, subject)."""

    name: str
    where: SlotWhere
    fallback: str | None = None


Piece = str | Slot
Escape = Callable[[str], str]
_SPECIAL = re.compile("[&<>\"']")


def _escape_html(value: str) -> str:
    return html.escape(value) if _SPECIAL.search(value) else value


def clean(value: str) -> str:
    """A value as data of one line: control characters and line breaks become one space."""
    if value.isprintable():  # no control character, separator or lone surrogate is printable
        return value
    return _UNENCODABLE.sub("\ufffd", _BREAKING.sub(" ", value))


def _escape_url(value: str) -> str:
    return quote(value, safe="")


def _escape_plain(value: str) -> str:
    return value


ESCAPES: dict[str, Escape] = {
    "text": _escape_html,
    "attribute": _escape_html,
    "url": _escape_url,
    "plain": _escape_plain,
}


def getter(name: str, language: Language) -> Callable[[Values], str]:
    """How the value of one token is taken from the values, cleaned, not yet escaped."""
    getters: dict[str, Callable[[Values], str]] = {
        "mpid": lambda values: str(values.mpid),
        "mpname": lambda values: clean(values.mpname),
        "firstName": lambda values: clean(values.first_name),
        "lastName": lambda values: clean(values.last_name),
        "currentDay": lambda values: current_day(values.now, language),
        "currentTime": lambda values: current_time(values.now),
        "currentMonthYear": lambda values: current_month_year(values.now, language),
        OPT_OUT: lambda values: clean(values.opt_out_url),
    }
    return getters[name]


class Template:
    """Constant pieces and slots, ready to be filled with escaped values."""

    __slots__ = ("pieces", "slots")

    def __init__(self, pieces: Iterable[Piece]) -> None:
        merged = merge(pieces)
        self.slots: Sequence[Slot] = [piece for piece in merged if isinstance(piece, Slot)]
        self.pieces: list[str] = [piece if isinstance(piece, str) else "" for piece in merged]

    @property
    def constants(self) -> list[str]:
        return self.pieces[::2]

    def join(self, filled: Iterable[str]) -> str:
        """One string; `filled` has one value for each slot, in order."""
        pieces = self.pieces.copy()
        pieces[1::2] = filled
        return "".join(pieces)


def merge(pieces: Iterable[Piece]) -> list[Piece]:
    """The same pieces with a constant at both ends and exactly one between two slots."""
    merged: list[Piece] = []
    constant: list[str] = []
    for piece in pieces:
        if isinstance(piece, str):
            constant.append(piece)
        else:
            merged += ("".join(constant), piece)
            constant = []
    return [*merged, "".join(constant)]
