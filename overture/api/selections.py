"""/selections: prospects chosen one by one or by a filter, for an audience of {selection: id}."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import Http404
from ninja import Router
from pydantic import BaseModel, Field

from overture.accounts.models import Membership
from overture.api.bearer import ApiRequest
from overture.api.bodies import Id, In
from overture.prospects import selection as verbs
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


def _find(member: Membership, number: int) -> Selection:
    for origin in (PROSPECTS, PARTNERS):
        if (found := verbs.find(member, number, origin)) is not None:
            return found
    raise Http404


def _told(member: Membership, selection: Selection) -> dict[str, Any]:
    told = {"id": selection.pk, "origin": selection.origin, "filter": selection.filter}
    return told | {"count": verbs.count(member, selection)}
