"""A mailbox that is read, e-mails sent from it, and answers to them."""

from __future__ import annotations

from typing import Any

from overture.accounts.models import Membership
from overture.delivery.message_id import message_id
from overture.delivery.models import Delivery
from overture.mailboxes.models import Mailbox
from overture.mailboxes.secret import sealed
from tests.delivery import cast
from tests.servers.dovecot import PASSWORD, Dovecot

NORA = "nora@halden.example"


def read_mailbox(member: Membership, dovecot: Dovecot, port: int = 2525, **fields: Any) -> Mailbox:
    """Connected for sending by `port` and for reading from this Dovecot."""
    given = {
        "reads": True,
        "imap_host": "127.0.0.1",
        "imap_port": dovecot.imap,
        "imap_security": "none",
    } | fields
    address = given.setdefault("address", NORA)
    dovecot.add_user(address)
    mailbox = cast.mailbox(member, port, username=address, **given)
    Mailbox.objects.filter(pk=mailbox.pk).update(secret=sealed(mailbox, PASSWORD))
    mailbox.refresh_from_db()
    return mailbox


def answer(delivery: Delivery, number: int = 1, address: str = NORA, text: str = "Gladly.") -> bytes:
    """What the recipient's mail client makes of Reply."""
    ours = message_id(delivery.pk, address)
    return (
        f"Message-ID: <{number}.{delivery.pk}@{delivery.address.rpartition('@')[2]}>\r\n"
        f"Date: Thu, 26 Nov 2026 10:{number % 60:02}:00 +0000\r\n"
        f"From: {delivery.address}\r\nTo: {address}\r\nSubject: Re: A word\r\n"
        f"In-Reply-To: {ours}\r\nReferences: {ours}\r\n\r\n{text}\r\n"
    ).encode()


def stranger(number: int = 1) -> bytes:
    """A mail that concerns no partner."""
    return (
        f"Message-ID: <{number}@elsewhere.example>\r\nDate: Thu, 26 Nov 2026 09:00:00 +0000\r\n"
        f"From: news@elsewhere.example\r\nTo: {NORA}\r\nSubject: News {number}\r\n\r\nRead this.\r\n"
    ).encode()
