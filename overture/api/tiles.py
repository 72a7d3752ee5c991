"""/marketplace/selections: partners chosen among the tiles, over pages and filters, to mark or write to."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from ninja import Query, Router
from pydantic import BaseModel, Field

from overture.accounts.models import Membership
from overture.api.bearer import ApiRequest
from overture.api.bodies import Id, In
from overture.api.mailings import MailingFields, MailingOut, one
from overture.api.marketplace import MarkedOut, Partners, check_kind, marked
from overture.api.message_runs import PlanOut, RunFields, RunOut, shown_plan, shown_run
from overture.api.paging import Listed, Walk, listed
from overture.api.shown_partners import TileOut, tiles
from overture.api.shown_prospects import Kind
from overture.conversations.post_many import plan
from overture.files.mine import mine
from overture.marketplace import chosen_tiles as verbs
from overture.marketplace.contact import as_if_marked, draft_to, message_many_to
from overture.marketplace.models import TileSelection
from overture.marketplace.query import Search

router = Router(tags=["Marketplace"])


class TilesIn(In):
    kind: Kind = "partner"


class AllTiles(In):
    search: dict[str, Any] = Field(
        description="As in the query of /marketplace/partner; {} is everything. A filter's values are a list."
    )


class MarkChosen(In):
    group: Id | None = Field(None, description="All of them are put into this group.")


class TilesOut(BaseModel):
    id: int
    kind: Kind
    count: int


@router.post("", response={201: TilesOut})
def start_tiles(request: ApiRequest, body: TilesIn) -> Any:
    """Empty; yours alone; forgotten when it was not touched for 30 days."""
    check_kind(request.member, body.kind)
    return _told(request.member, verbs.start(request.member, body.kind))


@router.get("/{int:tiles}", response=TilesOut)
def get_tiles(request: ApiRequest, tiles: int) -> Any:
    return _told(request.member, _find(request.member, tiles))


@router.get("/{int:tiles}/partners", response=Listed[TileOut])
def list_chosen_tiles(request: ApiRequest, tiles: int, walk: Query[Walk]) -> Any:
    """By account number; without those taken down since they were chosen."""
    return listed(_chosen(request.member, tiles), walk, lambda found: _shown(request.member, found))


@router.post("/{int:tiles}/choose", response=TilesOut)
def choose_tiles(request: ApiRequest, tiles: int, body: Partners) -> Any:
    """Who is not listed in its marketplace is passed over."""
    found = _find(request.member, tiles)
    verbs.choose(request.member, found, body.partners)
    return _told(request.member, found)


@router.post("/{int:tiles}/drop", response=TilesOut)
def drop_tiles(request: ApiRequest, tiles: int, body: Partners) -> Any:
    found = _find(request.member, tiles)
    verbs.drop(request.member, found, body.partners)
    return _told(request.member, found)


@router.post("/{int:tiles}/all", response=TilesOut)
def choose_all_tiles(request: ApiRequest, tiles: int, body: AllTiles) -> Any:
    """What matches now, in its order up to 10,000, instead of what was chosen."""
    found = _find(request.member, tiles)
    verbs.choose_all(request.member, found, Search.parse(body.search, found.kind))
    return _told(request.member, found)


@router.post("/{int:tiles}/clear", response=TilesOut)
def clear_tiles(request: ApiRequest, tiles: int) -> Any:
    found = _find(request.member, tiles)
    verbs.clear(request.member, found)
    return _told(request.member, found)


@router.post("/{int:tiles}/mark", response=MarkedOut)
def mark_tiles(request: ApiRequest, tiles: int, body: MarkChosen) -> Any:
    """As prospects. Archived ones come out of the archive."""
    chosen = _chosen(request.member, tiles)
    return marked(request.member, list(chosen.values_list("pk", flat=True)), body.group)


@router.post("/{int:tiles}/email", response={201: MailingOut})
def email_tiles(request: ApiRequest, tiles: int, body: MailingFields) -> Any:
    """A draft to them. Who is no prospect yet becomes one with it."""
    chosen = _chosen(request.member, tiles).values_list("pk", flat=True)
    return one(draft_to(request.member, list(chosen), **body.written()))


@router.post("/{int:tiles}/message/preview", response=PlanOut)
def preview_message_to_tiles(request: ApiRequest, tiles: int, body: RunFields) -> Any:
    """Who would get it and who is held back, and why. Nothing is sent, nobody is marked."""
    chosen = list(_chosen(request.member, tiles).values_list("pk", flat=True))
    with as_if_marked(request.member, chosen) as audience:
        return shown_plan(plan(request.member, audience, body.text, **body.options()))


@router.post("/{int:tiles}/message", response={201: RunOut})
def message_tiles(request: ApiRequest, tiles: int, body: RunFields) -> Any:
    """To each of them in their own conversation. Who is no prospect becomes one with it, if a message reaches
    them.
    """
    chosen = list(_chosen(request.member, tiles).values_list("pk", flat=True))
    files = mine(body.files, member=request.member)
    return shown_run(message_many_to(request.member, chosen, body.text, files, **body.options()))


def _find(member: Membership, number: int) -> TileSelection:
    if (found := verbs.find(member, number)) is None:
        raise Http404
    return found


def _chosen(member: Membership, number: int) -> Any:
    return verbs.chosen(member, _find(member, number))


def _shown(member: Membership, found: Any) -> list[dict[str, Any]]:
    return tiles(member, found)


def _told(member: Membership, selection: TileSelection) -> dict[str, Any]:
    return {"id": selection.pk, "kind": selection.kind, "count": verbs.count(member, selection)}
