"""Reads what is said of a partner: words of the vocabulary in English and French, percents, channels, days.

Each takes a text as people write it, or the values JSON has, and raises DetailsError for what means nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sized
from datetime import date
from functools import cache
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import translation

from overture.directory.models import PartnerKind
from overture.directory.vocabulary import ChannelKind
from overture.lib import addresses, websites
from overture.lib.addresses import AddressError
from overture.lib.countries import find_country, find_language
from overture.lib.counts import read_count
from overture.lib.squash import squash
from overture.lib.websites import WebsiteError

LARGEST_AUDIENCE = 10**12
MOST = 30
LONGEST_TOPIC = 60
LONGEST_URL = 300
_SEPARATORS = re.compile(r"[,;|\n\r]")
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u2069\ufeff\u00ad]"
)
_SHARE = re.compile(r"(.+?)[\s:=]*([0-9]{1,3}(?:[.][0-9]{1,4})?)\s*%?")
_AGES = re.compile(r"([0-9]{1,2})\s*(?:-|–|to|à)\s*([0-9]{1,2})|([0-9]{1,2})\s*\+")
_URL = re.compile(r"https?://\S+", re.IGNORECASE)
_CHANNEL = re.compile(r"(\D+?)[\s:]*([0-9].*)?")
_YES = frozenset({"yes", "y", "oui", "o", "true", "vrai", "1", "x", "on"})
_NO = frozenset({"no", "n", "non", "false", "faux", "0", "off"})


class DetailsError(ValueError):
    """What cannot stand of a partner: `field` by its name, a code, the value, and numbers for the sentence.

    Codes: required, unknown, too_long, too_many, invalid_website, unknown_country, unknown_language,
    unknown_kind, unknown_category, unknown_method, unknown_business_model, unknown_channel, invalid_number,
    number_too_large, invalid_percent, over_100, unknown_age, invalid_date, invalid_flag, invalid_address,
    hidden_address, bad_shape.
    """

    def __init__(self, code: str, value: object = "", field: str = "", **params: str | int) -> None:
        super().__init__(f"{field}: {code}")
        self.code, self.value, self.field, self.params = code, str(value)[:80], field, params

    def at(self, field: str) -> DetailsError:
        return DetailsError(self.code, self.value, field, **self.params)


def line(value: Any, longest: int) -> str:
    """One line: single spaces, NFC, nothing that cannot be seen."""
    clean = " ".join(_UNSEEN.sub(" ", _text(value)).split())
    return _at_most(unicodedata.normalize("NFC", clean), longest)


def text(value: Any, longest: int) -> str:
    """Text that may have lines."""
    lines = re.split("\r\n|\r|\n", _text(value))
    return _at_most("\n".join(line(each, longest) for each in lines).strip("\n"), longest)


def kind(value: Any) -> str:
    return one_of(PartnerKind, value, "unknown_kind")


def one_of(choices: type[models.TextChoices], value: Any, code: str) -> str:
    """A value of the vocabulary, by the value or by its English or French label."""
    found = _words(choices).get(squash(_text(value)))
    if found is None:
        raise DetailsError(code, value)
    return found


def some_of(choices: type[models.TextChoices], value: Any, code: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one_of(choices, each, code) for each in _list(value)))


def topics(value: Any) -> tuple[str, ...]:
    """Each once, as first written."""
    found: dict[str, str] = {}
    for each in _list(value):
        topic = line(each, LONGEST_TOPIC)
        if topic:
            found.setdefault(squash(topic) or topic, topic)
    return tuple(found.values())


def country(value: Any) -> str:
    found = find_country(_text(value))
    if not found:
        raise DetailsError("unknown_country", value)
    return found


def languages(value: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_language(each) for each in _list(value)))


def website(value: Any) -> str:
    try:
        return websites.parse(_text(value)).url
    except WebsiteError as error:
        code = "too_long" if error.code == "too_long" else "invalid_website"
        raise DetailsError(code, value, most=websites.LONGEST) from error


def count(value: Any) -> int:
    """A number of people."""
    number = value if isinstance(value, int) and not isinstance(value, bool) else read_count(_text(value))
    if number is None or number < 0:
        raise DetailsError("invalid_number", value)
    if number > LARGEST_AUDIENCE:
        raise DetailsError("number_too_large", value, most=LARGEST_AUDIENCE)
    return number


def ages(value: Any) -> str:
    """`25-34` or `65+`."""
    match = _AGES.fullmatch(_text(value).strip())
    if match is None or (match[1] and int(match[1]) >= int(match[2])):
        raise DetailsError("unknown_age", value)
    return f"{match[3]}+" if match[3] else f"{match[1]}-{match[2]}"


def percents(value: Any, read_name: Callable[[Any], str]) -> dict[str, int]:
    """`France 62 %, BE: 20` or {"FR": 62, "BE": 20}: whole percents, the largest first, 100 at most."""
    pairs = value.items() if isinstance(value, dict) else map(_share, _list(value))
    found: dict[str, float] = {}
    for name, share in pairs:
        if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= 100:
            written = f"{share:g}" if isinstance(share, int | float) else share
            raise DetailsError("invalid_percent", f"{name} {written}")
        known = read_name(name)
        found[known] = found.get(known, 0) + share
    _at_most_many(found)
    # A hundred and a bit is how shares add up that were rounded.
    if sum(found.values()) > 100.5:
        raise DetailsError("over_100", f"{sum(found.values()):g}")
    largest_first = sorted(found.items(), key=lambda each: (-each[1], each[0]))
    return {name: int(share) for name, share in largest_first if share >= 1}


def channels(value: Any) -> tuple[dict[str, Any], ...]:
    """`YouTube 120k https://video.example/c; newsletter 12 000` or [{"kind": "youtube", "size": 120000}]."""
    if isinstance(value, str):
        # Commas stand in numbers.
        given: list[Any] = [part for part in re.split(r"[;|\n\r]", value) if part.strip()]
    else:
        given = _list(value)
    found = [_channel(each) if isinstance(each, dict) else _written_channel(_text(each)) for each in given]
    unique = {(each["kind"], each["url"]): each for each in found}
    _at_most_many(unique)
    return tuple(unique.values())


def day(value: Any) -> date:
    """ISO 8601: 2026-01-31 is one day everywhere, 01/02/2026 is two."""
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(_text(value).strip()[:10])
    except ValueError as error:
        raise DetailsError("invalid_date", value) from error


def yes_or_no(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    word = squash(_text(value))
    if word not in _YES | _NO:
        raise DetailsError("invalid_flag", value)
    return word in _YES


def address(value: Any) -> str:
    written = addresses.split_name_address(_text(value))[1]
    try:
        found = addresses.parse(written)
    except AddressError as error:
        raise DetailsError("invalid_address", value) from error
    # `m•••@example.com` comes from our own pages, not from a person.
    if "•••" in found.local:
        raise DetailsError("hidden_address", value)
    return str(found)


def _language(value: Any) -> str:
    found = find_language(_text(value))
    if not found:
        raise DetailsError("unknown_language", value)
    return found


def _share(part: Any) -> tuple[str, float]:
    match = _SHARE.fullmatch(_text(part).strip())
    if match is None:
        raise DetailsError("invalid_percent", part)
    return match[1].strip(), float(match[2])


def _written_channel(part: str) -> dict[str, Any]:
    url = _URL.search(part)
    rest = (part.replace(url[0], " ") if url else part).strip()
    match = _CHANNEL.fullmatch(rest)
    if match is None:
        raise DetailsError("unknown_channel", part)
    return _channel({"kind": match[1], "size": match[2], "url": url[0] if url else ""})


def _channel(given: dict[str, Any]) -> dict[str, Any]:
    if not set(given) <= {"kind", "size", "url"}:
        raise DetailsError("bad_shape", sorted(set(given) - {"kind", "size", "url"})[0])
    size, url = given.get("size"), given.get("url")
    return {
        "kind": one_of(ChannelKind, given.get("kind") or "", "unknown_channel"),
        "size": None if size in (None, "") else count(size),
        "url": website(url) if url else "",
    }


def _list(value: Any) -> list[Any]:
    if isinstance(value, str):
        value = [part for part in _SEPARATORS.split(value) if part.strip()]
    if not isinstance(value, list | tuple):
        raise DetailsError("bad_shape", value)
    said = [each for each in value if each not in ("", None)]
    _at_most_many(said)
    return said


def _at_most_many(values: Sized) -> None:
    if len(values) > MOST:
        raise DetailsError("too_many", most=MOST)


def _at_most(value: str, longest: int) -> str:
    if len(value) > longest:
        raise DetailsError("too_long", most=longest)
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or "\0" in value:
        raise DetailsError("bad_shape", value)
    return value


@cache
def _words(choices: type[models.TextChoices]) -> dict[str, str]:
    """Values and labels, compared as people mean them, to values."""
    words: dict[str, str] = {}
    for language in _languages():
        with translation.override(language):
            words |= {squash(str(choice.label)): str(choice.value) for choice in choices}
    return words | {squash(str(choice.value)): str(choice.value) for choice in choices}


def _languages() -> Iterable[str]:
    return [code for code, _name in settings.LANGUAGES]
