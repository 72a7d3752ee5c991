"""What a member asks of a marketplace: words, filters, order and tab, as the address says them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import urlencode

from django.db import models
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from overture.directory.models import PartnerKind
from overture.directory.vocabulary import BusinessModel, Category, ChannelKind, Method, Size

LONGEST_Q = 200
# What a result page can reach; who looks further narrows the search.
DEEPEST = 10_000


class Tab(models.TextChoices):
    ALL = "all", _("All")
    RECOMMENDED = "recommended", _("Recommended")
    SAVED = "saved", _("Saved")


class Sort(models.TextChoices):
    """By fit: by relevance where words are searched, else by what worked for the workspace before."""

    FIT = "fit", _("Best fit")
    AUDIENCE = "audience", _("Largest audience")
    NEWEST = "newest", _("Newest")


class Relation(models.TextChoices):
    """How a workspace stands to a partner, as the marketplace tells it."""

    NONE = "none", _("No relationship yet")
    PROSPECT = "prospect", _("Prospect")
    JOINED = "joined", _("Joined")
    NOT_INTERESTED = "not_interested", _("Not interested")


class Active(models.TextChoices):
    """Last active within so many days."""

    WEEK = "7", _("This week")
    MONTH = "30", _("This month")
    QUARTER = "90", _("In 3 months")
    YEAR = "365", _("In a year")


class SearchError(ValueError):
    """A search that means nothing: `field` says where, `value` what was asked for."""

    def __init__(self, field: str, value: object) -> None:
        super().__init__(f"{field}: {value!r}")
        self.field = field
        self.value = value


@dataclass(frozen=True)
class Search:
    """Between fields all must hold, within one any. Who is not interesting is hidden unless asked for."""

    kind: str = PartnerKind.PARTNER
    tab: str = Tab.ALL
    q: str = ""
    # Where the audience is: ISO 3166-1, two letters.
    country: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    method: tuple[str, ...] = ()
    model: tuple[str, ...] = ()
    size: tuple[str, ...] = ()
    # ISO 639-1, two letters.
    language: tuple[str, ...] = ()
    channel: tuple[str, ...] = ()
    # One of Active, or empty.
    active: str = ""
    relation: tuple[str, ...] = ()
    sort: str = Sort.FIT

    @classmethod
    def parse(cls, given: Mapping[str, Any], kind: str | None = None) -> Search:
        """From the query of an address, where other parameters are none of ours, or from JSON, where an
        unknown name is an error. `kind` is the marketplace's. Raises SearchError."""
        if isinstance(given, QueryDict):
            values: dict[str, Any] = {name: given.getlist(name) for name in given if name in NAMES}
        elif isinstance(given, Mapping):
            values = {name: value for name, value in given.items() if value is not None}
            for name in sorted(set(values) - set(NAMES), key=str):
                raise SearchError(str(name), values[name])
        else:
            raise SearchError("search", given)
        if kind is not None:
            values["kind"] = kind
        return cls(**{name: _parsed(name, value) for name, value in values.items()})

    def as_dict(self) -> dict[str, Any]:
        """What is set, as JSON values; parse() reads it back. `kind` is always told."""
        told = {name: getattr(self, name) for name in NAMES}
        return {
            name: list(value) if isinstance(value, tuple) else str(value)
            for name, value in told.items()
            if name == "kind" or value != getattr(_EMPTY, name)
        }

    def as_query(self) -> str:
        """What is set, for an address; the kind is the page's own."""
        return urlencode(
            {name: value for name, value in self.as_dict().items() if name != "kind"}, doseq=True
        )

    def without(self, name: str, value: str | None = None) -> Search:
        """Without a filter, or without one of its values."""
        before = getattr(self, name)
        if value is None or not isinstance(before, tuple):
            return self._with(name, getattr(_EMPTY, name))
        return self._with(name, tuple(each for each in before if each != value))

    def chosen(self) -> dict[str, tuple[str, ...]]:
        """The filters that are set, by name; what is searched, sorted and tabbed left aside."""
        told = {name: getattr(self, name) for name in FILTERS}
        return {
            name: value if isinstance(value, tuple) else (value,) for name, value in told.items() if value
        }

    @property
    def is_empty(self) -> bool:
        """Nothing was searched or filtered: the whole marketplace."""
        return not self.q and not self.chosen()

    def _with(self, name: str, value: Any) -> Search:
        changed: dict[str, Any] = {name: value}
        return replace(self, **changed)


NAMES = tuple(field.name for field in fields(Search))
# In the order in which a page shows them.
FILTERS = ("country", "category", "method", "model", "size", "language", "channel", "active", "relation")
_EMPTY = Search()
_ONE = {"kind": PartnerKind, "tab": Tab, "sort": Sort, "active": Active}
_MANY = {
    "category": Category, "method": Method, "model": BusinessModel, "size": Size, "channel": ChannelKind,
    "relation": Relation,
}  # fmt: skip


def _parsed(name: str, value: Any) -> Any:
    if name == "q":
        return _words(value)
    if name in _ONE:
        return _one(name, value)
    values = value if isinstance(value, list | tuple) else [value]
    return tuple(dict.fromkeys(_checked(name, each) for each in values if each != ""))


def _one(name: str, value: Any) -> str:
    last = value[-1] if isinstance(value, list | tuple) and value else value
    if last in ("", []):
        return str(getattr(_EMPTY, name))
    if isinstance(last, str) and last in _ONE[name].values:
        return last
    raise SearchError(name, value)


def _checked(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise SearchError(name, value)
    if name in _MANY:
        if value not in _MANY[name].values:
            raise SearchError(name, value)
        return value
    if len(value) != 2 or not value.isascii() or not value.isalpha():
        raise SearchError(name, value)
    return value.upper() if name == "country" else value.lower()


def _words(value: Any) -> str:
    last = value[-1] if isinstance(value, list | tuple) and value else value
    if not isinstance(last, str) or len(last) > LONGEST_Q or "\0" in last:
        raise SearchError("q", value)
    return " ".join(last.split())
