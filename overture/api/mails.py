"""/mails: received e-mails that nothing proves to be anybody's, for those who use the mailbox."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.shortcuts import get_object_or_404
from ninja import Query, Router
from pydantic import BaseModel, Field

from overture.api.bearer import ApiRequest
from overture.api.bodies import Id, In
from overture.api.paging import Listed, Walk, listed
from overture.inbound.models import Mail
from overture.inbound.place import candidates, place, put_away, read_unplaced, unplaced
from overture.prospects.models import Prospect

router = Router(tags=["Conversations"])


class MailOut(BaseModel):
    id: int
    mailbox: int
    kind: Literal["reply", "other", "automatic", "bounce", "complaint"]
    state: Literal["matched", "unmatched", "settled"]
    mpid: int | None
    message: int | None = Field(description="In its thread, once it is placed.")
    sender_name: str
    sender_address: str
    subject: str
    received_at: datetime


class MailWhole(MailOut):
    text: str = Field(description="What it says; empty once its original is gone (OVERTURE_RAW_MAIL_DAYS).")
    quoted: str = Field(description="What it repeats of earlier emails.")
    candidates: list[int] = Field(description="Account numbers of prospects with a contact of its sender.")


class Place(In):
    partner: Id = Field(description="The account number of one of your prospects.")


@router.get("", response=Listed[MailOut])
def list_mails(request: ApiRequest, walk: Query[Walk]) -> Any:
    """Those to be placed."""
    return listed(unplaced(request.member).order_by(), walk, lambda rows: [_shown(each) for each in rows])


@router.get("/{int:mail}", response=MailWhole)
def get_mail(request: ApiRequest, mail: int) -> Any:
    """One to be placed, with what it says."""
    row = get_object_or_404(unplaced(request.member), pk=mail)
    known = [each.partner_id for each in candidates(request.member, [row])[row.pk]]
    with read_unplaced(row) as read:
        return _shown(row) | {"text": read.text, "quoted": read.quoted, "candidates": known}


@router.post("/{int:mail}/place", response=MailOut)
def place_mail(request: ApiRequest, mail: int, body: Place) -> Any:
    """It comes to the thread of this partner. A bounce or a complaint stays unproven and is not placed."""
    row = get_object_or_404(unplaced(request.member), pk=mail)
    prospect = get_object_or_404(Prospect.objects.visible_to(request.member), partner=body.partner)
    return _shown(place(request.member, row, prospect))


@router.post("/{int:mail}/settle", response=MailOut)
def settle_mail(request: ApiRequest, mail: int) -> Any:
    """It concerns no partner."""
    return _shown(put_away(request.member, get_object_or_404(unplaced(request.member), pk=mail)))


def _shown(row: Mail) -> dict[str, Any]:
    names = ("kind", "state", "sender_name", "sender_address", "subject", "received_at")
    told = {name: getattr(row, name) for name in names}
    return {
        "id": row.pk,
        "mailbox": row.mailbox_id,
        "mpid": row.partner_id,
        "message": row.message_id,
        **told,
    }
