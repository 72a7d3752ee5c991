"""/prospects/{prospect}/contacts: whom to write to there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.shortcuts import get_object_or_404
from ninja import Query, Router

from overture.accounts.models import Membership
from overture.api.bearer import ApiRequest
from overture.api.bodies import In
from overture.api.paging import Listed, Walk, listed
from overture.api.shown_prospects import ContactOut, find, people_at, shown_contact
from overture.directory.models import Contact
from overture.prospects.contacts import Person, add, edit
from overture.prospects.models import Prospect

router = Router(tags=["Contacts"])
_FIELDS = ("first_name", "last_name", "title", "address")


class ContactIn(In):
    """At least a name or an address. In a change, what is left out or null stays."""

    first_name: str | None = None
    last_name: str | None = None
    title: str | None = None
    address: str | None = None


@router.get("/prospects/{int:prospect}/contacts", response=Listed[ContactOut])
def list_contacts(request: ApiRequest, prospect: int, walk: Query[Walk]) -> Any:
    """Those of the partner's own account, and those the workspace brought."""
    row = find(request.member, prospect)

    def shown(people: Sequence[Contact]) -> list[dict[str, Any]]:
        return [shown_contact(request.member, row, each) for each in people]

    return listed(_rows(request.member, row), walk, shown)


@router.post("/prospects/{int:prospect}/contacts", response={201: ContactOut})
def add_contact(request: ApiRequest, prospect: int, body: ContactIn) -> Any:
    row = find(request.member, prospect)
    return shown_contact(request.member, row, add(request.member, row, Person(**body.given())))


@router.patch("/prospects/{int:prospect}/contacts/{int:contact}", response=ContactOut)
def edit_contact(request: ApiRequest, prospect: int, contact: int, body: ContactIn) -> Any:
    """Only what the workspace brought itself can be changed."""
    row = find(request.member, prospect)
    found = get_object_or_404(_rows(request.member, row), pk=contact)
    kept = {name: getattr(found, name) for name in _FIELDS}
    changed = edit(request.member, row, found, Person(**(kept | body.given())))
    return shown_contact(request.member, row, changed)


def _rows(member: Membership, prospect: Prospect) -> Any:
    return people_at(member, [prospect.partner_id])
