"""Where one recipient stands among those of a mailing, and what may be seen of an address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from overture.accounts.models import Membership
from overture.delivery.draft import chosen
from overture.delivery.models import Delivery, Mailing
from overture.prospects.models import Stage
from overture.prospects.shown_address import shown_address


@dataclass(frozen=True)
class Place:
    """`previous` and `next` are numbers of prospects, None at the ends."""

    prospect_id: int
    company: str
    position: int
    total: int
    previous: int | None
    next: int | None


def is_frozen(mailing: Mailing) -> bool:
    return mailing.state != Mailing.State.DRAFT and mailing.manifest_id is not None


def place(member: Membership, mailing: Mailing, prospect_id: int | None) -> Place | None:
    """Of the one asked for, else of the first; None when there is nobody. Raises AudienceError."""
    if is_frozen(mailing):
        rows, key, name = _frozen(member, mailing, prospect_id), "prospect_id", "company_name"
    else:
        rows, key, name = chosen(member, mailing.audience), "pk", "name"
    ordered = rows.order_by(key).values_list(key, name)
    found = ordered.filter(**{key: prospect_id}).first() if prospect_id else None
    found = found or ordered.first()
    if found is None:
        return None
    at, company = found
    before, after = rows.filter(**{f"{key}__lt": at}), rows.filter(**{f"{key}__gt": at})
    return Place(
        prospect_id=at,
        company=company,
        position=before.count() + 1,
        total=rows.count(),
        previous=before.order_by(f"-{key}").values_list(key, flat=True).first(),
        next=after.order_by(key).values_list(key, flat=True).first(),
    )


def shown_contact(member: Membership, row: Delivery) -> str:
    """The address of a delivery as this member may see it; `row` knows `has_written`."""
    return shown_address(
        member,
        row.address,
        is_custom=row.contact is not None and row.contact.workspace_id is not None,
        has_joined=row.prospect is not None and row.prospect.stage == Stage.JOINED,
        has_written=row.has_written,
    )


def _frozen(member: Membership, mailing: Mailing, prospect_id: int | None) -> QuerySet[Any]:
    """Those who get it; among those who do not only where one of them is asked for, or nobody gets it."""
    rows = Delivery.objects.visible_to(member).filter(mailing=mailing, manifest=mailing.manifest_id)
    rows = rows.filter(prospect__isnull=False)
    skipped = rows.filter(state=Delivery.State.SKIPPED)
    gets = rows.exclude(state=Delivery.State.SKIPPED)
    if prospect_id and skipped.filter(prospect=prospect_id).exists():
        return rows
    return gets if gets.exists() else rows
