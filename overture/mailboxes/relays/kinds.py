"""The relays that there are: where they are asked, what they need, and which of their events count.

Sources: the providers' own API documentation, and that of django-anymail for each of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, get_args

_MB = 1024 * 1024
# What the ledger keeps as the words of a relay that took an e-mail, before the id that it gave.
ACCEPTED = "Accepted as "
RelayCode = Literal["amazon_ses", "postmark", "mailgun", "resend", "brevo"]
# Part of a host's name: nothing else may come in there.
AMAZON_REGION = re.compile(r"[a-z]{2}(?:-[a-z]+){1,3}-\d{1,2}")
MAILGUN_REGIONS = ("us", "eu")


@dataclass(frozen=True)
class Kind:
    """`needs` are fields of MailboxRelay that must stand, `takes` those that may; `largest`: bytes of a whole
    message. `signs`: its webhooks carry a signature; else a password stands in their address."""

    code: str
    name: str
    needs: tuple[str, ...]
    takes: tuple[str, ...]
    largest: int
    signs: bool
    # As the provider's page names them.
    events: tuple[str, ...]

    @property
    def fields(self) -> tuple[str, ...]:
        return (*self.needs, *self.takes)


KINDS: dict[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind(
            "amazon_ses", "Amazon SES", ("region", "key_id", "api_key"), ("stream",), 40 * _MB, False,
            ("Delivery", "Bounce", "Complaint", "Reject", "Rendering Failure"),
        ),
        Kind(
            "postmark", "Postmark", ("api_key",), ("stream",), 10 * _MB, False,
            ("Delivery", "Bounce", "Spam Complaint", "Subscription Change"),
        ),
        Kind(
            "mailgun", "Mailgun", ("region", "domain", "api_key"), ("signing_key",), 25 * _MB, True,
            ("Delivered Messages", "Permanent Failure", "Spam Complaints", "Unsubscribes"),
        ),
        Kind(
            "resend", "Resend", ("api_key",), ("signing_key",), 40 * _MB, True,
            ("email.delivered", "email.bounced", "email.complained", "email.failed", "email.suppressed"),
        ),
        Kind(
            "brevo", "Brevo", ("api_key",), (), 20 * _MB, False,
            ("Delivered", "Hard bounce", "Soft bounce", "Blocked", "Invalid email", "Error", "Complaint",
             "Unsubscribed"),
        ),
    )
}  # fmt: skip
assert tuple(KINDS) == get_args(RelayCode)


def host_of(code: str, region: str) -> str:
    """The one host that is asked, always by https."""
    match code:
        case "amazon_ses":
            return f"email.{region}.amazonaws.com"
        case "mailgun":
            return "api.eu.mailgun.net" if region == "eu" else "api.mailgun.net"
        case "postmark":
            return "api.postmarkapp.com"
    return f"api.{code}.com"
