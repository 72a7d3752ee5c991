"""/marketplace: searching the directory, and what is done with the partners found."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import Http404
from ninja import Query, Router
from pydantic import BaseModel, Field

from overture.accounts.models import Membership
from overture.api.bearer import ApiRequest
from overture.api.bodies import Id, In
from overture.api.change_prospects import find_group
from overture.api.mailings import MailingFields, MailingOut, one
from overture.api.problems import Fault, invalid
from overture.api.shown_partners import PartnerOut, TileOut, details, tiles_of
from overture.api.wording import words
from overture.directory.find import find_partner
from overture.directory.models import Partner, PartnerKind
from overture.marketplace.chosen_tiles import MOST
from overture.marketplace.contact import draft_to
from overture.marketplace.listed import unknown_of
from overture.marketplace.not_interested import bring_back, dismiss
from overture.marketplace.query import DEEPEST, LONGEST_Q, Search
from overture.marketplace.report import report
from overture.marketplace.save import save, unsave
from overture.marketplace.search import PAGE_SIZE, search
from overture.prospects.mark_many import mark_many

router = Router(tags=["Marketplace"])
LARGEST_PAGE = 100


class SearchIn(BaseModel):
    """As in the address of the page. Between names all must hold, within one any."""

    q: str = Field("", description="Words, found with typos and by their beginnings.", max_length=LONGEST_Q)
    tab: Literal["all", "recommended", "saved"] = "all"
    country: list[str] = Field([], description="Where the audience is: two letters.")
    category: list[str] = []
    method: list[str] = []
    model: list[str] = []
    size: list[str] = []
    language: list[str] = Field([], description="Two letters.")
    channel: list[str] = []
    active: str = Field("", description="Last active within 7, 30, 90 or 365 days.")
    relation: list[str] = Field([], description="none, prospect, joined, not_interested.")
    sort: Literal["fit", "audience", "newest"] = "fit"


class PagedSearch(SearchIn):
    page: int = Field(1, ge=1, le=DEEPEST)
    limit: int = Field(PAGE_SIZE, ge=1, le=LARGEST_PAGE)


class FoundOut(BaseModel):
    items: list[TileOut]
    total: int
    page: int
    facets: dict[str, dict[str, int]] = Field(
        description="By filter and value: how many there would be with this value, its filter's others aside."
    )
    is_forgiving: bool = Field(description="Near spellings were searched, too.")


class Partners(In):
    partners: Annotated[list[Id], Field(max_length=MOST, description="Account numbers (mpid).")]


class MarkIn(Partners):
    group: Id | None = Field(None, description="All of them are put into this group.")


class MarkedOut(BaseModel):
    new: int
    known: int = Field(description="How many were prospects before.")
    restored: int = Field(description="How many of those came out of the archive.")
    prospects: list[int] = Field(description="Ids of all of them.")


class Changed(BaseModel):
    changed: int = Field(description="How many were not so before.")


class EmailIn(MailingFields):
    partners: Annotated[list[Id], Field(min_length=1, max_length=MOST, description="Account numbers.")]


class ReportIn(In):
    reason: Literal["spam", "wrong_facts", "offensive", "gone", "other"]
    text: str = Field("", description="Needed with the reason other.")


class ReportOut(BaseModel):
    id: int
    partner: int
    reason: str
    text: str
    created_at: datetime


@router.get("/partner", response=FoundOut)
def search_partners(request: ApiRequest, wanted: Query[PagedSearch]) -> Any:
    """The Partner Marketplace. 503 while this host makes its index; `percent` tells how far it is."""
    return _found(request.member, PartnerKind.PARTNER.value, wanted)


@router.get("/creator", response=FoundOut)
def search_creators(request: ApiRequest, wanted: Query[PagedSearch]) -> Any:
    """The Creator Marketplace; 404 where the workspace runs no program for creators."""
    return _found(request.member, PartnerKind.CREATOR.value, wanted)


@router.get("/partners/{int:mpid}", response=PartnerOut)
def get_partner(request: ApiRequest, mpid: int) -> Any:
    """One partner in full. The number of a merged one answers the partner it became, by another `mpid`."""
    return details(request.member, _partner(request.member, mpid))


@router.post("/partners/{int:mpid}/report", response={201: ReportOut})
def report_partner(request: ApiRequest, mpid: int, body: ReportIn) -> Any:
    """For the operator. A second report says your first anew, until it is settled."""
    said = report(request.member, _partner(request.member, mpid), body.reason, body.text)
    told = {name: getattr(said, name) for name in ("id", "reason", "text", "created_at")}
    return told | {"partner": said.partner_id}


@router.post("/save", response=Changed)
def save_partners(request: ApiRequest, body: Partners) -> Any:
    return {"changed": save(request.member, body.partners)}


@router.post("/unsave", response=Changed)
def unsave_partners(request: ApiRequest, body: Partners) -> Any:
    return {"changed": unsave(request.member, body.partners)}


@router.post("/not-interested", response=Changed)
def dismiss_partners(request: ApiRequest, body: Partners) -> Any:
    """Hidden from results, for the whole workspace. 409 when one of them is a prospect."""
    return {"changed": dismiss(request.member, body.partners)}


@router.post("/bring-back", response=Changed)
def bring_partners_back(request: ApiRequest, body: Partners) -> Any:
    return {"changed": bring_back(request.member, body.partners)}


@router.post("/mark", response=MarkedOut)
def mark_partners(request: ApiRequest, body: MarkIn) -> Any:
    """As prospects. Archived ones come out of the archive; what is not listed is left out."""
    return marked(request.member, body.partners, body.group)


@router.post("/email", response={201: MailingOut})
def email_partners(request: ApiRequest, body: EmailIn) -> Any:
    """A draft to them. Who is no prospect yet becomes one with it. Prepare and send it as any mailing."""
    _check_known(request.member, body.partners)
    return one(draft_to(request.member, body.partners, **body.written()))


def marked(member: Membership, mpids: list[int], group: int | None) -> dict[str, Any]:
    """`group` is the id of one of the workspace's."""
    return asdict(mark_many(member, mpids, find_group(member, group) if group is not None else None))


def check_kind(member: Membership, kind: str) -> None:
    """Raises Http404 for creators where the workspace runs no program for them."""
    if kind == PartnerKind.CREATOR and not member.workspace.has_creators:
        raise Http404


def _found(member: Membership, kind: str, asked: PagedSearch) -> dict[str, Any]:
    check_kind(member, kind)
    if asked.page * asked.limit > DEEPEST:
        raise invalid(
            Fault("page", "less_than_equal", words("less_than_equal", {"le": DEEPEST // asked.limit}))
        )
    wanted = Search.parse(asked.model_dump(exclude={"page", "limit"}), kind)
    found = search(member, wanted, asked.page, asked.limit)
    told = {"total": found.total, "facets": found.facets, "is_forgiving": found.is_forgiving}
    return {"items": tiles_of(member, found.mpids), "page": asked.page, **told}


def _partner(member: Membership, mpid: int) -> Partner:
    found = find_partner(member, mpid)
    if found is None:
        raise Http404
    return found


def _check_known(member: Membership, mpids: list[int]) -> None:
    """Nobody is left out in silence where somebody is written to."""
    if unknown := unknown_of(member, mpids):
        ids = ", ".join(map(str, unknown[:10]))
        raise invalid(Fault("partners", "unknown_partners", words("unknown_partners", {"ids": ids})))
