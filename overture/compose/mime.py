"""A letter as RFC 5322 bytes: constant parts are encoded once, values are spliced in.

Line ends are CRLF throughout and no line begins with a dot: as the wire wants it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from overture.compose import headers, quoted
from overture.compose.attached import MIXED, Attached, parts
from overture.compose.errors import HeaderError
from overture.compose.known import Values
from overture.compose.slots import ESCAPES, OPT_OUT, Slot, Template

if TYPE_CHECKING:
    from overture.compose.letter import Letter

# "=_" cannot occur in quoted-printable, so no part can contain this.
_BOUNDARY = "=_overture_part"
_OURS = frozenset(
    [
        "from",
        "reply-to",
        "to",
        "cc",
        "bcc",
        "sender",
        "subject",
        "date",
        "message-id",
        "in-reply-to",
        "references",
        "mime-version",
        "content-type",
        "content-transfer-encoding",
        "list-unsubscribe",
        "list-unsubscribe-post",
    ]
)


@dataclass(frozen=True)
class Sender:
    """The mailbox a letter leaves from; `headers` are added to every message as they are."""

    address: str
    name: str = ""
    reply_to: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    # Message-IDs without angle brackets, of the e-mail that this one answers and those before it; what is
    # none is left out.
    in_reply_to: str = ""
    references: tuple[str, ...] = ()


class Recipient(NamedTuple):
    """Whom one message goes to; `message_id` with its angle brackets, `date` aware."""

    address: str
    name: str
    message_id: str
    date: datetime
    headers: tuple[tuple[str, str], ...] = ()


class Message(NamedTuple):
    """`tail` ends it, the same for all recipients, empty without attachments; its lines end with CRLF."""

    data: bytes
    needs_smtputf8: bool
    tail: bytes = b""


class Envelope:
    """One letter from one mailbox: message() for each recipient."""

    def __init__(self, letter: "Letter", sender: Sender, files: Sequence[Attached] = ()) -> None:
        self._letter = letter
        self.tail = parts(files) if files else b""
        self._subject = None if letter.subject.slots else _subject(letter.subject.join(()))
        constants, slots = _constants(_constant_headers(sender, bool(files)), letter)
        # [own headers], constant, slot, constant, ...
        self._pieces = [""] * (2 * len(constants))
        self._pieces[1::2] = constants
        self._names = [slot.name for slot in slots]
        self._has_names_in_urls = any(slot.where == "url" and slot.name != "mpid" for slot in slots)
        unique = list(dict.fromkeys(slots))
        self._fillers = [_filler(slot) for slot in unique]
        self._order = [unique.index(slot) for slot in slots]

    def message(self, values: Values, recipient: Recipient) -> Message:
        """Raises HeaderError for an address, id or link that no header may hold; MissingValue."""
        texts = self._letter.values(values)
        pieces = self._pieces.copy()
        pieces[2::2] = self._filled(texts)
        pieces[0] = self._headers(texts, recipient)
        message = "".join(pieces)
        return Message(message.encode(), not message.isascii(), self.tail)

    def _filled(self, texts: dict[str, str]) -> Iterable[str]:
        """What stands in each slot."""
        # One look at all values together: most stand for themselves, in text and HTML alike.
        if not self._has_names_in_urls and quoted.are_usual("\n".join(texts.values())):
            return map(texts.__getitem__, self._names)
        self._letter.refuse_missing(texts)
        encoded = [
            encode(text) if (text := texts[name]) and not text.isspace() else fallback
            for name, fallback, encode in self._fillers
        ]
        return map(encoded.__getitem__, self._order)

    def _headers(self, texts: dict[str, str], recipient: Recipient) -> str:
        address, name, message_id, date, more = recipient
        subject = self._subject or _subject(self._letter.subject.join(self._subject_values(texts)))
        return (
            f"To: {headers.mailbox(name, headers.address_of(address), 4)}\r\n"
            f"{subject}"
            f"Date: {headers.date_of(date)}\r\n"
            f"Message-ID: {headers.message_id_of(message_id)}\r\n"
            f"List-Unsubscribe: <{headers.url_of(texts[OPT_OUT])}>\r\n"
            f"{_extra(more) if more else ''}"
        )

    def _subject_values(self, texts: dict[str, str]) -> Iterator[str]:
        for name, _, fallback in self._letter.subject.slots:
            text = texts[name]
            yield text if fallback is None or (text and not text.isspace()) else fallback


def _subject(text: str) -> str:
    return f"Subject: {headers.unstructured(text.strip(), len('Subject: '))}\r\n"


def _constant_headers(sender: Sender, is_mixed: bool) -> str:
    name = headers.refuse_unsafe(sender.name)
    lines = [f"From: {headers.mailbox(name, headers.address_of(sender.address), 6)}\r\n"]
    if sender.reply_to:
        lines.append(f"Reply-To: {headers.address_of(sender.reply_to)}\r\n")
    lines += (
        headers.threading(sender.in_reply_to, sender.references),
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n",
        _extra(sender.headers),
        "MIME-Version: 1.0\r\n",
        f'Content-Type: multipart/mixed; boundary="{MIXED}"\r\n\r\n--{MIXED}\r\n' if is_mixed else "",
        f'Content-Type: multipart/alternative; boundary="{_BOUNDARY}"\r\n',
        "\r\n",
    )
    return "".join(lines)


def _extra(more: Iterable[tuple[str, str]]) -> str:
    for name, _ in more:
        if name.lower() in _OURS:
            raise HeaderError(f"{name} is written by the letter itself")
    return "".join(headers.header(name, value) for name, value in more)


def _constants(head: str, letter: "Letter") -> tuple[list[str], list[Slot]]:
    """What stands before, between and after the slots of both parts, with all around them."""
    constants = [head]
    for kind, template in (("plain", letter.text), ("html", letter.html)):
        encoded = _encoded(template)
        constants[-1] += _part_head(kind) + encoded[0]
        constants += (quoted.AFTER_VALUE + text for text in encoded[1:])
    constants[-1] += f"\r\n--{_BOUNDARY}--\r\n"
    return constants, [*letter.text.slots, *letter.html.slots]


def _encoded(template: Template) -> list[str]:
    *before_values, last = template.constants
    return [
        *(quoted.constant(text, ends_before_value=True) for text in before_values),
        quoted.constant(last, ends_before_value=False),
    ]


def _part_head(kind: str) -> str:
    return (
        f"\r\n--{_BOUNDARY}\r\nContent-Type: text/{kind}; charset=utf-8\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    )


def _filler(slot: Slot) -> tuple[str, str, Callable[[str], str]]:
    """Name, encoded fallback and encoding of a slot."""
    escape = ESCAPES[slot.where]
    encode = quoted.value if slot.where == "plain" else lambda text: quoted.value(escape(text))
    return slot.name, encode(slot.fallback or ""), encode
