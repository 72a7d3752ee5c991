"""Names of countries and languages in the language of the page."""

from __future__ import annotations

from functools import lru_cache

from babel import Locale, UnknownLocaleError
from django.utils.translation import get_language


def country_name(code: str) -> str:
    """`FR` is France; the code itself where it has no name."""
    return str(_locale(get_language() or "en").territories.get(code, code))


def language_name(code: str) -> str:
    """`fr` is French, with a capital as it stands alone; the code itself where it has no name."""
    name = str(_locale(get_language() or "en").languages.get(code, code))
    return name[:1].upper() + name[1:]


@lru_cache(maxsize=16)
def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")
