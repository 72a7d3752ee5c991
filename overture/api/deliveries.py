"""/mailings/{mailing}/deliveries: one row of the ledger for each recipient."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Literal

from django.shortcuts import get_object_or_404
from ninja import Query, Router
from pydantic import BaseModel, Field

from overture.accounts.models import Membership
from overture.api.bearer import ApiRequest
from overture.api.bodies import clean
from overture.api.paging import Listed, Walk, listed
from overture.delivery.message_id import message_id
from overture.delivery.models import Delivery, Mailing
from overture.delivery.steer import again_from
from overture.prospects.models import Stage
from overture.prospects.shown_address import has_written, shown_address, shown_words

router = Router(tags=["Mailings"])
State = Literal["queued", "sending", "deferred", "sent", "failed", "skipped", "cancelled", "unknown"]
# What is told as it stands.
_PLAIN = (
    "id",
    "mpid",
    "company_name",
    "state",
    "reason",
    "attempts",
    "due_at",
    "sent_at",
    "opted_out_at",
    "bounced_at",
)


class DeliveryOut(BaseModel):
    id: int
    prospect: int | None
    mpid: int
    company_name: str
    address: str
    state: State
    reason: str
    attempts: int
    message_id: str | None
    smtp_reply: str
    due_at: datetime | None
    sent_at: datetime | None
    opted_out_at: datetime | None
    bounced_at: datetime | None
    send_again_from: datetime | None = Field(
        description="Of an unknown one: when POST .../unknown may have it sent again."
    )


@router.get("/{int:mailing}/deliveries", response=Listed[DeliveryOut])
def list_deliveries(
    request: ApiRequest, mailing: int, walk: Query[Walk], state: State | None = None, reason: str = ""
) -> Any:
    """Everybody the mailing was prepared for, with a reason for where they stand."""
    row = get_object_or_404(Mailing.objects.visible_to(request.member), pk=mailing)
    rows = Delivery.objects.visible_to(request.member).filter(mailing=row)
    if state:
        rows = rows.filter(state=state)
    if reason:
        rows = rows.filter(reason=clean(reason, "reason"))
    rows = rows.annotate(has_written=has_written(request.member))
    return listed(rows.select_related("prospect", "contact", "manifest"), walk, _show(request.member))


def _show(member: Membership) -> Callable[[Sequence[Delivery]], list[dict[str, Any]]]:
    def shown(rows: Sequence[Delivery]) -> list[dict[str, Any]]:
        return [
            {name: getattr(row, name) for name in _PLAIN}
            | {
                "prospect": row.prospect_id,
                "message_id": _message_id(row),
                "send_again_from": again_from(row),
            }
            | _of_address(member, row)
            for row in rows
        ]

    return shown


def _message_id(row: Delivery) -> str | None:
    """The same at every attempt; none where there was none."""
    return message_id(row.pk, row.manifest.sender_address) if row.attempts or row.first_tried_at else None


def _of_address(member: Membership, row: Delivery) -> dict[str, str]:
    """The address as it may be seen, and the server's words, which often repeat it."""
    contact, prospect = row.contact, row.prospect
    seen = shown_address(
        member,
        row.address,
        is_custom=contact is not None and contact.workspace_id is not None,
        has_joined=prospect is not None and prospect.stage == Stage.JOINED,
        has_written=row.has_written,
    )
    return {"address": seen, "smtp_reply": shown_words(row.smtp_reply, row.address, seen)}
