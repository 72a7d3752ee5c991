"""/directory, as far as partners' own people go: who signs in, who is invited, who claims. The operator's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

from django.shortcuts import get_object_or_404
from ninja import Query, Router
from pydantic import BaseModel, Field

from overture.accounts.access import require_operator
from overture.api.bearer import ApiRequest
from overture.api.bodies import In
from overture.api.paging import Listed, Walk, listed
from overture.directory import claim as claiming
from overture.directory import partner_users, sign_up
from overture.directory.models import Partner, PartnerClaim, PartnerInvitation, PartnerUser
from overture.marketplace.claim import grant

router = Router(tags=["Directory"])


class PersonOut(BaseModel):
    id: int
    name: str
    email: str
    notify: Literal["at_once", "daily", "none"]
    created_at: datetime


class AddressIn(In):
    address: str = Field(max_length=320)


class ClaimInvitationOut(BaseModel):
    id: int
    mpid: int
    address: str
    by: Literal["operator", "workspace", "colleague"]
    workspace: str | None
    link: str
    created_at: datetime
    ends_at: datetime


class ClaimOut(BaseModel):
    id: int
    mpid: int = Field(description="The partner that it may mean.")
    found_by: Literal["website", "address", "name", "invitation"]
    name: str
    kind: Literal["partner", "creator"]
    website: str
    person: str
    email: str
    created_at: datetime


class DecidedOut(BaseModel):
    outcome: Literal["granted", "other", "refused"]
    mpid: int


class Refusal(In):
    reason: str = Field(min_length=1, max_length=500, description="For the person.")


@router.get("/partners/{int:mpid}/people", response=Listed[PersonOut])
def list_people(request: ApiRequest, mpid: int, walk: Query[Walk]) -> Any:
    """Who signs in for the partner."""
    rows = partner_users.users_of(_find(request, mpid)).order_by()
    return listed(rows, walk, _people)


@router.post("/partners/{int:mpid}/people/{int:person}/remove", response={204: None})
def remove_person(request: ApiRequest, mpid: int, person: int) -> Any:
    """They no longer sign in for it; what they wrote stays."""
    rows = PartnerUser.objects.current().filter(partner=_find(request, mpid))
    partner_users.remove_as_operator(request.member.user, get_object_or_404(rows, pk=person))
    return None


@router.get("/partners/{int:mpid}/invitations", response=Listed[ClaimInvitationOut])
def list_claim_invitations(request: ApiRequest, mpid: int, walk: Query[Walk]) -> Any:
    """Whoever invited: those that still stand."""
    return listed(claiming.open_invitations().filter(partner=_find(request, mpid)), walk, _invitations)


@router.post("/partners/{int:mpid}/invitations", response={201: ClaimInvitationOut})
def invite_to_claim(request: ApiRequest, mpid: int, body: AddressIn) -> Any:
    """Whoever signs in with this address by the link speaks for the partner from then on."""
    partner = _find(request, mpid)
    return _invitations([claiming.invite_as_operator(request.member.user, partner, body.address)])[0]


@router.post("/partners/{int:mpid}/invitations/{int:invited}/withdraw", response={204: None})
def withdraw_claim_invitation(request: ApiRequest, mpid: int, invited: int) -> Any:
    """Its link leads nowhere from then on."""
    rows = claiming.open_invitations().filter(partner=_find(request, mpid))
    claiming.end(get_object_or_404(rows, pk=invited))
    return None


@router.get("/claims", response=Listed[ClaimOut])
def list_claims(request: ApiRequest, walk: Query[Walk]) -> Any:
    """Who says that a known partner is theirs, and waits for you."""
    rows = sign_up.waiting(request.member.user).select_related("user")
    return listed(rows, walk, _claims)


@router.post("/claims/{int:claim}/grant", response=DecidedOut)
def grant_claim(request: ApiRequest, claim: int) -> Any:
    """It is theirs."""
    partner = grant(request.member.user, _claim(request, claim))
    return {"outcome": "granted", "mpid": partner.pk}


@router.post("/claims/{int:claim}/other", response=DecidedOut)
def make_another(request: ApiRequest, claim: int) -> Any:
    """It is another partner: made now, in review, beside the known one."""
    partner = sign_up.make_other(request.member.user, _claim(request, claim))
    return {"outcome": "other", "mpid": partner.pk}


@router.post("/claims/{int:claim}/refuse", response=DecidedOut)
def refuse_claim(request: ApiRequest, claim: int, body: Refusal) -> Any:
    """The person is told why."""
    row = sign_up.refuse(request.member.user, _claim(request, claim), body.reason)
    return {"outcome": "refused", "mpid": row.partner_id}


def _find(request: ApiRequest, mpid: int) -> Partner:
    require_operator(request.member.user)
    found: Partner = get_object_or_404(Partner.objects.filter(workspace=None), pk=mpid)
    return found


def _claim(request: ApiRequest, number: int) -> PartnerClaim:
    require_operator(request.member.user)
    return get_object_or_404(PartnerClaim.objects.filter(begun_at__isnull=False), pk=number)


def _people(rows: Sequence[PartnerUser]) -> list[dict[str, Any]]:
    return [
        {
            "id": each.pk,
            "name": each.user.name,
            "email": each.user.email,
            "notify": each.notify,
            "created_at": each.created_at,
        }
        for each in rows
    ]


def _invitations(rows: Sequence[PartnerInvitation]) -> list[dict[str, Any]]:
    return [
        {
            "id": each.pk,
            "mpid": each.partner_id,
            "address": each.address,
            "by": "colleague" if each.is_colleague else "workspace" if each.workspace_id else "operator",
            "workspace": each.workspace.name if each.workspace else None,
            "link": claiming.link_of(each),
            "created_at": each.created_at,
            "ends_at": each.created_at + timedelta(days=claiming.DAYS),
        }
        for each in rows
    ]


def _claims(rows: Sequence[PartnerClaim]) -> list[dict[str, Any]]:
    return [
        {name: getattr(each, name) for name in ("id", "found_by", "name", "kind", "website", "created_at")}
        | {"mpid": each.partner_id, "person": each.user.name, "email": each.user.email}
        for each in rows
    ]
