"""An e-mail to Élise that left, and mails that come back to the mailbox it left from."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.conf import settings

from overture.delivery.message_id import message_id
from overture.delivery.models import Delivery, Mailing, Manifest
from overture.directory.models import Contact
from overture.inbound.models import Folder, Mail
from overture.inbound.take import take
from overture.lib import addresses
from overture.mailboxes.models import Mailbox
from overture.prospects.models import Prospect
from tests import factories
from tests.delivery import cast
from tests.inbound.samples import sample
from tests.world import World

AT = datetime(2026, 11, 24, 9, 15, tzinfo=UTC)


class Sent(NamedTuple):
    mailbox: Mailbox
    folder: Folder
    prospect: Prospect
    contact: Contact
    delivery: Delivery

    @property
    def id(self) -> str:
        return message_id(self.delivery.pk, "nora@halden.example").strip("<>")

    @property
    def forged_id(self) -> str:
        """One letter of the signature is another."""
        return self.id[:8] + ("x" if self.id[8] != "x" else "y") + self.id[9:]


def sent(world: World, address: str = "elise@veille.example", **fields: Any) -> Sent:
    mailbox = cast.mailbox(world.nora, owner=world.nora, reads=True, **fields)
    folder = Folder.objects.create(mailbox=mailbox, name="INBOX", role="inbox", uidvalidity=7)
    prospect = factories.prospect(world.nora, "La Longue Veille", address, stage="outreach")
    contact = Contact.objects.get(partner=prospect.partner)
    return Sent(mailbox, folder, prospect, contact, delivery(world, mailbox, prospect, contact))


def delivery(world: World, mailbox: Mailbox, prospect: Prospect, contact: Contact) -> Delivery:
    mailing = Mailing.objects.create(
        workspace=world.brand, author=world.nora, approved_by=world.nora, mailbox=mailbox, state="done"
    )
    manifest = Manifest.objects.create(
        mailing=mailing, draft_version=1, mailbox=mailbox, sender_address=mailbox.address,
        sender_name="Nora", subject="A winter feature?", content="<p>Hello</p>", language="en",
        contact_policy="hold", brand="Halden", recipients=1, queued=1,
    )  # fmt: skip
    Mailing.objects.filter(pk=mailing.pk).update(manifest=manifest)
    return Delivery.objects.create(
        workspace=world.brand, mailing=mailing, manifest=manifest, prospect=prospect, contact=contact,
        partner=prospect.partner, address=contact.address, mpid=prospect.partner_id,
        address_key=addresses.key(addresses.parse(contact.address), settings.ADDRESS_KEY),
        company_name=prospect.name, state="sent", sent_at=AT, first_tried_at=AT, attempts=1,
    )  # fmt: skip


def come(to: Sent, name: str, uid: int = 1, **changes: str) -> Mail | None:
    """The sample as the mailbox takes it; `changes` replace text in it."""
    return take(to.mailbox, to.folder, uid, AT, changed(to, name, **changes))


def changed(to: Sent, name: str, **changes: str) -> bytes:
    raw = sample(name, to.id)
    for old, new in changes.items():
        was = {"sender": "elise@veille.example", "our_id": to.id}.get(old, old)
        raw = raw.replace(was.encode(), new.encode())
    return raw
