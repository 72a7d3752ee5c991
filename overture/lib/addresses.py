"""E-mail addresses by a strict grammar of our own: what passes cannot end a line, a command or a header.

Narrower than RFC 5322 on purpose: no quoted local parts, comments, routes or IP literals.
"""

from __future__ import annotations

import hmac
import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import unquote

from overture.lib import domains

# RFC 5321, 4.5.3.1: octets of the local part, and of a path without its angle brackets.
LONGEST_LOCAL = 64
LONGEST = 254
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]"
_ASCII_LOCAL = re.compile(rf"{_ATOM}+(?:\.{_ATOM}+)*")
# RFC 6531 lets any character beyond ASCII in; those that cannot be seen are refused below.
_WIDE_ATOM = r"[\u0080-\U0010ffff" + _ATOM[1:]
_WIDE_LOCAL = re.compile(rf"{_WIDE_ATOM}+(?:\.{_WIDE_ATOM}+)*")
_NAME_AND_ADDRESS = re.compile(r"\s*([^<>]*?)\s*<\s*([^<>]*?)\s*>\s*")
_QUOTES = "\"'“”«»‘’"
# Pasted text brings these invisible characters at its ends.
_PADDING = "\u200b\u200c\u200d\u2060\ufeff"


class AddressError(ValueError):
    """Not an address we write to. `position` counts from 0 in the text given.

    Codes: empty, no_at, many_ats, no_local, bad_local, long_local, no_domain, bad_domain, too_long.
    """

    def __init__(self, code: str, position: int = 0) -> None:
        super().__init__(code)
        self.code = code
        self.position = position


@dataclass(frozen=True, slots=True)
class Address:
    local: str
    # Lower case, A-labels.
    domain: str
    as_written: str

    def __str__(self) -> str:
        return f"{self.local}@{self.domain}"

    @property
    def needs_smtputf8(self) -> bool:
        return not self.local.isascii()


def parse(text: str) -> Address:
    """The one address in a text, without spaces around or `mailto:` before it. Raises AddressError."""
    bare, start = _bare(text)
    if not bare:
        raise AddressError("empty", start)
    local, at, domain = bare.partition("@")
    if not at:
        raise AddressError("no_at", start + len(bare))
    if "@" in domain:
        raise AddressError("many_ats", start + len(local) + 1 + domain.index("@"))
    local = _checked_local(local, start)
    ascii_domain = _checked_domain(domain, start + bare.index("@") + 1)
    if len(local.encode()) + 1 + len(ascii_domain) > LONGEST:
        raise AddressError("too_long", start)
    return Address(local, ascii_domain, bare)


def normalise(address: Address) -> str:
    """What addresses are compared by. Hosts may tell capitals apart, none that people use does."""
    if address.local.isascii():
        return f"{address.local.lower()}@{address.domain}"
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", address.local).casefold())
    return f"{folded}@{address.domain}"


def key(address: Address, secret: bytes) -> str:
    """32 hexadecimal digits of HMAC-SHA-256 that stand for an address where the address itself must not."""
    return hmac.digest(secret, normalise(address).encode(), "sha256")[:16].hex()


def split_name_address(text: str) -> tuple[str, str]:
    """`"Doe, John" <j@x.example>` as (`Doe, John`, `j@x.example`), unchecked; no name without `<...>`."""
    match = _NAME_AND_ADDRESS.fullmatch(text)
    if not match:
        return "", text.strip()
    name = match[1].replace('\\"', '"').strip(_QUOTES + " \t")
    return " ".join(name.split()), match[2]


def obfuscate(address: str) -> str:
    """`m•••@example.com`: the domain in full, of the local part its first letter."""
    local, at, domain = address.rpartition("@")
    return f"{local[:1]}•••@{domain}" if at else "•••"


def _bare(text: str) -> tuple[str, int]:
    """The text without padding and `mailto:`, and where it began."""
    left = text.lstrip().lstrip(_PADDING).lstrip()
    bare = left.rstrip().rstrip(_PADDING).rstrip()
    start = len(text) - len(left)
    if bare[:7].lower() == "mailto:":
        return unquote(bare[7:].partition("?")[0]), start + 7
    return bare, start


def _checked_local(local: str, start: int) -> str:
    if not local:
        raise AddressError("no_local", start)
    if not _ASCII_LOCAL.fullmatch(local):
        local = _wide_local(local, start)
    if len(local.encode()) > LONGEST_LOCAL:
        raise AddressError("long_local", start + LONGEST_LOCAL)
    return local


def _wide_local(local: str, start: int) -> str:
    """A local part beyond ASCII, in NFC: nothing invisible, no special character in disguise."""
    for index, letter in enumerate(local):
        if not letter.isascii() and (unicodedata.category(letter)[0] in "CZ" or letter == "\ufffd"):
            raise AddressError("bad_local", start + index)
    if not _WIDE_LOCAL.fullmatch(local):
        raise AddressError("bad_local", start + _first_bad(local))
    if not _WIDE_LOCAL.fullmatch(unicodedata.normalize("NFKC", local)):
        raise AddressError("bad_local", start)
    return unicodedata.normalize("NFC", local)


def _first_bad(local: str) -> int:
    match = _WIDE_LOCAL.match(local)
    return match.end() if match else 0


def _checked_domain(domain: str, start: int) -> str:
    if not domain:
        raise AddressError("no_domain", start)
    try:
        return domains.to_ascii(domain)
    except domains.DomainError as error:
        raise AddressError("bad_domain", start) from error
