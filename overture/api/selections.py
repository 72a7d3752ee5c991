"""/selections: prospects chosen one by one or by a filter, for an audience of {selection: id}."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from ninja import Router
from pydantic import BaseModel, Field

from overture.accounts.models import Membership
from overture.api.bearer import ApiRequest
from overture.api.bodies import Id, In
from overture.api.change_prospects import assign_owner, find_group, move
from overture.api.shown_prospects import StageName
from overture.prospects import group as groups
from overture.prospects import selection as verbs
from overture.prospects.archive import archive, restore
from overture.prospects.filters import PARTNERS, PROSPECTS, Filter
from overture.prospects.models import Selection

router = Router(tags=["Selections"])
Origin = Literal["prospects", "partners"]


class SelectionIn(In):
    origin: Origin = Field("prospects", alias="from")


class Chosen(In):
    prospects: Annotated[list[Id], Field(max_length=10_000)]


class ChooseAll(In):
    filter: dict[str, Any] = Field(description="As in the query of /prospects; {} is everything.")


class Stage(In):
    stage: StageName


class Owner(In):
    owner: Id | None = Field(description="Id of a member; null for nobody.")


class GroupId(In):
    group: Id


class Changed(BaseModel):
    changed: int = Field(description="How many were not so before.")


class SelectionOut(BaseModel):
    id: int
    origin: Origin = Field(serialization_alias="from")
    filter: dict[str, Any] | None = Field(description="null where single ones were chosen.")
    count: int


@router.post("", response={201: SelectionOut}, by_alias=True)
def start_selection(request: ApiRequest, body: SelectionIn) -> Any:
    """Empty; yours alone."""
    return _told(request.member, verbs.start(request.member, body.origin))


@router.get("/{int:selection}", response=SelectionOut, by_alias=True)
def get_selection(request: ApiRequest, selection: int) -> Any:
    return _told(request.member, _find(request.member, selection))


@router.post("/{int:selection}/choose", response=SelectionOut, by_alias=True)
def choose(request: ApiRequest, selection: int, body: Chosen) -> Any:
    found = _find(request.member, selection)
    verbs.choose(request.member, found, body.prospects)
    return _told(request.member, found)


@router.post("/{int:selection}/drop", response=SelectionOut, by_alias=True)
def drop(request: ApiRequest, selection: int, body: Chosen) -> Any:
    found = _find(request.member, selection)
    verbs.drop(request.member, found, body.prospects)
    return _told(request.member, found)


@router.post("/{int:selection}/all", response=SelectionOut, by_alias=True)
def choose_all(request: ApiRequest, selection: int, body: ChooseAll) -> Any:
    """Everything that matches, that to come included."""
    found = _find(request.member, selection)
    verbs.choose_all(request.member, found, Filter.parse(body.filter))
    return _told(request.member, found)


@router.post("/{int:selection}/clear", response=SelectionOut, by_alias=True)
def clear(request: ApiRequest, selection: int) -> Any:
    found = _find(request.member, selection)
    verbs.clear(found)
    return _told(request.member, found)


@router.post("/{int:selection}/stage", response=Changed)
def move_chosen(request: ApiRequest, selection: int, body: Stage) -> Any:
    """All of them, or none: 409 when one cannot go there."""
    with transaction.atomic():
        return {"changed": move(request.member, _chosen(request.member, selection), body.stage)}


@router.post("/{int:selection}/owner", response=Changed)
def assign_chosen(request: ApiRequest, selection: int, body: Owner) -> Any:
    return {"changed": assign_owner(request.member, _chosen(request.member, selection), body.owner)}


@router.post("/{int:selection}/add-group", response=Changed)
def add_chosen_to_group(request: ApiRequest, selection: int, body: GroupId) -> Any:
    rows = _chosen(request.member, selection)
    return {"changed": groups.add(request.member, rows, find_group(request.member, body.group))}


@router.post("/{int:selection}/remove-group", response=Changed)
def remove_chosen_from_group(request: ApiRequest, selection: int, body: GroupId) -> Any:
    rows = _chosen(request.member, selection)
    return {"changed": groups.remove(request.member, rows, find_group(request.member, body.group))}


@router.post("/{int:selection}/archive", response=Changed)
def archive_chosen(request: ApiRequest, selection: int) -> Any:
    return {"changed": archive(request.member, _chosen(request.member, selection)).count}


@router.post("/{int:selection}/restore", response=Changed)
def restore_chosen(request: ApiRequest, selection: int) -> Any:
    return {"changed": restore(request.member, _chosen(request.member, selection))}


def _chosen(member: Membership, number: int) -> QuerySet[Any]:
    return verbs.chosen(member, _find(member, number))


def _find(member: Membership, number: int) -> Selection:
    for origin in (PROSPECTS, PARTNERS):
        if (found := verbs.find(member, number, origin)) is not None:
            return found
    raise Http404


def _told(member: Membership, selection: Selection) -> dict[str, Any]:
    told = {"id": selection.pk, "origin": selection.origin, "filter": selection.filter}
    return told | {"count": verbs.count(member, selection)}
