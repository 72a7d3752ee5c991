"""The header of a received mail as plain values; strangers write it: all is capped and nothing recurses."""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from quopri import decodestring

# What is asked of the server for every mail (RFC 9051, 6.4.5, HEADER.FIELDS).
FIELDS = (
    "Message-ID",
    "In-Reply-To",
    "References",
    "From",
    "Sender",
    "Return-Path",
    "To",
    "Cc",
    "Delivered-To",
    "X-Original-To",
    "Subject",
    "Date",
    "Auto-Submitted",
    "Content-Type",
    "Precedence",
    "X-Autoreply",
    "X-Autorespond",
    "X-Auto-Response-Suppress",
    "X-Failed-Recipients",
    "List-Id",
    "List-Unsubscribe",
    # Where a provider that writes a Message-ID of its own leaves ours.
    "X-Google-Original-Message-ID",
    "X-Microsoft-Original-Message-ID",
)
_MOST_BYTES, _MOST_LINES, _LONGEST, _MOST_IDS, _MOST_ADDRESSES = 65_536, 2_000, 10_000, 100, 100
_ID = re.compile(r"<([^<>\s]{1,500})>")
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\\\"@]{1,64}@[^\s<>()\[\],;:\\\"@]{1,253}")
_WORD = re.compile(r"=\?([A-Za-z0-9_-]{1,40})(?:\*[A-Za-z-]{1,20})?\?([BbQq])\?([^?\s]{0,1000})\?=")
_BETWEEN_WORDS = re.compile(r"(\?=)[ \t]+(=\?)")


@dataclass(frozen=True)
class Headers:
    """Message-IDs are without angle brackets, addresses as written, names and subject decoded.

    What a header lacks is empty. `values` has every field by its name in small letters.
    """

    uid: int
    message_id: str
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    sender: str
    sender_name: str
    # The envelope's sender as the server noted it: empty for a bounce ("<>") and where it noted none.
    return_path: str
    # To, Cc, Delivered-To, X-Original-To: a signed address of ours may stand in any.
    to: tuple[str, ...]
    subject: str
    date: str
    auto_submitted: str
    content_type: str
    precedence: str
    failed_recipients: tuple[str, ...]
    # Those of ours that a provider replaced.
    original_ids: tuple[str, ...]
    fingerprint: str
    values: dict[str, tuple[str, ...]]
    received_at: datetime | None = None
    size: int = 0

    def first(self, name: str) -> str:
        return next(iter(self.values.get(name.lower(), ())), "")


def headers_of(uid: int, raw: bytes, received_at: datetime | None = None, size: int = 0) -> Headers:
    """Reads the header, or the header of a whole mail; never raises."""
    values: dict[str, list[str]] = {}
    for name, value in _lines(raw):
        values.setdefault(name, []).append(value)

    def first(name: str) -> str:
        return values.get(name, [""])[0]

    def ids(*names: str) -> tuple[str, ...]:
        found = (each for name in names for value in values.get(name, ()) for each in _ID.findall(value))
        return tuple(dict.fromkeys(found))[-_MOST_IDS:]

    sender, sender_name = sender_of(first("from"))
    recipients = (name for name in ("to", "cc", "delivered-to", "x-original-to"))
    return Headers(
        uid=uid,
        message_id=_message_id(first("message-id")),
        in_reply_to=ids("in-reply-to"),
        references=ids("references"),
        sender=sender,
        sender_name=sender_name,
        return_path=next(iter(addresses_in(first("return-path"))), ""),
        to=tuple(dict.fromkeys(each for name in recipients for each in addresses_in(*values.get(name, ())))),
        subject=decoded(first("subject"))[:1000],
        date=first("date")[:100],
        auto_submitted=first("auto-submitted").lower()[:200],
        content_type=first("content-type")[:1000],
        precedence=first("precedence").lower()[:50],
        failed_recipients=addresses_in(*values.get("x-failed-recipients", ())),
        original_ids=ids("x-google-original-message-id", "x-microsoft-original-message-id"),
        fingerprint=_fingerprint(*(first(name) for name in ("message-id", "date", "from", "subject"))),
        values={name: tuple(found) for name, found in values.items()},
        received_at=received_at,
        size=size,
    )


def sender_of(value: str) -> tuple[str, str]:
    """Address and name of a From; the address is empty where there is none, or more than one is meant."""
    text = value[:_LONGEST]
    bracket = re.search(r"<\s*(" + _ADDRESS.pattern + r")\s*>", text)
    if bracket:
        name = decoded(text[: bracket.start()].strip().strip('"').replace('\\"', '"'))
        return bracket.group(1), name[:200]
    return next(iter(addresses_in(text)), ""), ""


def addresses_in(*values: str) -> tuple[str, ...]:
    found = (each for value in values for each in _ADDRESS.findall(value[:_LONGEST]))
    return tuple(dict.fromkeys(found))[:_MOST_ADDRESSES]


def decoded(text: str) -> str:
    """RFC 2047 words as characters, controls as spaces; what cannot be read stays as it is."""
    joined = _BETWEEN_WORDS.sub(r"\1\2", text[:_LONGEST])
    plain = _WORD.sub(_decoded_word, joined)
    return " ".join("".join(c if c.isprintable() else " " for c in plain).split())


def _decoded_word(word: re.Match[str]) -> str:
    charset, encoding, data = word.groups()
    try:
        if encoding in "Bb":
            found = b64decode(data + "=" * (-len(data) % 4))
        else:
            found = decodestring(data.replace("_", " ").encode("ascii", "replace"), header=False)
        return found.decode(charset, "replace")
    except (LookupError, Base64Error, ValueError):
        return word.group()


def _lines(raw: bytes) -> Iterator[tuple[str, str]]:
    """Names in small letters and unfolded values, up to the empty line."""
    name, value = "", ""
    for line in raw[:_MOST_BYTES].split(b"\n")[:_MOST_LINES]:
        text = line.rstrip(b"\r").decode("utf-8", "replace").replace("\x00", "")
        if not text:
            break
        if text[0] in " \t":
            value = f"{value} {text.strip()}"[:_LONGEST]
            continue
        if name:
            yield name, value
        name, colon, value = text.partition(":")
        name, value = (name.strip().lower(), value.strip()[:_LONGEST]) if colon else ("", "")
    if name:
        yield name, value


def _message_id(value: str) -> str:
    """What stands between the brackets; some write none."""
    found = _ID.search(value)
    return found.group(1) if found else "".join(value.split())[:500].strip("<>")


def _fingerprint(*parts: str) -> str:
    return sha256("\0".join(" ".join(part.split()) for part in parts).encode()).hexdigest()[:32]
