"""Invitations to claim a partner: of a workspace to its prospects' contacts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.shortcuts import get_object_or_404
from ninja import Query, Router
from pydantic import BaseModel, Field

from overture.accounts.models import Membership
from overture.api.bearer import ApiRequest
from overture.api.bodies import Id, In
from overture.api.paging import Listed, Walk, listed
from overture.api.problems import Fault, invalid
from overture.api.shown_prospects import find
from overture.api.wording import words
from overture.directory import claim as claims
from overture.directory.models import Contact, PartnerInvitation
from overture.lib.addresses import obfuscate
from overture.marketplace.invite_partner import invitations_of, invite_partner, withdraw
from overture.prospects.models import Prospect, Stage
from overture.prospects.shown_address import has_written, shown_address

router = Router(tags=["Invitations"])


class InvitationIn(In):
    contact: Id = Field(description="Of the prospect's partner, with an address.")


class InvitationOut(BaseModel):
    id: int
    prospect: int
    address: str = Field(description="As hidden as the contact's.")
    invited_by: int | None
    link: str | None = Field(description="To pass on; null while the address is hidden.")
    created_at: datetime
    ends_at: datetime


@router.get("/prospects/{int:prospect}/invitations", response=Listed[InvitationOut])
def list_invitations(request: ApiRequest, prospect: int, walk: Query[Walk]) -> Any:
    """Those that still stand: not used, not withdrawn, not too old."""
    row = find(request.member, prospect)
    open_ones = invitations_of(request.member, row)
    return listed(open_ones, walk, lambda found: _shown(request.member, row, found))


@router.post("/prospects/{int:prospect}/invitations", response={201: InvitationOut})
def invite_prospect(request: ApiRequest, prospect: int, body: InvitationIn) -> Any:
    """Sends a link by which the partner's own people come into the portal. A second one takes the place
    of the first."""
    row = find(request.member, prospect)
    rows = Contact.objects.visible_to(request.member).filter(partner=row.partner_id, erased_at=None)
    contact = rows.filter(pk=body.contact).first()
    if contact is None:
        raise invalid(Fault("contact", "unknown_id", words("unknown_id")))
    return _shown(request.member, row, [invite_partner(request.member, row, contact)])[0]


@router.post("/prospects/{int:prospect}/invitations/{int:invited}/withdraw", response={204: None})
def withdraw_invitation(request: ApiRequest, prospect: int, invited: int) -> Any:
    """Its link leads nowhere from then on."""
    row = find(request.member, prospect)
    withdraw(request.member, get_object_or_404(invitations_of(request.member, row), pk=invited))
    return None


def _shown(
    member: Membership, prospect: Prospect, found: Sequence[PartnerInvitation]
) -> list[dict[str, Any]]:
    contacts = Contact.objects.visible_to(member).filter(partner=prospect.partner_id, erased_at=None)
    contacts = contacts.annotate(has_written=has_written(member))
    known = {
        each.address.lower(): shown_address(
            member,
            each.address,
            is_custom=each.workspace_id is not None,
            has_joined=prospect.stage == Stage.JOINED,
            has_written=each.has_written,
        )
        # What the workspace brought is shown in full, whatever else has the same address.
        for each in contacts.order_by("-workspace")
        if each.address
    }
    told = []
    for each in found:
        address = known.get(each.address) or obfuscate(each.address)
        told.append(
            {
                "id": each.pk,
                "prospect": prospect.pk,
                "address": address,
                "invited_by": each.invited_by_member_id,
                "link": claims.link_of(each) if address.lower() == each.address else None,
                "created_at": each.created_at,
                "ends_at": each.created_at + timedelta(days=claims.DAYS),
            }
        )
    return told
