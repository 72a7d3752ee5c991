"""Prospects as the API tells them: the same number of queries for one and for two hundred."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from pydantic import BaseModel, Field

from overture.accounts.models import Membership
from overture.directory.models import Contact
from overture.prospects.models import Group, Prospect, Stage
from overture.prospects.shown_address import has_written, shown_address

StageName = Literal[
    "new", "outreach", "negotiating", "joined", "expired", "rejected_by_partner", "rejected_by_you"
]
Kind = Literal["partner", "creator"]
_PLAIN = ("id", "name", "stage", "kind", "website", "country", "category", "language", "audience")
_TIMES = ("archived_at", "created_at", "active_at")


class GroupName(BaseModel):
    id: int
    name: str


class ContactOut(BaseModel):
    id: int
    first_name: str
    last_name: str
    title: str
    address: str = Field(description="Obfuscated where you may not see it in full.")
    is_custom: bool = Field(description="Brought by this workspace.")
    is_primary: bool


class ProspectOut(BaseModel):
    id: int
    mpid: int
    name: str
    stage: StageName
    kind: Kind
    website: str
    country: str
    category: str
    language: str
    audience: int | None
    owner: int | None = Field(description="Id of a member.")
    groups: list[GroupName]
    contacts: list[ContactOut]
    archived_at: datetime | None
    created_at: datetime
    active_at: datetime


def find(member: Membership, number: int) -> Prospect:
    """Raises Http404."""
    found: Prospect = get_object_or_404(Prospect.objects.visible_to(member), pk=number)
    return found


def one(member: Membership, number: int) -> dict[str, Any]:
    """Raises Http404."""
    rows = with_groups(Prospect.objects.visible_to(member))
    return shown(member, [get_object_or_404(rows, pk=number)])[0]


def with_groups(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.prefetch_related(Prefetch("groups", Group.objects.order_by("name", "id")))


def shown(member: Membership, prospects: Sequence[Prospect]) -> list[dict[str, Any]]:
    """Of rows of `with_groups`."""
    contacts = _contacts(member, prospects)
    return [
        {name: getattr(row, name) for name in (*_PLAIN, *_TIMES)}
        | {
            "mpid": row.partner_id,
            "owner": row.owner_id,
            "groups": [{"id": group.pk, "name": group.name} for group in row.groups.all()],
            "contacts": [shown_contact(member, row, each) for each in contacts[row.partner_id]],
        }
        for row in prospects
    ]


def shown_contact(member: Membership, prospect: Prospect | None, contact: Contact) -> dict[str, Any]:
    """Of a row of `people_at`, or one that the workspace brought; `prospect`: that of its partner, if any."""
    is_custom = contact.workspace_id is not None
    address = shown_address(
        member,
        contact.address,
        is_custom=is_custom,
        has_joined=prospect is not None and prospect.stage == Stage.JOINED,
        has_written=not is_custom and contact.has_written,
    )
    told = {name: getattr(contact, name) for name in ("id", "first_name", "last_name", "title")}
    is_primary = prospect is not None and contact.pk == prospect.primary_contact_id
    return told | {"address": address, "is_custom": is_custom, "is_primary": is_primary}


def people_at(member: Membership, partners: Sequence[int]) -> QuerySet[Any]:
    """The contacts there that the member may see, for `shown_contact`."""
    rows = Contact.objects.visible_to(member).filter(partner_id__in=partners, erased_at=None)
    found: QuerySet[Any] = rows.annotate(has_written=has_written(member))
    return found


def _contacts(member: Membership, prospects: Sequence[Prospect]) -> dict[int, list[Contact]]:
    found: dict[int, list[Contact]] = defaultdict(list)
    partners = [row.partner_id for row in prospects]
    for contact in people_at(member, partners).order_by("id"):
        found[contact.partner_id].append(contact)
    return found
