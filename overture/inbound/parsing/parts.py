"""The parts of a mail, walked with caps: bodies, files, reports."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import Message
from typing import Any

from overture.inbound.headers import decoded
from overture.inbound.parsing.charsets import as_text

MOST_PARTS, DEEPEST = 300, 20


class TooComplex(Exception):
    """More than any mail that a person writes."""


def walk(mail: Message[Any, Any]) -> Iterator[Message[Any, Any]]:
    """Leaves, and the mails inside as wholes, in their order. Raises TooComplex."""
    stack, seen = [(mail, 0)], 0
    while stack:
        part, depth = stack.pop()
        seen += 1
        if seen > MOST_PARTS or depth > DEEPEST:
            raise TooComplex
        kind = part.get_content_type()
        if part.is_multipart() and kind.startswith("multipart/"):
            inner: Any = part.get_payload()
            stack += [(each, depth + 1) for each in reversed(inner) if isinstance(each, Message)]
        else:
            yield part


def text_of(part: Message[Any, Any]) -> str:
    return as_text(bytes_of(part), str(part.get_param("charset", "") or "")).replace("\r\n", "\n")


def bytes_of(part: Message[Any, Any]) -> bytes:
    """Decoded from its transfer encoding; of a mail inside, as it stands."""
    if part.is_multipart():
        return b"\n".join(_flat(each) for each in part.get_payload() if isinstance(each, Message))
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _flat(part: Message[Any, Any]) -> bytes:
    try:
        return bytes(part)
    except (ValueError, LookupError, TypeError, KeyError):  # strangers write what the library cannot say
        return b""


def name_of(part: Message[Any, Any]) -> str:
    """The name of a file, by any of the ways that programs write it; empty where none is given."""
    try:
        name = part.get_filename() or ""
    except (ValueError, LookupError, TypeError):
        name = ""
    return decoded(str(name))[:300]


def is_file(part: Message[Any, Any]) -> bool:
    if part.get_content_disposition() == "attachment" or name_of(part):
        return True
    return part.get_content_maintype() not in ("text", "multipart", "message")
