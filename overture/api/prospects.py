"""/prospects and /partners: the lists of Discover > Prospects and Engage > Partners, by the same filters."""

from __future__ import annotations

from functools import partial
from typing import Any, Literal

from django.db import transaction
from django.http import Http404, StreamingHttpResponse
from ninja import Query, Router, Status
from pydantic import BaseModel, Field

from overture.accounts.models import Membership
from overture.api.bearer import ApiRequest
from overture.api.bodies import Id, In
from overture.api.change_prospects import assign_owner, find_contact, move, set_groups
from overture.api.paging import Listed, Walk, listed, total_of
from overture.api.problems import Problem
from overture.api.shown_prospects import Kind, ProspectOut, StageName, find, one, shown, with_groups
from overture.api.wording import words
from overture.directory.find import find_partner
from overture.prospects.archive import archive, restore
from overture.prospects.contacts import choose_primary
from overture.prospects.export import export
from overture.prospects.filters import PARTNERS, PROSPECTS, Filter, matching
from overture.prospects.mark import AlreadyThere, Details, add, mark
from overture.prospects.models import Prospect
from overture.prospects.sorting import sorted_page

router = Router(tags=["Prospects"])
Sort = Literal[
    "name", "-name", "active_at", "-active_at", "created_at", "-created_at", "audience", "-audience",
    "stage", "-stage",
]  # fmt: skip


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
    sort: Sort | None = Field(None, description="By id unless given.")


class ProspectIn(In):
    """At least one of name, website, person."""

    name: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    address: str | None = None
    website: str | None = None
    country: str | None = None
    kind: Kind | None = Field(None, description="partner unless given.")
    category: str | None = None
    language: str | None = None
    audience: int | None = None
    groups: list[Id] | None = None
    note: str | None = None


class ProspectPatch(In):
    stage: StageName | None = None
    owner: Id | None = Field(None, description="Id of a member; null for nobody.")
    groups: list[Id] | None = Field(None, description="All groups it is in from now on.")
    primary_contact: Id | None = Field(None, description="Who is written to; null for the usual one.")


@router.get("/prospects", response=Listed[ProspectOut])
def list_prospects(request: ApiRequest, walk: Query[SortedWalk], filters: Query[Filters]) -> Any:
    """Archived ones are left out unless asked for."""
    return _list(request.member, walk, filters, PROSPECTS)


@router.get("/partners", response=Listed[ProspectOut])
def list_partners(request: ApiRequest, walk: Query[SortedWalk], filters: Query[Filters]) -> Any:
    """Those that joined. `id` is that of the prospect."""
    return _list(request.member, walk, filters, PARTNERS)


@router.post("/prospects", response={201: ProspectOut})
def add_prospect(request: ApiRequest, body: ProspectIn) -> Any:
    """By hand. 409, with the `prospect` it is, when it is there already."""
    given = body.given()
    given["groups"] = tuple(given.get("groups", ()))
    try:
        made = add(request.member, Details(**given))
    except AlreadyThere as there:
        raise Problem("conflict", words("already_there"), prospect=there.prospect.pk) from there
    return one(request.member, made.pk)


@router.post("/partners/{int:partner}/prospect", response={200: ProspectOut, 201: ProspectOut})
def mark_partner(request: ApiRequest, partner: int) -> Any:
    """Marks a partner (by mpid) as prospect. 200 when it was one before; an archived one comes back."""
    if (row := find_partner(request.member, partner)) is None:
        raise Http404
    known = Prospect.objects.visible_to(request.member).filter(partner=row).exists()
    return Status(200 if known else 201, one(request.member, mark(request.member, row).pk))


@router.get(
    "/prospects.csv",
    openapi_extra={"responses": {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}},
)
def export_prospects(request: ApiRequest, filters: Query[Filters]) -> Any:
    """Everything that matches, as a file that a spreadsheet opens and an import reads."""
    rows = export(request.member, _matching(request.member, filters, PROSPECTS))
    headers = {"Content-Disposition": 'attachment; filename="prospects.csv"'}
    return StreamingHttpResponse(rows, content_type="text/csv", headers=headers)


@router.get("/prospects/{int:prospect}", response=ProspectOut)
def get_prospect(request: ApiRequest, prospect: int) -> Any:
    return one(request.member, prospect)


@router.patch("/prospects/{int:prospect}", response=ProspectOut)
def edit_prospect(request: ApiRequest, prospect: int, body: ProspectPatch) -> Any:
    """What is left out stays. All of it is done, or nothing."""
    with transaction.atomic():
        _edit(request.member, find(request.member, prospect), body.said())
    return one(request.member, prospect)


@router.post("/prospects/{int:prospect}/archive", response=ProspectOut)
def archive_prospect(request: ApiRequest, prospect: int) -> Any:
    """Nothing is sent to it from then on."""
    archive(request.member, _rows_of(request.member, prospect))
    return one(request.member, prospect)


@router.post("/prospects/{int:prospect}/restore", response=ProspectOut)
def restore_prospect(request: ApiRequest, prospect: int) -> Any:
    restore(request.member, _rows_of(request.member, prospect))
    return one(request.member, prospect)


def _edit(member: Membership, row: Prospect, said: dict[str, Any]) -> None:
    rows = Prospect.objects.visible_to(member).filter(pk=row.pk)
    if said.get("stage") is not None:
        move(member, rows, said["stage"])
    if "owner" in said:
        assign_owner(member, rows, said["owner"])
    if said.get("groups") is not None:
        set_groups(member, row, said["groups"])
    if "primary_contact" in said:
        choose_primary(member, row, find_contact(member, row, said["primary_contact"]))


def _rows_of(member: Membership, number: int) -> Any:
    return Prospect.objects.visible_to(member).filter(pk=find(member, number).pk)


def _matching(member: Membership, filters: Filters, origin: str) -> Any:
    return matching(member, Filter.parse(filters.model_dump()), origin)


def _list(member: Membership, walk: SortedWalk, filters: Filters, origin: str) -> dict[str, Any]:
    rows = with_groups(_matching(member, filters, origin))
    if walk.sort is None:
        return listed(rows, walk, partial(shown, member))
    page = sorted_page(rows, walk.sort, walk.cursor, walk.limit)
    return {"items": shown(member, page.items), "next": page.next, "total": total_of(rows, walk)}
