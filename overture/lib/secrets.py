"""Secrets at rest: AES-256-GCM under a ring of named keys, so that a key can be replaced without a stop.

To rotate: put a new key first, restart, encrypt anew what `needs_rotation`, then take the old key out.
"""

from __future__ import annotations

import os
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12
_NAME = re.compile(r"[A-Za-z0-9_-]{1,32}")


class SecretError(Exception):
    """A token that cannot be read, or a ring that is not one; `code` says which.

    Codes: empty_ring, bad_key, same_name, bad_token, unknown_key, wrong_key.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Ring:
    """Keys by name; the first encrypts, each decrypts. Its representation shows no key."""

    keys: Mapping[str, bytes] = field(repr=False)
    first: str

    @classmethod
    def parse(cls, text: str) -> Ring:
        """From `name:base64url` pairs between spaces, commas or new lines; each key has 32 bytes."""
        keys: dict[str, bytes] = {}
        for pair in re.split(r"[\s,]+", text.strip()):
            name, _, encoded = pair.partition(":")
            if not pair:
                raise SecretError("empty_ring")
            if name in keys:
                raise SecretError("same_name")
            keys[name] = _key(name, encoded)
        return cls(keys, next(iter(keys)))

    def encrypt(self, plain: str, purpose: str) -> str:
        """A token that only the same purpose decrypts, so that one moved to another column is refused."""
        nonce = os.urandom(_NONCE)
        sealed = AESGCM(self.keys[self.first]).encrypt(nonce, plain.encode(), _bound_to(self.first, purpose))
        return f"{self.first}.{urlsafe_b64encode(nonce + sealed).rstrip(b'=').decode('ascii')}"

    def decrypt(self, token: str, purpose: str) -> str:
        """The secret; raises SecretError."""
        name, dot, encoded = token.partition(".")
        raw = _decoded(encoded)
        if not dot or len(raw) <= _NONCE:
            raise SecretError("bad_token")
        if name not in self.keys:
            raise SecretError("unknown_key")
        try:
            plain = AESGCM(self.keys[name]).decrypt(raw[:_NONCE], raw[_NONCE:], _bound_to(name, purpose))
        except InvalidTag as error:
            raise SecretError("wrong_key") from error
        return plain.decode()

    def needs_rotation(self, token: str) -> bool:
        return token.partition(".")[0] != self.first

    def rotate(self, token: str, purpose: str) -> str:
        return self.encrypt(self.decrypt(token, purpose), purpose)


def new_key(name: str) -> str:
    """A fresh `name:base64url` pair for `Ring.parse`."""
    return f"{name}:{urlsafe_b64encode(os.urandom(32)).decode('ascii')}"


def _bound_to(name: str, purpose: str) -> bytes:
    return f"{name}\0{purpose}".encode()


def _key(name: str, encoded: str) -> bytes:
    key = _decoded(encoded.rstrip("="))
    if not _NAME.fullmatch(name) or len(key) != 32:
        raise SecretError("bad_key")
    return key


def _decoded(encoded: str) -> bytes:
    try:
        return urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))
    except (Base64Error, ValueError):
        return b""
