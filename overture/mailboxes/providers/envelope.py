"""A letter as the wire wants it: checked addresses, commands, and content that cannot end early."""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

import idna

from overture.lib.line_ends import with_crlf

from . import Letter, LetterId

_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9._-]{0,252})")
_NOT_IN_ADDRESS = frozenset(' <>()[]\\,;:"@')


@dataclass(frozen=True)
class Offers:
    """What the server said it can do."""

    pipelining: bool = False
    smtputf8: bool = False
    eightbit: bool = False
    starttls: bool = False
    has_size: bool = False
    size: int = 0  # octets at most; 0: no limit told
    auth: frozenset[str] = field(default_factory=frozenset)


class Packed(NamedTuple):
    """A letter ready for this server; `content` and then `tail` end with CRLF and lack the final dot."""

    id: LetterId
    mail: bytes
    rcpt: bytes
    content: bytes
    tail: bytes = b""


class Unsendable(Exception):
    """This server can never take this letter, or the letter is not fit for any."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def pack(letter: Letter, offers: Offers) -> Packed:
    """Check and encode. Raises Unsendable with the reason code."""
    sender, recipient = _sender(letter.sender), envelope_address(letter.recipient)
    content = letter.data if letter.is_wired else wire_content(letter.data)
    size = len(content) + len(letter.tail)
    if offers.size and size > offers.size:
        raise Unsendable("too_large")
    parameters = f" SIZE={size}" if offers.has_size else ""
    if letter.smtputf8 or not (sender.isascii() and recipient.isascii()):
        if not offers.smtputf8:
            raise Unsendable("smtputf8_missing")
        parameters += " SMTPUTF8"
    if not content.isascii():
        if not offers.eightbit:
            raise Unsendable("8bitmime_missing")
        parameters += " BODY=8BITMIME"
    mail = f"MAIL FROM:<{sender}>{parameters}\r\n".encode()
    return Packed(letter.id, mail, f"RCPT TO:<{recipient}>\r\n".encode(), content, letter.tail)


def envelope_address(address: str) -> str:
    """The address for MAIL or RCPT, its domain in ASCII; refuses all that could be a command."""
    if _ADDRESS.fullmatch(address):
        return address
    local, at, domain = address.rpartition("@")
    if not at or not local or not domain or len(address) > 254 or len(local.encode()) > 64:
        raise Unsendable("invalid_address")
    if not address.isprintable() or _NOT_IN_ADDRESS & set(local + domain):
        raise Unsendable("invalid_address")
    try:
        ascii_domain = idna.encode(domain, uts46=True).decode()
    except idna.IDNAError as error:
        raise Unsendable("invalid_address") from error
    return f"{local}@{ascii_domain}"


def wire_content(data: bytes) -> bytes:
    """Every line end as CRLF first, dots stuffed after that: no server sees an end where we see none."""
    data = with_crlf(data)
    if b"\n." in data:
        data = data.replace(b"\n.", b"\n..")
    if data[:1] == b".":
        data = b"." + data
    return data if not data or data[-2:] == b"\r\n" else data + b"\r\n"


@lru_cache(maxsize=256)
def _sender(address: str) -> str:
    try:
        return envelope_address(address) if address else ""
    except Unsendable as error:
        raise Unsendable("invalid_sender") from error
