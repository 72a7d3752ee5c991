"""The tokens there are, and the grammar that finds them in plain text."""

import difflib
import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

# Name and the code of its description; the web layer words the code.
TOKENS: list[tuple[str, str]] = [
    ("adcode_<adid>", "ad_code"),
    ("mpid", "partner_number"),
    ("mpname", "partner_name"),
    ("firstName", "contact_first_name"),
    ("lastName", "contact_last_name"),
    ("currentDay", "today"),
    ("currentTime", "date_and_time_utc"),
    ("currentMonthYear", "month_and_year"),
]
NAMES = frozenset(name for name, _ in TOKENS if "<" not in name)
# Only these can lack a value; a number and a date are always there.
MAY_LACK = frozenset({"mpname", "firstName", "lastName"})
ADCODE = re.compile(r"adcode_([0-9]{1,18})")

# Spellings people bring from other tools, squashed (see _squash).
_OTHER_NAMES = {
    "adcode": "adcode_",
    "company": "mpname",
    "companyname": "mpname",
    "partnername": "mpname",
    "prenom": "firstName",
    "name": "firstName",
    "nom": "lastName",
    "surname": "lastName",
    "familyname": "lastName",
    "date": "currentDay",
    "today": "currentDay",
    "time": "currentTime",
    "month": "currentMonthYear",
}
_SQUASHED = {name.lower(): name for name in NAMES} | _OTHER_NAMES

MAX_FALLBACK = 500
# Capped and possessive, so that unclosed braces cannot make the search quadratic.
_BRACES = re.compile(
    r"(?P<double>\{\{|\}\})"
    r"|\{(?P<name>[^{}|\n]{1,80})(?:\|(?P<fallback>(?:[^\\}]|\\.){0,500}+))?\}"
    r"|(?P<lone>[{}])",
    re.DOTALL,
)
_NAME_SHAPE = re.compile(r"[\w.\-]*?[^\W\d_][\w.\-]*")
_SPACED_NAME = re.compile(r"[\w.\-\s\u200b-\u200d\ufeff]+")
_BEGUN = re.compile(r"\{([a-zA-Z]+)\b(\|)?")
_ESCAPE = re.compile(r"\\([|}\\])")


class Token(NamedTuple):
    """`name` as written (it may be unknown), `fallback` with its escapes undone, or None."""

    start: int
    end: int
    name: str
    fallback: str | None


class Literal(NamedTuple):
    """Text as it will stand; `is_lone` marks a single brace, kept as text.

    `unclosed` is the token that such a brace seems to begin; `is_long` when only its length is wrong.
    """

    start: int
    end: int
    text: str
    is_lone: bool = False
    unclosed: str = ""
    is_long: bool = False


def scan(source: str) -> Iterator[Token | Literal]:
    """Everything in the source, in order and without gaps."""
    position = 0
    while match := _BRACES.search(source, position):
        if match.start() > position:
            yield Literal(position, match.start(), source[position : match.start()])
        piece = _piece(match)
        yield piece
        position = piece.end
    if position < len(source):
        yield Literal(position, len(source), source[position:])


def _piece(match: re.Match[str]) -> Token | Literal:
    start, end = match.span()
    if match["double"]:
        return Literal(start, end, match["double"][0])
    name = match["name"]
    if name is None or not _reads_as_token(name):
        return _lone(match.string, start)
    fallback = match["fallback"]
    return Token(start, end, name, None if fallback is None else _ESCAPE.sub(r"\1", fallback))


def _lone(source: str, start: int) -> Literal:
    begun = _BEGUN.match(source, start)
    name = begun[1] if begun and begun[1] in NAMES else ""
    is_long = bool(name) and source.find("}", start + MAX_FALLBACK, start + 10 * MAX_FALLBACK) >= 0
    return Literal(
        start, start + 1, source[start], True, name, is_long and begun is not None and bool(begun[2])
    )


def _reads_as_token(name: str) -> bool:
    """A word in braces is meant as a token, and so is a known name written with spaces."""
    if _NAME_SHAPE.fullmatch(name):
        return True
    return bool(_SPACED_NAME.fullmatch(name)) and _squash(name) in _SQUASHED


def nearest(name: str) -> str:
    """The right spelling that a wrong name most likely means, or ''."""
    squashed = _squash(name)
    if digits := re.fullmatch(r"(?:ad|adcode|adid|addcode)0*([0-9]{1,18})", squashed):
        return f"adcode_{digits[1]}"
    if squashed in _SQUASHED:
        return _SQUASHED[squashed] if _SQUASHED[squashed] in NAMES else ""
    close = difflib.get_close_matches(squashed, [name.lower() for name in sorted(NAMES)], 1, 0.6)
    return _SQUASHED[close[0]] if close else ""


def nearest_ad(ad: int, ids: list[int]) -> str:
    """The token of the existing ad whose number looks most like this one, or ''."""
    close = difflib.get_close_matches(str(ad), [str(each) for each in ids], 1, 0.7)
    return f"adcode_{close[0]}" if close else ""


def _squash(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).lower()
    return "".join(character for character in plain if character.isalnum())
