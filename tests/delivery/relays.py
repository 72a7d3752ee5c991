"""A mailbox that sends through a relay, and the fake that it asks."""

from __future__ import annotations

from typing import Any

from overture.accounts.models import Membership
from overture.mailboxes.models import Mailbox, MailboxRelay
from overture.mailboxes.relays.kinds import KINDS, host_of
from overture.mailboxes.secret import sealed
from tests.delivery.cast import mailbox
from tests.fakes.relay_events import MAILGUN_SIGNING
from tests.fakes.relay_events import SIGNING as RESEND_SIGNING
from tests.fakes.relays import KEY

FIELDS = {"region": "", "domain": "halden.example", "key_id": KEY, "stream": ""}
PASSWORD = "the-password-of-the-hook"
SIGNING = {"mailgun": MAILGUN_SIGNING, "resend": RESEND_SIGNING}
REGIONS = {"amazon_ses": "eu-west-1", "mailgun": "eu"}


def relay_mailbox(member: Membership, code: str, key: str = KEY, **fields: Any) -> Mailbox:
    region = REGIONS.get(code, "")
    box = mailbox(
        member, 443, kind=code, host=host_of(code, region), security="tls", sender_name="Nora Lindqvist",
        **fields,
    )  # fmt: skip
    kept = {name: value for name, value in FIELDS.items() if name in KINDS[code].fields} | {"region": region}
    MailboxRelay.objects.create(
        mailbox=box,
        api_key=sealed(box, key, "relay"),
        signing_key=sealed(box, SIGNING.get(code, ""), "relay-signing"),
        hook_secret=sealed(box, PASSWORD, "relay-hook"),
        **kept,
    )
    return box
