"""Mailings for tests of the pages of e-mail."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from overture.accounts.models import Membership
from overture.delivery import draft
from overture.delivery.models import Mailing
from overture.lib import addresses
from overture.mailboxes.models import Mailbox
from overture.prospects import selection
from overture.prospects.models import Prospect, Selection
from tests import factories


def mailbox(member: Membership, address: str = "nora@halden.example", **fields: Any) -> Mailbox:
    key = addresses.key(addresses.parse(address), settings.ADDRESS_KEY)
    return Mailbox.objects.create(
        workspace=member.workspace,
        owner=member,
        address=address,
        address_key=key,
        host="127.0.0.1",
        port=9,
        **fields,
    )


def person(member: Membership, company: str, first: str = "", last: str = "", address: str = "") -> Prospect:
    made = factories.prospect(member, company)
    address = address or f"{company.split()[0].lower()}@{company.split()[-1].lower()}.example"
    factories.contact(made.partner, address, member, first_name=first, last_name=last)
    return made


def three(member: Membership) -> list[Prospect]:
    """The third has no first name."""
    return [
        person(member, "Hus Hav", "Signe", "Bruun"),
        person(member, "Sel Lin", "Anne", "Morel"),
        person(member, "Casa Lenta"),
    ]


def chosen(member: Membership, *rows: Prospect, origin: str = "prospects") -> Selection:
    made = selection.start(member, origin)
    selection.choose(member, made, [row.pk for row in rows])
    return made


def letter(member: Membership, *rows: Prospect, **fields: Any) -> Mailing:
    """A draft to these prospects, fit to be sent."""
    box = Mailbox.objects.filter(workspace=member.workspace).first() or mailbox(member)
    fields = {
        "mailbox": box,
        "sender_name": "Nora of Halden",
        "reply_to": "nora@halden.example",
        "subject": "A feature for {mpname}",
        "content": "<p>Hello {firstName|there},</p>",
        **fields,
    }
    return draft.create(member, audience={"prospects": [row.pk for row in rows]}, **fields)
