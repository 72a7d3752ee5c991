"""The three date tokens, in the two languages, without a locale library per recipient."""

from datetime import UTC, datetime
from functools import lru_cache

from overture.compose.known import Language

_ENGLISH = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_FRENCH = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
]


@lru_cache(maxsize=64)
def current_day(now: datetime, language: Language) -> str:
    if language == "fr":
        day = "1er" if now.day == 1 else str(now.day)
        return f"{day} {_FRENCH[now.month - 1]} {now.year}"
    return f"{_ENGLISH[now.month - 1]} {now.day}, {now.year}"


@lru_cache(maxsize=64)
def current_month_year(now: datetime, language: Language) -> str:
    months = _FRENCH if language == "fr" else _ENGLISH
    return f"{months[now.month - 1]} {now.year}"


@lru_cache(maxsize=64)
def current_time(now: datetime) -> str:
    """One form in every language: 19-Jan-2038 03:14:08 UTC."""
    utc = now.astimezone(UTC)
    month = _ENGLISH[utc.month - 1][:3]
    return f"{utc.day:02}-{month}-{utc.year:04} {utc.hour:02}:{utc.minute:02}:{utc.second:02} UTC"
