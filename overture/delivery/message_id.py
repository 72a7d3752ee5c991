"""Message-IDs that nobody else can make: the delivery's number and an HMAC, in the mailbox's domain."""

from __future__ import annotations

from django.conf import settings

from overture.lib.domains import to_ascii
from overture.lib.signing import sign, unsign

_PURPOSE = "message-id"


def message_id(delivery_id: int, sender_address: str) -> str:
    """The same at every attempt, with its angle brackets."""
    domain = sender_address.rpartition("@")[2]
    host = domain if domain.isascii() else to_ascii(domain)
    return f"<{sign(delivery_id, _PURPOSE, settings.SIGNING_KEY)}@{host}>"


def delivery_of(text: str) -> int | None:
    """The delivery's number in a Message-ID of ours; None for anything else."""
    return unsign(text.strip().strip("<>").partition("@")[0], _PURPOSE, settings.SIGNING_KEY)
