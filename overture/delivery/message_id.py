"""Message-IDs that nobody else can make: the delivery's number and an HMAC, in the mailbox's domain."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings

from overture.lib.domains import to_ascii
from overture.lib.signing import signer, unsign

_PURPOSE = "message-id"


def message_id(delivery_id: int, sender_address: str) -> str:
    """The same at every attempt, with its angle brackets."""
    return message_ids(sender_address)(delivery_id)


def message_ids(sender_address: str) -> Callable[[int], str]:
    """`message_id` for many deliveries."""
    domain = sender_address.rpartition("@")[2]
    host = domain if domain.isascii() else to_ascii(domain)
    token = signer(_PURPOSE, settings.SIGNING_KEY)
    return lambda delivery_id: f"<{token(delivery_id)}@{host}>"


def delivery_of(text: str) -> int | None:
    """The delivery's number in a Message-ID of ours; None for anything else."""
    return unsign(text.strip().strip("<>").partition("@")[0], _PURPOSE, settings.SIGNING_KEY)
