"""Short tokens for a number that nobody else can make: opt-out links and Message-IDs carry them."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from functools import lru_cache

_SIGNATURE = 12
_LARGEST = 2**63 - 1
# 9 bytes of seven bits hold 63 bits.
_LONGEST_TOKEN = (9 + _SIGNATURE) * 4 // 3 + 4


def sign(number: int, purpose: str, key: bytes) -> str:
    """18 to 28 letters of base64url: the number (0 to 2**63-1) and 96 bits of HMAC-SHA-256."""
    if not 0 <= number <= _LARGEST:
        raise ValueError("number out of range")
    body = _varint(number)
    return urlsafe_b64encode(body + _signature(body, purpose, key)).rstrip(b"=").decode("ascii")


def unsign(token: str, purpose: str, key: bytes) -> int | None:
    """The number, or None for a token not made by this key for this purpose; compares in constant time."""
    raw = _decoded(token)
    if len(raw) <= _SIGNATURE:
        return None
    body, signature = raw[:-_SIGNATURE], raw[-_SIGNATURE:]
    if not hmac.compare_digest(_signature(body, purpose, key), signature):
        return None
    number = _number(body)
    # One number, one token: base64 has several spellings of the same bytes.
    return number if hmac.compare_digest(sign(number, purpose, key).encode(), token.encode()) else None


def _signature(body: bytes, purpose: str, key: bytes) -> bytes:
    keyed = _keyed(purpose, key).copy()
    keyed.update(body)
    return keyed.digest()[:_SIGNATURE]


@lru_cache(maxsize=16)
def _keyed(purpose: str, key: bytes) -> hmac.HMAC:
    return hmac.new(key, purpose.encode() + b"\0", "sha256")


def _decoded(token: str) -> bytes:
    if len(token) > _LONGEST_TOKEN or not token.isascii():
        return b""
    try:
        return urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (Base64Error, ValueError):
        return b""


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def _number(body: bytes) -> int:
    return sum((byte & 0x7F) << (7 * index) for index, byte in enumerate(body))
