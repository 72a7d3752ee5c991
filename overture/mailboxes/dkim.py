"""Signs e-mails by DKIM (RFC 6376), rsa-sha256 with 2,048 bits, canonicalised relaxed/relaxed.

Measured against dkimpy, which checks it in the tests: it is an order of magnitude slower at signing.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key

from overture.lib.line_ends import with_crlf

BITS = 2048
# Signed where they are there. From once more than there are, so that none can be added before it (8.15); both
# headers of RFC 8058, for one-click opt-out counts only where they are signed.
_SIGNED = (
    "from", "to", "reply-to", "subject", "date", "message-id", "in-reply-to", "references",
    "mime-version", "content-type", "content-transfer-encoding", "list-unsubscribe",
    "list-unsubscribe-post",
)  # fmt: skip
# All that is not one space already: found in a fifth of the time, for most spaces are one.
_SPACES = re.compile(rb"[ \t]{2,}|\t")
_FOLD = re.compile(rb"\r\n(?=[ \t])")


@dataclass(frozen=True)
class Signer:
    """`domain` signs with the key that its DNS shows under `selector`."""

    domain: str
    selector: str
    pem: str = field(repr=False)

    def sign(self, data: bytes, tail: bytes = b"") -> bytes:
        """The message with its signature in front; `tail` is the rest of it, and stays where it is."""
        data = with_crlf(data)
        head, found, body = data.partition(b"\r\n\r\n")
        if not found:
            head, body = data.removesuffix(b"\r\n"), b""
        fields = _fields(head)
        names = _chosen([name for name, _ in fields])
        told = (
            f"v=1; a=rsa-sha256; c=relaxed/relaxed; d={self.domain}; s={self.selector};\r\n"
            f" h={':'.join(names)};\r\n bh={_digest(body + tail)};\r\n b="
        )
        own = b"DKIM-Signature: " + told.encode()
        signed = b"".join(_picked(fields, names)) + _relaxed(own).removesuffix(b"\r\n")
        signature = b64encode(_key(self.pem).sign(signed, padding.PKCS1v15(), hashes.SHA256()))
        return own + b"\r\n ".join(_pieces(signature)) + b"\r\n" + data


def new_key() -> str:
    """A private key, as PEM."""
    made = generate_private_key(public_exponent=65537, key_size=BITS)
    form, kind = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    return made.private_bytes(form, kind, serialization.NoEncryption()).decode()


def record(pem: str) -> str:
    """What the DNS is to say of the key (3.6.1)."""
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    public = _key(pem).public_key().public_bytes(serialization.Encoding.DER, form)
    return f"v=DKIM1; k=rsa; p={b64encode(public).decode()}"


def says_key(text: str, pem: str) -> bool:
    """Whether this record of the DNS is of the key."""
    told = dict(part.strip().partition("=")[::2] for part in text.replace(" ", "").split(";"))
    return told.get("p") == record(pem).rpartition("p=")[2]


@lru_cache(maxsize=64)
def _key(pem: str) -> RSAPrivateKey:
    """Kept: to read a key takes far longer than to sign with it."""
    found = serialization.load_pem_private_key(pem.encode(), None)
    if not isinstance(found, RSAPrivateKey):
        raise ValueError("not an RSA key")
    return found


def _fields(head: bytes) -> list[tuple[str, bytes]]:
    lines = _FOLD.sub(b"\0", head).split(b"\r\n")
    whole = [line.replace(b"\0", b"\r\n") for line in lines]
    return [(line.partition(b":")[0].strip().lower().decode("ascii", "replace"), line) for line in whole]


def _chosen(there: Sequence[str]) -> list[str]:
    """The names to sign, each as often as it is there; From once more."""
    return [name for name in dict.fromkeys(_SIGNED) for _ in range(there.count(name) + (name == "from"))]


def _picked(fields: list[tuple[str, bytes]], names: list[str]) -> list[bytes]:
    """The fields by name, from the last one up (5.4.2); one that is not there is nothing."""
    left = {name: [line for each, line in fields if each == name] for name in set(names)}
    return [_relaxed(left[name].pop()) for name in names if left[name]]


def _relaxed(line: bytes) -> bytes:
    name, _, value = line.partition(b":")
    value = _SPACES.sub(b" ", value.replace(b"\r\n", b"")).strip()
    return name.strip().lower() + b":" + value + b"\r\n"


def _digest(body: bytes) -> str:
    """Of the body, spaces at the ends of lines and empty lines at its end aside (3.4.4)."""
    body = _SPACES.sub(b" ", body).replace(b" \r\n", b"\r\n").removesuffix(b" ").rstrip(b"\r\n")
    return b64encode(hashlib.sha256(body + b"\r\n" if body else b"").digest()).decode()


def _pieces(signature: bytes) -> list[bytes]:
    return [signature[at : at + 72] for at in range(0, len(signature), 72)]
