"""A list that shows its newest rows first, in pages found by key and not by counting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet

SIZE = 50
_LARGEST = 2**63 - 1


@dataclass(frozen=True)
class Page:
    """The rows, and the addresses (`?...`) of the pages around them; empty where there is none."""

    rows: list[Any]
    total: int
    first: str
    previous: str
    next: str
    last: str


def newest_first(rows: QuerySet[Any], query: Mapping[str, Any], size: int = SIZE) -> Page:
    """Two queries. `query` is the page's own; what it says beside `older` and `newer` stays in the links."""
    older, newer = _number(query, "older"), _number(query, "newer")
    if newer is not None:
        found = list(rows.filter(pk__gt=newer).order_by("pk")[: size + 1])
        has_newer, has_older = len(found) > size, newer > 0
        shown = found[:size][::-1]
    else:
        limited = rows.filter(pk__lt=older) if older else rows
        found = list(limited.order_by("-pk")[: size + 1])
        has_newer, has_older = older is not None, len(found) > size
        shown = found[:size]
    link = _links(query)
    return Page(
        rows=shown,
        total=rows.count(),
        first=link() if has_newer else "",
        previous=link(newer=shown[0].pk) if has_newer and shown else "",
        next=link(older=shown[-1].pk) if has_older and shown else "",
        # The oldest page is the one that begins after nothing.
        last=link(newer=0) if has_older else "",
    )


def _links(query: Mapping[str, Any]) -> Any:
    kept = {name: value for name, value in query.items() if name not in {"older", "newer"} and value}

    def link(**place: int) -> str:
        return "?" + urlencode({**kept, **place})

    return link


def _number(query: Mapping[str, Any], name: str) -> int | None:
    text = str(query.get(name, ""))
    return int(text) if text.isascii() and text.isdigit() and int(text or 0) <= _LARGEST else None
