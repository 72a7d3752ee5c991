"""The filters beside the tiles: each value with its count, and the chips that take away what is ticked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import TextChoices
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from overture.directory.vocabulary import BusinessModel, Category, ChannelKind, Method, Size
from overture.lib.place_names import country_name, language_name
from overture.marketplace.query import FILTERS, Active, Relation
from overture.web.marketplace_state import MarketState

TITLES: dict[str, str | Promise] = {
    "country": gettext_lazy("Audience in"),
    "category": gettext_lazy("Category"),
    "method": gettext_lazy("Promotional method"),
    "model": gettext_lazy("Business model"),
    "size": gettext_lazy("Audience size"),
    "language": gettext_lazy("Language"),
    "channel": gettext_lazy("Channel"),
    "active": gettext_lazy("Last active"),
    "relation": gettext_lazy("Relationship"),
}
_CHOICES: dict[str, type[TextChoices]] = {
    "category": Category, "method": Method, "model": BusinessModel, "size": Size, "channel": ChannelKind,
    "active": Active, "relation": Relation,
}  # fmt: skip
# In their own order and whole, for they are steps of one thing; the others by count.
_STEPS = frozenset({"size", "active", "relation"})
_FIRST = 6


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    count: str
    is_ticked: bool


@dataclass(frozen=True)
class Facet:
    """A filter; `more` are the options that are folded away, `more_label` says how many."""

    name: str
    title: str
    options: list[Option]
    more: list[Option] = field(default_factory=list)
    more_label: str = ""
    # One of several, rather than any of them.
    is_one: bool = False
    is_any: bool = False

    @property
    def box(self) -> str:
        return "radio" if self.is_one else "checkbox"


@dataclass(frozen=True)
class Chip:
    title: str
    label: str
    without_url: str
    without_label: str


def facets(state: MarketState, counts: Mapping[str, Mapping[str, int]]) -> list[Facet]:
    """All filters that have something to choose."""
    made = [_facet(state, name, counts.get(name, {})) for name in FILTERS]
    return [facet for facet in made if facet.options]


def chips(state: MarketState) -> list[Chip]:
    """One for each value that is ticked."""
    found = []
    for name, values in state.wanted.chosen().items():
        for value in values:
            label, title = label_of(name, value), str(TITLES[name])
            remove = _("Remove the filter %(title)s: %(label)s") % {"title": title, "label": label}
            found.append(Chip(title, label, state.without(name, value).url, remove))
    return found


def label_of(name: str, value: str) -> str:
    if name == "country":
        return country_name(value)
    if name == "language":
        return language_name(value)
    return str(_CHOICES[name](value).label)


def _facet(state: MarketState, name: str, counts: Mapping[str, int]) -> Facet:
    ticked = state.wanted.chosen().get(name, ())
    values = _values(name, counts, ticked)
    options = [
        Option(
            value,
            label_of(name, value),
            number_format(counts.get(value, 0), force_grouping=True),
            value in ticked,
        )
        for value in values
    ]
    shown = options if name in _STEPS else _shown(options)
    more = [option for option in options if option not in shown]
    return Facet(
        name,
        str(TITLES[name]),
        shown,
        more,
        _("%(count)d more") % {"count": len(more)} if more else "",
        is_one=name == "active",
        is_any=not ticked,
    )


def _option(name: str, value: str, count: int, is_ticked: bool) -> Option:
    return Option(value, label_of(name, value), number_format(count, force_grouping=True), is_ticked)


def _values(name: str, counts: Mapping[str, int], ticked: tuple[str, ...]) -> list[str]:
    """Those that somebody has and those that are ticked: what cannot be seen cannot be unticked."""
    if name in _STEPS:
        return [str(value) for value in _CHOICES[name].values]
    known = _CHOICES[name].values if name in _CHOICES else None
    there = [value for value, count in counts.items() if count and (known is None or value in known)]
    there += [value for value in ticked if value not in there]
    return sorted(there, key=lambda value: (-counts.get(value, 0), value))


def _shown(options: list[Option]) -> list[Option]:
    """The first ones, and whatever is ticked; one alone is not worth folding away."""
    if len(options) <= _FIRST + 1:
        return options
    return [option for place, option in enumerate(options) if place < _FIRST or option.is_ticked]
