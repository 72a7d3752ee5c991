"""Short tokens for a number that nobody else can make: opt-out links and Message-IDs carry them."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Callable
from functools import lru_cache
from hashlib import sha256

_SIGNATURE = 12
_BLOCK = 64  # bytes that SHA-256 takes at a time
_INNER, _OUTER = (bytes(byte ^ pad for byte in range(256)) for pad in (0x36, 0x5C))
_LARGEST = 2**63 - 1
_LONGEST_TOKEN = (8 + _SIGNATURE) * 4 // 3 + 4


def sign(number: int, purpose: str, key: bytes) -> str:
    """18 to 27 letters of base64url: the number (0 to 2**63-1) and 96 bits of HMAC-SHA-256."""
    return signer(purpose, key)(number)


@lru_cache(maxsize=16)
def signer(purpose: str, key: bytes) -> Callable[[int], str]:
    """`sign` for many numbers, as every e-mail needs two."""
    signature = _signature(purpose, key)

    def token(number: int) -> str:
        if not 0 <= number <= _LARGEST:
            raise ValueError("number out of range")
        body = number.to_bytes((number.bit_length() + 7) // 8 or 1, "big")
        return urlsafe_b64encode(body + signature(body)).rstrip(b"=").decode("ascii")

    return token


def unsign(token: str, purpose: str, key: bytes) -> int | None:
    """The number, or None for a token not made by this key for this purpose; compares in constant time."""
    raw = _decoded(token)
    if len(raw) <= _SIGNATURE:
        return None
    body, signature = raw[:-_SIGNATURE], raw[-_SIGNATURE:]
    if not hmac.compare_digest(_signature(purpose, key)(body), signature):
        return None
    number = int.from_bytes(body, "big")
    # One number, one token: base64 has several spellings of the same bytes.
    return number if hmac.compare_digest(sign(number, purpose, key).encode(), token.encode()) else None


@lru_cache(maxsize=16)
def _signature(purpose: str, key: bytes) -> Callable[[bytes], bytes]:
    """HMAC (RFC 2104) with what is the same for all prepared: `hmac` takes twice as long."""
    block = (key if len(key) <= _BLOCK else sha256(key).digest()).ljust(_BLOCK, b"\0")
    keyed_inner, keyed_outer = sha256(block.translate(_INNER)), sha256(block.translate(_OUTER))
    keyed_inner.update(purpose.encode() + b"\1")  # with \0, numbers were written in another way

    def signature(body: bytes) -> bytes:
        inner, outer = keyed_inner.copy(), keyed_outer.copy()
        inner.update(body)
        outer.update(inner.digest())
        return outer.digest()[:_SIGNATURE]

    return signature


def _decoded(token: str) -> bytes:
    if len(token) > _LONGEST_TOKEN or not token.isascii():
        return b""
    try:
        return urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (Base64Error, ValueError):
        return b""
