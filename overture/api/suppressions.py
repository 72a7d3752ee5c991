"""/suppressions: addresses that the workspace must not e-mail, and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Literal

from django.conf import settings
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Status
from pydantic import BaseModel, Field

from overture.accounts.access import require
from overture.accounts.models import Membership
from overture.accounts.roles import Permission
from overture.api.bearer import ApiRequest
from overture.api.bodies import In, clean
from overture.api.paging import Listed, Walk, listed
from overture.api.problems import Fault, invalid
from overture.api.wording import words
from overture.delivery.models import Suppression
from overture.delivery.shown_suppressions import address_shown, suppressions
from overture.delivery.suppress import lift, suppress
from overture.lib import addresses

router = Router(tags=["Suppressions"])
Reason = Literal["opted_out", "bounced", "complained", "by_hand"]


class SuppressionIn(In):
    address: str = Field(max_length=400)
    reason: Reason = "by_hand"
    note: str | None = Field(None, max_length=500)


class Lift(In):
    reason: str = Field(min_length=1, max_length=500, description="Why it may be written to again.")


class LiftAddress(Lift):
    address: str = Field(max_length=400)


class SuppressionOut(BaseModel):
    id: int
    address: str
    reason: Reason
    note: str
    added_by: int | None
    created_at: datetime


@router.get("", response=Listed[SuppressionOut])
def list_suppressions(
    request: ApiRequest, walk: Query[Walk], q: str = "", reason: Reason | None = None
) -> Any:
    """Those that hold. `q` finds in the addresses as you may see them."""
    rows = suppressions(request.member, clean(q, "q"), reason or "")
    return listed(rows, walk, _show(request.member))


@router.post("", response={200: SuppressionOut, 201: SuppressionOut})
def add_suppression(request: ApiRequest, body: SuppressionIn) -> Any:
    """201 for a new one, 200 for one that was there already."""
    row, is_new = suppress(request.member, body.address, reason=body.reason, note=body.note or "")
    return Status(201 if is_new else 200, _one(request.member, row.pk))


@router.get("/{int:suppression}", response=SuppressionOut)
def get_suppression(request: ApiRequest, suppression: int) -> Any:
    return _one(request.member, suppression)


@router.delete("/{int:suppression}", response={204: None})
def lift_suppression(
    request: ApiRequest, suppression: int, body: Lift | None = None, reason: str = ""
) -> Any:
    """The address may be written to again. The reason stands in the query or in the body."""
    require(request.member, Permission.LIFT_SUPPRESSIONS)
    because = _because(body, reason)
    row = get_object_or_404(suppressions(request.member), pk=suppression)
    lift(request.member, row, because)
    return None


@router.delete("", response={204: None})
def lift_address(
    request: ApiRequest, body: LiftAddress | None = None, address: str = "", reason: str = ""
) -> Any:
    """The same by address; both stand in the query or in the body."""
    require(request.member, Permission.LIFT_SUPPRESSIONS)
    because = _because(body, reason)
    key = addresses.key(
        addresses.parse(body.address if body else clean(address, "address")), settings.ADDRESS_KEY
    )
    lift(request.member, get_object_or_404(suppressions(request.member), address_key=key), because)
    return None


def _because(body: Lift | None, reason: str) -> str:
    because = (body.reason if body else clean(reason, "reason")).strip()
    if not because:
        raise invalid(Fault("reason", "missing", words("missing")))
    return because


def _one(member: Membership, number: int) -> dict[str, Any]:
    return _show(member)([get_object_or_404(suppressions(member), pk=number)])[0]


def _show(member: Membership) -> Callable[[Sequence[Suppression]], list[dict[str, Any]]]:
    def shown(rows: Sequence[Suppression]) -> list[dict[str, Any]]:
        return [
            {
                "id": row.pk,
                "address": address_shown(member, row),
                "reason": row.reason,
                "note": row.note,
                "added_by": row.added_by_id,
                "created_at": row.created_at,
            }
            for row in rows
        ]

    return shown
