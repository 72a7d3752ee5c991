"""A mailbox, prospects and mailings for the ledger's tests, and a worker that sends what is due."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

from django.conf import settings

from overture.accounts.models import Membership
from overture.delivery import claim as claims
from overture.delivery.approve import send
from overture.delivery.claim import Claim
from overture.delivery.draft import create
from overture.delivery.invariant import broken
from overture.delivery.ledger_line import LedgerLine
from overture.delivery.models import Delivery, Mailing, Manifest
from overture.delivery.prepare import prepare
from overture.directory.models import Contact, Partner
from overture.lib import addresses
from overture.mailboxes.models import Mailbox
from overture.prospects.models import Prospect
from tests import factories

CONTENT = "<p>Hello {firstName|there}, we like {mpname}.</p>"


def mailbox(
    member: Membership, port: int = 2525, address: str = "nora@halden.example", **fields: Any
) -> Mailbox:
    key = addresses.key(addresses.parse(address), settings.ADDRESS_KEY)
    given = {
        "host": "127.0.0.1",
        "security": "none",
        "per_minute": 100_000,
        "per_hour": 1_000_000,
        "per_day": 10_000_000,
    } | fields
    return Mailbox.objects.create(
        workspace_id=member.workspace_id, address=address, address_key=key, port=port, **given
    )


def prospects(member: Membership, count: int, local: str = "jo{}", **fields: Any) -> list[Prospect]:
    return [
        factories.prospect(member, f"Maison {number}", f"{local.format(number)}@p{number}.example", **fields)
        for number in range(count)
    ]


def draft(member: Membership, audience: dict[str, Any] | None = None, **fields: Any) -> Mailing:
    given = {"subject": "A word for {mpname}", "content": CONTENT, "audience": audience or {"filter": {}}}
    return create(member, **(given | fields))


def prepared(member: Membership, audience: dict[str, Any] | None = None, **fields: Any) -> Manifest:
    return prepare(member, draft(member, audience, **fields))


def sent(member: Membership, audience: dict[str, Any] | None = None, **fields: Any) -> Mailing:
    """Approved, with no undo window."""
    manifest = prepared(member, audience, **fields)
    return send(member, manifest.mailing, manifest.pk, undo_seconds=0)


def claim(mailbox_id: int, lease: UUID | str, most: int) -> Claim:
    """As a worker's loop claims."""

    async def claimed() -> Claim:
        ledger = LedgerLine()
        try:
            return await claims.claim(ledger, mailbox_id, lease, most)
        finally:
            await ledger.close()

    return asyncio.run(claimed())


def counts(mailing: Mailing) -> dict[str, int]:
    """Deliveries by state and reason, such as "skipped opted_out"; the sum is what was planned."""
    found: dict[str, int] = {}
    for state, reason in Delivery.objects.filter(mailing=mailing).values_list("state", "reason"):
        name = f"{state} {reason}".strip()
        found[name] = found.get(name, 0) + 1
    assert broken() == []
    return found


def crowd(member: Membership, count: int) -> None:
    """Many prospects at once, jo0@x.example and so on."""
    partners = Partner.objects.bulk_create(
        [Partner(workspace_id=member.workspace_id, name=f"Maison {number}") for number in range(count)]
    )
    Contact.objects.bulk_create(
        Contact(
            partner=partner,
            workspace_id=member.workspace_id,
            address=(address := f"jo{number}@x.example"),
            address_key=addresses.key(addresses.parse(address), settings.ADDRESS_KEY),
        )
        for number, partner in enumerate(partners)
    )
    Prospect.objects.bulk_create(
        Prospect(workspace_id=member.workspace_id, partner=partner, name=partner.name) for partner in partners
    )
