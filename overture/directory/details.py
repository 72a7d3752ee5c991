"""What is accepted of a partner of the directory, checked field by field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from functools import lru_cache
from typing import Any

from overture.directory import reading
from overture.directory.models import PartnerKind
from overture.directory.reading import DetailsError
from overture.directory.vocabulary import BusinessModel, Category, Method

# Those of its own account's contact; all others are columns of a partner.
OF_CONTACT = ("first_name", "last_name", "title", "address")


@dataclass(frozen=True, slots=True)
class Details:
    """A partner as the operator describes it. Only what stands in `given` was said; the rest is nothing.

    A name given with nothing in it takes away what was there.
    """

    name: str = ""
    kind: str = PartnerKind.PARTNER.value
    website: str = ""
    country: str = ""
    category: str = ""
    # The main one first.
    languages: tuple[str, ...] = ()
    audience: int | None = None
    about: str = ""
    topics: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    business_model: str = ""
    # Percents, the largest first.
    audience_countries: Mapping[str, int] = field(default_factory=dict)
    audience_ages: Mapping[str, int] = field(default_factory=dict)
    channels: tuple[Mapping[str, Any], ...] = ()
    active_on: date | None = None
    has_messaging: bool = False
    first_name: str = ""
    last_name: str = ""
    title: str = ""
    address: str = ""
    given: frozenset[str] = frozenset()

    @property
    def says_contact(self) -> bool:
        return not self.given.isdisjoint(OF_CONTACT)


NAMES = tuple(each.name for each in fields(Details) if each.name != "given")
_EMPTY = Details()
_READERS: dict[str, Callable[[Any], Any]] = {
    "name": lambda value: reading.line(value, 200),
    "kind": reading.kind,
    "website": reading.website,
    "country": reading.country,
    "category": lambda value: reading.one_of(Category, value, "unknown_category"),
    "languages": reading.languages,
    "audience": reading.count,
    "about": lambda value: reading.text(value, 5000),
    "topics": reading.topics,
    "methods": lambda value: reading.some_of(Method, value, "unknown_method"),
    "business_model": lambda value: reading.one_of(BusinessModel, value, "unknown_business_model"),
    "audience_countries": lambda value: reading.percents(value, reading.country),
    "audience_ages": lambda value: reading.percents(value, reading.ages),
    "channels": reading.channels,
    "active_on": reading.day,
    "has_messaging": reading.yes_or_no,
    "first_name": lambda value: reading.line(value, 100),
    "last_name": lambda value: reading.line(value, 100),
    "title": lambda value: reading.line(value, 100),
    "address": reading.address,
}


def check(values: Mapping[str, Any]) -> tuple[Details, list[DetailsError]]:
    """What the values say, by name, and all that is wrong with them.

    A value is what a cell holds (text, with lists in it) or what JSON does; None and "" say "nothing there".
    """
    read: dict[str, Any] = {}
    errors: list[DetailsError] = []
    for name, value in values.items():
        try:
            read[name] = _read(name, value)
        except DetailsError as error:
            errors.append(error.at(name))
    return Details(**read, given=frozenset(read)), errors


def _read(name: str, value: Any) -> Any:
    if name not in _READERS:
        raise DetailsError("unknown", name)
    if value is None or value == "" or (isinstance(value, str) and not value.strip()):
        return getattr(_EMPTY, name)
    if isinstance(value, str) and name in _REPEATED:
        return _read_again(name, value)
    return _READERS[name](value)


# In a sheet the same words stand in many rows.
_REPEATED = frozenset(
    {"kind", "country", "category", "languages", "topics", "methods", "business_model", "audience_countries",
     "audience_ages", "channels", "active_on", "has_messaging"}
)  # fmt: skip


@lru_cache(maxsize=4096)
def _read_again(name: str, value: str) -> Any:
    return _READERS[name](value)
