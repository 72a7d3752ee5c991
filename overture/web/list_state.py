"""What the address of a list says: words, filters, order, page and selection; every link is made from it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from overture.accounts.models import Membership
from overture.prospects import selection as selections
from overture.prospects.filters import PARTNERS, PROSPECTS, Filter, FilterError
from overture.prospects.models import Selection
from overture.prospects.sorting import DEFAULT, ORDERS

LISTS = {PROSPECTS: "web:prospects", PARTNERS: "web:partners"}
_MOST_ROWS = 10**9


@dataclass(frozen=True)
class ListState:
    member: Membership
    origin: str
    wanted: Filter
    sort: str = DEFAULT
    cursor: str = ""
    # The number of the page's first row, carried along: a keyset page does not know how many come before.
    at: int = 1
    selection: Selection | None = None
    # Shows the chosen ones and nothing else, whatever the filter.
    is_chosen_only: bool = False

    @property
    def path(self) -> str:
        return reverse(LISTS[self.origin], kwargs={"workspace": self.member.workspace.slug})

    @property
    def query(self) -> str:
        """The state as a query string, "" or with its question mark."""
        told = [
            self.wanted.as_query(),
            urlencode({name: value for name, value in self._own().items() if value}),
        ]
        text = "&".join(part for part in told if part)
        return f"?{text}" if text else ""

    @property
    def url(self) -> str:
        return self.path + self.query

    @property
    def act_query(self) -> str:
        """For addresses outside of the list that lead back to it."""
        if self.origin == PROSPECTS:
            return self.query
        return f"{self.query}&from={self.origin}" if self.query else f"?from={self.origin}"

    def menu_url(self, name: str) -> str:
        """Where the options of one filter stand."""
        return f"{self.path}/filters{self.query}{'&' if self.query else '?'}menu={name}"

    def panel_url(self, prospect_id: int) -> str:
        return f"{self.path}/{prospect_id}{self.query}"

    def with_filter(self, wanted: Filter) -> ListState:
        """Another filter begins at the first page."""
        return replace(self, wanted=wanted, cursor="", at=1, is_chosen_only=False)

    def without(self, name: str) -> ListState:
        empty: Any = getattr(Filter(), name)
        return self.with_filter(replace(self.wanted, **{name: empty}))

    def sorted_by(self, sort: str) -> ListState:
        return replace(self, sort=sort, cursor="", at=1)

    def on_page(self, cursor: str, at: int) -> ListState:
        return replace(self, cursor=cursor, at=max(at, 1))

    def with_selection(self, selection: Selection | None) -> ListState:
        return replace(
            self, selection=selection, is_chosen_only=self.is_chosen_only and selection is not None
        )

    def showing_chosen(self, is_on: bool) -> ListState:
        return replace(self, is_chosen_only=is_on, cursor="", at=1)

    def _own(self) -> dict[str, Any]:
        return {
            "sort": self.sort if self.sort != DEFAULT else "",
            "selection": self.selection.pk if self.selection else "",
            "chosen": "only" if self.is_chosen_only else "",
            "at": self.at if self.cursor else "",
            "cursor": self.cursor,
        }


def state_of(request: HttpRequest, member: Membership, origin: str) -> ListState:
    """Read from the address, whatever the method. Raises FilterError for a filter that means nothing."""
    query = request.GET
    selection = selections.find(member, query.get("selection"), origin)
    sort = query.get("sort", DEFAULT)
    return ListState(
        member,
        origin,
        Filter.parse(query),
        sort=sort if sort in ORDERS else DEFAULT,
        cursor=query.get("cursor", ""),
        at=_number(query.get("at", "")),
        selection=selection,
        is_chosen_only=selection is not None and query.get("chosen") == "only",
    )


def state_behind(request: HttpRequest, member: Membership) -> ListState:
    """The list an act was started from; a filter that means nothing only loses the place in it."""
    origin = PARTNERS if request.GET.get("from") == PARTNERS else PROSPECTS
    try:
        return state_of(request, member, origin)
    except FilterError:
        return ListState(member, origin, Filter())


def _number(text: str) -> int:
    return min(int(text), _MOST_ROWS) if text.isascii() and text.isdigit() and len(text) < 10 else 1
