"""Countries and languages by code or by name, English or French, as people write them."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from babel import Locale
from babel.core import get_global

from overture.lib.squash import squash

_READ_IN = ("en", "fr")
# What people write and the CLDR does not.
_MORE_COUNTRIES = {
    "GB": "UK, Great Britain, England, Scotland, Wales, Northern Ireland, Grande-Bretagne, Angleterre,"
    " Écosse, Pays de Galles, Irlande du Nord",
    "US": "USA, United States of America, America, Etats-Unis d'Amérique",
    "NL": "Holland, Hollande, The Netherlands",
    "CZ": "Czech Republic, République tchèque",
    "TR": "Turkey, Türkiye",
    "CI": "Ivory Coast, Côte d'Ivoire",
    "KR": "Korea, Corée, South Korea, Corée du Sud",
    "RU": "Russian Federation, Fédération de Russie",
    "DE": "Deutschland",
    "ES": "España",
    "IT": "Italia",
    "BR": "Brasil",
    "PL": "Polska",
    "AE": "UAE, EAU",
    "HK": "Hong Kong, Hongkong",
    "MO": "Macau, Macao",
    "CD": "DRC, RDC, Congo-Kinshasa",
    "CG": "Congo-Brazzaville",
    "MM": "Myanmar, Birmanie, Burma",
    "SZ": "Swaziland",
    "MK": "Macedonia, Macédoine",
}
_OWN_NAMES = {
    "cs": "Čeština",
    "da": "Dansk",
    "de": "Deutsch",
    "es": "Español",
    "it": "Italiano",
    "nl": "Nederlands",
    "pl": "Polski",
    "pt": "Português",
    "sv": "Svenska",
    "tr": "Türkçe",
}
# In the CLDR's list, but no country: unions, unknown and test regions, islands with no code of their own.
_NO_COUNTRY = frozenset({"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"})


@lru_cache(maxsize=1024)
def find_country(text: str) -> str | None:
    """The ISO 3166-1 code of two letters, from a code of two or three letters or a name."""
    return _country_names().get(squash(text))


@lru_cache(maxsize=1024)
def find_language(text: str) -> str | None:
    """The ISO 639-1 code, from a code (`fr-CA` is `fr`) or a name."""
    names = _language_names()
    code = re.fullmatch(r"\s*([A-Za-z]{2,3})[-_][A-Za-z]{2,4}\s*", text)
    return names.get(squash(code[1] if code else text))


@cache
def _country_names() -> dict[str, str]:
    codes = {code for code in _from_cldr("territories", "en") if len(code) == 2 and code not in _NO_COUNTRY}
    names = _names("territories", codes)
    for code, spellings in _MORE_COUNTRIES.items():
        names |= {squash(spelling): code for spelling in spellings.split(", ")}
    # FRA and the like, and withdrawn codes that became one other.
    for old, new in get_global("territory_aliases").items():
        if len(new) == 1 and new[0] in codes:
            names[old.lower()] = new[0]
    return names | {code.lower(): code for code in codes}


@cache
def _language_names() -> dict[str, str]:
    codes = {code for code in _from_cldr("languages", "en") if len(code) == 2}
    names = _names("languages", codes) | {squash(name): code for code, name in _OWN_NAMES.items()}
    for old, new in get_global("language_aliases").items():
        if len(old) == 3 and str(new) in codes:
            names[old] = str(new)
    return names | {code: code for code in codes}


def _names(kind: str, codes: set[str]) -> dict[str, str]:
    names: dict[str, str] = {}
    for language in _READ_IN:
        names |= {squash(name): code for code, name in _from_cldr(kind, language).items() if code in codes}
    return names


def _from_cldr(kind: str, language: str) -> dict[str, str]:
    return {str(code): str(name) for code, name in getattr(Locale(language), kind).items()}
