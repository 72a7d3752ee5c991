"""Makes rows for tests, a line each; what a test does not name does not matter to it."""

from __future__ import annotations

from itertools import count
from typing import Any

from django.conf import settings

from overture.accounts.models import Membership
from overture.directory.models import Contact, Partner
from overture.lib import addresses
from overture.prospects.models import Group, Prospect

_numbers = count(1)
# A private partner is what its prospect says.
_SHARED = ("website", "country", "category", "kind", "language", "audience")


def partner(member: Membership | None = None, name: str = "", **fields: Any) -> Partner:
    """Private to the member's workspace; without a member, listed."""
    workspace_id = member.workspace_id if member else None
    return Partner.objects.create(
        workspace_id=workspace_id, name=name or f"Partner {next(_numbers)}", **fields
    )


def partners(count: int) -> list[int]:
    """Numbers of so many listed ones, made at once."""
    made = Partner.objects.bulk_create(Partner(name=f"Partner {next(_numbers)}") for _ in range(count))
    return [each.pk for each in made]


def contact(of: Partner, address: str = "", member: Membership | None = None, **fields: Any) -> Contact:
    """Custom with a member; without one, of the partner's own account."""
    key = addresses.key(addresses.parse(address), settings.ADDRESS_KEY) if address else ""
    workspace_id = member.workspace_id if member else None
    return Contact.objects.create(
        partner=of, workspace_id=workspace_id, address=address, address_key=key, **fields
    )


def prospect(member: Membership, name: str = "", address: str = "", **fields: Any) -> Prospect:
    """A prospect of a private partner, with a custom contact when an address is given; found by search."""
    from overture.prospects.search import refresh

    name = name or f"Prospect {next(_numbers)}"
    of = fields.pop("partner", None) or partner(
        member, name, **{k: fields[k] for k in _SHARED if k in fields}
    )
    if address:
        contact(of, address, member)
    made = Prospect.objects.create(workspace_id=member.workspace_id, partner=of, name=name, **fields)
    refresh([made.pk])
    made.refresh_from_db()
    return made


def group(member: Membership, name: str, *prospects: Prospect) -> Group:
    made = Group.objects.create(workspace_id=member.workspace_id, name=name)
    made.prospects.add(*prospects)
    return made
