"""/directory: the partners that all workspaces see, kept by the operator."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.shortcuts import get_object_or_404
from ninja import Query, Router
from pydantic import BaseModel, Field

from overture.accounts.access import require_operator
from overture.api.bearer import ApiRequest
from overture.api.bodies import Id, In, clean
from overture.api.paging import Listed, Walk, listed
from overture.api.problems import Fault, invalid
from overture.api.wording import words
from overture.directory.details import check
from overture.directory.find import leads_to
from overture.directory.models import Contact, Partner, Standing
from overture.directory.plan import Outcome, Row
from overture.directory.search import search
from overture.directory.suspend import list_partner, suspend
from overture.directory.upsert import MOST_ROWS
from overture.directory.wording import sentence
from overture.marketplace.describe import describe
from overture.marketplace.merge import merge
from overture.marketplace.models import Report
from overture.marketplace.settle_report import settle_report

router = Router(tags=["Directory"])
StandingOf = Literal["in_review", "listed", "suspended", "merged"]
State = Literal["created", "updated", "unchanged", "refused"]
Texts = list[str] | str
_SHARES = Field(None, description='Percents: {"FR": 62, "BE": 20}, or "FR 62, BE 20".')


class ChannelIn(In):
    kind: str = Field(max_length=60)
    size: int | str | None = None
    url: str | None = None


class PartnerIn(In):
    """What is left out stays, null or "" takes away. Words of the vocabulary by value or by label."""

    mpid: Id | None = Field(None, description="Else it is matched by own website, then by account address.")
    name: str | None = None
    kind: str | None = None
    website: str | None = None
    country: str | None = None
    category: str | None = None
    languages: Texts | None = Field(None, description="The main one first.")
    audience: int | str | None = None
    about: str | None = None
    topics: Texts | None = None
    methods: Texts | None = None
    business_model: str | None = None
    audience_countries: dict[str, float] | str | None = _SHARES
    audience_ages: dict[str, float] | str | None = Field(None, description='{"18-24": 30, "65+": 5}')
    channels: list[ChannelIn] | str | None = None
    active_on: str | None = Field(None, description="2026-01-31")
    has_messaging: bool | None = None
    first_name: str | None = Field(None, description="Of its account's contact.")
    last_name: str | None = None
    title: str | None = None
    address: str | None = None


class Upsert(In):
    partners: Annotated[list[PartnerIn], Field(min_length=1, max_length=MOST_ROWS)]
    standing: Literal["listed", "in_review"] = Field("listed", description="Of new ones.")


class FaultOut(BaseModel):
    field: str
    code: str
    message: str


class OutcomeOut(BaseModel):
    state: State
    mpid: int | None = Field(description="null where the row is refused.")
    errors: list[FaultOut]


class UpsertOut(BaseModel):
    created: int
    updated: int
    unchanged: int
    refused: int
    outcomes: list[OutcomeOut] = Field(description="One for each partner sent, in their order.")


class ChannelOut(BaseModel):
    kind: str
    size: int | None
    url: str


class PersonOut(BaseModel):
    id: int
    first_name: str
    last_name: str
    title: str
    address: str


class DirectoryPartner(BaseModel):
    mpid: int
    standing: StandingOf
    merged_into: int | None
    name: str
    kind: Literal["partner", "creator"]
    website: str
    country: str
    category: str
    languages: list[str]
    audience: int | None
    about: str
    topics: list[str]
    methods: list[str]
    business_model: str
    audience_countries: dict[str, int]
    audience_ages: dict[str, int]
    channels: list[ChannelOut]
    active_on: date | None
    has_messaging: bool
    contacts: list[PersonOut]
    open_reports: int
    created_at: datetime
    listed_at: datetime


class Suspend(In):
    reason: str = Field(min_length=1, max_length=500, description="For whoever looks at it later.")


class Merge(In):
    into: Id = Field(description="The account number of the partner that stays.")


class ReportOut(BaseModel):
    id: int
    mpid: int
    workspace: str
    reason: str
    text: str
    created_at: datetime
    settled_at: datetime | None


@router.put("/partners", response=UpsertOut)
def upsert_partners(request: ApiRequest, body: Upsert) -> Any:
    """Makes and changes up to 1,000 partners at once; each row has an outcome, and one that is refused
    keeps no other from coming in. Private partners are never touched."""
    require_operator(request.member.user)
    rows = [_row(each) for each in body.partners]
    outcomes = describe(request.member.user, rows, Standing(body.standing))
    states = [each.state for each in outcomes]
    counts = {state: states.count(state) for state in ("created", "updated", "unchanged", "refused")}
    return counts | {"outcomes": [_outcome(each) for each in outcomes]}


@router.get("/partners", response=Listed[DirectoryPartner])
def list_directory(
    request: ApiRequest, walk: Query[Walk], q: str = "", standing: StandingOf | None = None
) -> Any:
    """`q` finds by number, by the beginning of a name and by website."""
    rows = search(request.member.user, clean(q, "q"), standing or "")
    return listed(rows, walk, _shown)


@router.get("/partners/{int:mpid}", response=DirectoryPartner)
def get_directory_partner(request: ApiRequest, mpid: int) -> Any:
    """The number of a merged partner answers with the one it became: `mpid` then differs from the asked."""
    return _shown([_find(request, leads_to(mpid))])[0]


@router.post("/partners/{int:mpid}/suspend", response=DirectoryPartner)
def suspend_partner(request: ApiRequest, mpid: int, body: Suspend) -> Any:
    """Nobody finds it any more; whose prospect it is keeps it as one."""
    return _shown([suspend(request.member.user, _find(request, mpid), body.reason)])[0]


@router.post("/partners/{int:mpid}/list", response=DirectoryPartner)
def list_partner_again(request: ApiRequest, mpid: int) -> Any:
    """Out of review, or suspended no more."""
    return _shown([list_partner(request.member.user, _find(request, mpid))])[0]


@router.post("/partners/{int:mpid}/merge", response=DirectoryPartner)
def merge_partner(request: ApiRequest, mpid: int, body: Merge) -> Any:
    """Answers with the one that stays. It cannot be taken back."""
    old = _find(request, mpid)
    into: Partner | None = Partner.objects.filter(workspace=None, pk=body.into).first()
    if into is None:
        raise invalid(Fault("into", "unknown_id", words("unknown_id")))
    return _shown([merge(request.member.user, old, into)])[0]


@router.get("/reports", response=Listed[ReportOut])
def list_reports(
    request: ApiRequest, walk: Query[Walk], mpid: Id | None = None, settled: bool = False
) -> Any:
    """What members of all workspaces reported; open ones, unless `settled`."""
    require_operator(request.member.user)
    rows = Report.objects.filter(settled_at__isnull=not settled).select_related("workspace")
    return listed(rows.filter(partner=mpid) if mpid else rows, walk, _reports)


@router.post("/reports/{int:report}/settle", response=ReportOut)
def settle_a_report(request: ApiRequest, report: int) -> Any:
    """An operator looked at it; what is done about the partner is done apart from it."""
    require_operator(request.member.user)
    row = get_object_or_404(Report.objects.select_related("workspace"), pk=report)
    return _reports([settle_report(request.member.user, row)])[0]


def _find(request: ApiRequest, mpid: int) -> Partner:
    require_operator(request.member.user)
    found: Partner = get_object_or_404(Partner.objects.filter(workspace=None), pk=mpid)
    return found


def _row(given: PartnerIn) -> Row:
    was_said = given.said()
    # In the order of the schema, so that faults come in one order.
    said = {name: was_said[name] for name in PartnerIn.model_fields if name in was_said and name != "mpid"}
    if isinstance(given.channels, list):
        said["channels"] = [each.given() for each in given.channels]
    details, errors = check(said)
    return Row(details, given.mpid, tuple(errors))


def _outcome(outcome: Outcome) -> dict[str, Any]:
    errors = [
        {
            "field": each.field,
            "code": each.code,
            "message": sentence(each.code, {"value": each.value, **each.params}),
        }
        for each in outcome.errors
    ]
    return {"state": outcome.state, "mpid": outcome.mpid, "errors": errors}


def _shown(rows: Sequence[Partner]) -> list[dict[str, Any]]:
    numbers = [row.pk for row in rows]
    people: dict[int, list[Contact]] = {number: [] for number in numbers}
    of_accounts = Contact.objects.filter(partner__in=numbers, workspace=None, erased_at=None)
    for person in of_accounts.order_by("pk"):
        people[person.partner_id].append(person)
    reported = list(
        Report.objects.filter(partner__in=numbers, settled_at=None).values_list("partner_id", flat=True)
    )
    columns = [
        name
        for name in DirectoryPartner.model_fields
        if name not in {"merged_into", "contacts", "open_reports"}
    ]
    return [
        {name: getattr(row, name) for name in columns}
        | {
            "merged_into": row.merged_into_id,
            "contacts": [
                {name: getattr(person, name) for name in PersonOut.model_fields} for person in people[row.pk]
            ],
            "open_reports": reported.count(row.pk),
        }
        for row in rows
    ]


def _reports(rows: Sequence[Report]) -> list[dict[str, Any]]:
    same = ("id", "reason", "text", "created_at", "settled_at")
    return [
        {name: getattr(row, name) for name in same}
        | {"mpid": row.partner_id, "workspace": row.workspace.name}
        for row in rows
    ]
