"""/saved-searches: searches you keep under a name, and whether they tell of new matches."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.shortcuts import get_object_or_404
from ninja import Query, Router
from pydantic import BaseModel, Field

from overture.accounts.models import Membership
from overture.api.bearer import ApiRequest
from overture.api.bodies import In
from overture.api.marketplace import check_kind
from overture.api.paging import Listed, Walk, listed
from overture.api.shown_prospects import Kind
from overture.marketplace import saved_searches as verbs
from overture.marketplace.models import SavedSearch
from overture.marketplace.query import Search, SearchError

router = Router(tags=["Saved searches"])


class SavedSearchIn(In):
    kind: Kind = "partner"
    name: str
    search: dict[str, Any] = Field(
        description="As in the query of /marketplace/partner; {} is everything. A filter's values are a list."
    )
    is_telling: bool = Field(True, description="A notice tells of partners that come and match.")


class SavedSearchPatch(In):
    """What is left out or null stays."""

    name: str | None = None
    is_telling: bool | None = None


class SavedSearchOut(BaseModel):
    id: int
    kind: Kind
    name: str
    search: dict[str, Any]
    query: str = Field(description="The same for an address; empty where this version does not know it.")
    is_telling: bool
    created_at: datetime


@router.get("", response=Listed[SavedSearchOut])
def list_saved_searches(request: ApiRequest, walk: Query[Walk]) -> Any:
    """Yours, of both marketplaces."""
    return listed(verbs.saved_searches(request.member), walk, _shown)


@router.post("", response={201: SavedSearchOut})
def keep_search(request: ApiRequest, body: SavedSearchIn) -> Any:
    """At most 50, each name once in a marketplace."""
    check_kind(request.member, body.kind)
    with transaction.atomic():
        made = verbs.keep(request.member, body.name, Search.parse(body.search, body.kind))
        verbs.set_telling(request.member, made, body.is_telling)
    return _shown([made])[0]


@router.get("/{int:saved_search}", response=SavedSearchOut)
def get_saved_search(request: ApiRequest, saved_search: int) -> Any:
    return _shown([_find(request.member, saved_search)])[0]


@router.patch("/{int:saved_search}", response=SavedSearchOut)
def edit_saved_search(request: ApiRequest, saved_search: int, body: SavedSearchPatch) -> Any:
    """Told again, it tells of what comes from then on."""
    row = _find(request.member, saved_search)
    with transaction.atomic():
        if body.name is not None:
            verbs.rename(request.member, row, body.name)
        if body.is_telling is not None:
            verbs.set_telling(request.member, row, body.is_telling)
    return _shown([row])[0]


@router.delete("/{int:saved_search}", response={204: None})
def forget_search(request: ApiRequest, saved_search: int) -> Any:
    verbs.forget(request.member, _find(request.member, saved_search))
    return None


def _find(member: Membership, number: int) -> SavedSearch:
    found: SavedSearch = get_object_or_404(verbs.saved_searches(member), pk=number)
    return found


def _shown(rows: Sequence[SavedSearch]) -> list[dict[str, Any]]:
    names = ("id", "kind", "name", "search", "is_telling", "created_at")
    return [{name: getattr(row, name) for name in names} | {"query": _query(row)} for row in rows]


def _query(row: SavedSearch) -> str:
    try:
        return verbs.search_of(row).as_query()
    except SearchError:
        # Kept by a version that knew more: the others are listed all the same.
        return ""
