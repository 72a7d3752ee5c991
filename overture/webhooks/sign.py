"""The headers of a call, signed as the Standard Webhooks specification has it (standardwebhooks.com)."""

from __future__ import annotations

import hmac
from base64 import b64encode
from collections.abc import Sequence


def signed(number: str, timestamp: int, body: bytes, keys: Sequence[bytes]) -> dict[str, str]:
    """`number` is the same at each attempt; `timestamp` is the attempt's, in seconds. One `v1,` for a key."""
    message = f"{number}.{timestamp}.".encode() + body
    marks = (b64encode(hmac.digest(key, message, "sha256")).decode() for key in keys)
    return {
        "webhook-id": number,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(f"v1,{mark}" for mark in marks),
    }
