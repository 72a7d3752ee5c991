"""What the address of a marketplace says: search, page and selection; every link on it is made from it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from overture.accounts.models import Membership
from overture.directory.models import PartnerKind
from overture.marketplace import chosen_tiles
from overture.marketplace.models import TileSelection
from overture.marketplace.query import DEEPEST, Search, SearchError
from overture.marketplace.search import PAGE_SIZE

PAGES = {PartnerKind.PARTNER: "web:partner_marketplace", PartnerKind.CREATOR: "web:creator_marketplace"}
LAST_PAGE = DEEPEST // PAGE_SIZE


@dataclass(frozen=True)
class MarketState:
    member: Membership
    wanted: Search
    page: int = 1
    selection: TileSelection | None = None

    @property
    def kind(self) -> str:
        return self.wanted.kind

    @property
    def is_creators(self) -> bool:
        return self.kind == PartnerKind.CREATOR

    @property
    def path(self) -> str:
        return reverse(PAGES[PartnerKind(self.kind)], kwargs={"workspace": self.member.workspace.slug})

    @property
    def query(self) -> str:
        """The state as a query string, "" or with its question mark."""
        text = "&".join(part for part in (self.wanted.as_query(), urlencode(self.own())) if part)
        return f"?{text}" if text else ""

    @property
    def url(self) -> str:
        return self.path + self.query

    def own(self) -> dict[str, Any]:
        """What the address says beside the search."""
        told = {
            "page": self.page if self.page > 1 else None,
            "selection": self.selection.pk if self.selection else None,
        }
        return {name: value for name, value in told.items() if value}

    def partner_url(self, mpid: int) -> str:
        return f"{self.path}/{mpid}{self.query}"

    def act_url(self, act: str) -> str:
        """Of what is done from here; its query leads back."""
        return f"{self.path}/{act}{self.query}"

    def searching(self, **changed: Any) -> MarketState:
        """Another search begins at the first page."""
        return self.with_search(replace(self.wanted, **changed))

    def with_search(self, wanted: Search) -> MarketState:
        return replace(self, wanted=wanted, page=1)

    def without(self, name: str, value: str | None = None) -> MarketState:
        return self.with_search(self.wanted.without(name, value))

    def without_filters(self) -> MarketState:
        """Words, tab and order stay."""
        wanted = self.wanted
        return self.with_search(Search(wanted.kind, tab=wanted.tab, q=wanted.q, sort=wanted.sort))

    def on_page(self, page: int) -> MarketState:
        return replace(self, page=page)

    def with_selection(self, selection: TileSelection | None) -> MarketState:
        return replace(self, selection=selection)


def state_of(request: HttpRequest, member: Membership, kind: str) -> MarketState:
    """Read from the address, whatever the method. Raises SearchError for a search that means nothing."""
    selection = chosen_tiles.find(member, request.GET.get("selection"), kind)
    return MarketState(member, Search.parse(request.GET, kind), _page(request.GET.get("page", "")), selection)


def state_behind(request: HttpRequest, member: Membership, kind: str) -> MarketState:
    """Where an act was started; a search that means nothing only loses the place in it."""
    try:
        return state_of(request, member, kind)
    except SearchError:
        return MarketState(member, Search(kind))


def _page(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1
    return min(max(number, 1), LAST_PAGE)
