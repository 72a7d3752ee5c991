"""The filters that partners are counted by, and the values each of them knows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from string import ascii_lowercase, ascii_uppercase

from overture.directory.vocabulary import BusinessModel, Category, ChannelKind, Method, Size
from overture.marketplace.query import Active

# The largest countries of an audience that a partner is found by, with at least this share in percent.
MOST_COUNTRIES, LEAST_SHARE = 3, 5
_EPOCH = date(1970, 1, 1).toordinal()


def _pairs(letters: str) -> frozenset[str]:
    return frozenset(first + second for first in letters for second in letters)


FACETS: Mapping[str, frozenset[str]] = {
    "country": _pairs(ascii_uppercase),
    "category": frozenset(Category.values),
    "method": frozenset(Method.values),
    "model": frozenset(BusinessModel.values),
    "size": frozenset(Size.values),
    "language": _pairs(ascii_lowercase),
    "channel": frozenset(ChannelKind.values),
}


def days(day: date | None) -> int:
    """Since 1970; 0 where nobody knows."""
    return day.toordinal() - _EPOCH if day else 0


def active_bounds(today: date) -> list[tuple[str, int]]:
    """The first day of each choice of `active`, latest first."""
    return [(choice, max(days(today) - int(choice), 1)) for choice in Active.values]
