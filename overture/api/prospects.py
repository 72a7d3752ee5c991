"""/prospects and /partners: the lists of Discover > Prospects and Engage > Partners, by the same filters."""

from __future__ import annotations

from functools import partial
from typing import Any, Literal

from django.shortcuts import get_object_or_404
from ninja import Query, Router
from pydantic import BaseModel, Field

from overture.accounts.models import Membership
from overture.api.bearer import ApiRequest
from overture.api.paging import LARGEST_PAGE, Listed, Walk, listed, total_of
from overture.api.shown_prospects import ProspectOut, shown, with_groups
from overture.prospects.filters import PARTNERS, PROSPECTS, Filter, matching
from overture.prospects.models import Prospect
from overture.prospects.sorting import sorted_page

router = Router(tags=["Prospects"])
Sort = Literal[
    "name",
    "-name",
    "active_at",
    "-active_at",
    "created_at",
    "-created_at",
    "audience",
    "-audience",
    "stage",
    "-stage",
]


class Filters(BaseModel):
    """As in the address of the page. Between names all must hold, within one any."""

    q: str = Field("", description="Words, found without regard to accents and capitals.")
    stage: list[str] = []
    group: list[str] = Field([], description="Ids of groups.")
    country: list[str] = Field([], description="Two letters.")
    category: list[str] = []
    kind: list[str] = []
    owner: list[str] = Field([], description="Ids of members; 0 for nobody.")
    archived: str = Field("", description="1: the archived ones and no others.")


class SortedWalk(Walk):
    limit: int = Field(50, ge=1, le=LARGEST_PAGE)
    sort: Sort | None = Field(None, description="By id unless given.")


@router.get("/prospects", response=Listed[ProspectOut])
def list_prospects(request: ApiRequest, walk: Query[SortedWalk], filters: Query[Filters]) -> Any:
    """Archived ones are left out unless asked for."""
    return _list(request.member, walk, filters, PROSPECTS)


@router.get("/partners", response=Listed[ProspectOut])
def list_partners(request: ApiRequest, walk: Query[SortedWalk], filters: Query[Filters]) -> Any:
    """Those that joined. `id` is that of the prospect."""
    return _list(request.member, walk, filters, PARTNERS)


@router.get("/prospects/{int:prospect}", response=ProspectOut)
def get_prospect(request: ApiRequest, prospect: int) -> Any:
    return one(request.member, prospect)


def find(member: Membership, number: int) -> Prospect:
    found: Prospect = get_object_or_404(Prospect.objects.visible_to(member), pk=number)
    return found


def one(member: Membership, number: int) -> dict[str, Any]:
    rows = with_groups(Prospect.objects.visible_to(member))
    return shown(member, [get_object_or_404(rows, pk=number)])[0]


def _list(member: Membership, walk: SortedWalk, filters: Filters, origin: str) -> dict[str, Any]:
    rows = with_groups(matching(member, Filter.parse(filters.model_dump()), origin))
    if walk.sort is None:
        return listed(rows, walk, partial(shown, member))
    page = sorted_page(rows, walk.sort, walk.cursor, walk.limit)
    return {"items": shown(member, page.items), "next": page.next, "total": total_of(rows, walk)}
