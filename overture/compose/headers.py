"""Header values as bytes on the wire would have them; nothing in a value can add a header."""

import re
from base64 import b64encode
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache

from overture.compose.errors import HeaderError
from overture.compose.slots import clean
from overture.lib.domains import DomainError, to_ascii

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,75}")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?: [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LOCAL = re.compile(
    r"[^\s\x00-\x20\x7f-\x9f()<>@,;:\\\"\[\].]+(?:\.[^\s\x00-\x20\x7f-\x9f()<>@,;:\\\"\[\].]+)*"
)
_USUAL_LOCAL = re.compile(r"(?=.{1,64}\Z)[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*")
_URL = re.compile(r"https?://[!#-;=?-~]{1,900}")
_MESSAGE_ID = re.compile(r"<[A-Za-z0-9!#$%&'*+/=^_`{|}~.-]{1,200}@[A-Za-z0-9.-]{1,253}>")
_DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_LINE = 76
_MOST_IDS = 20


def refuse_unsafe(value: str) -> str:
    """A value we or a member chose: refused where a recipient's would be mended."""
    if _CONTROL.search(value):
        raise HeaderError("a header value contains a control character or line break")
    if "=?" in value:
        raise HeaderError("a header value contains what looks like an encoded word")
    return value


def header(name: str, value: str) -> str:
    """A whole line of a header chosen by us, CRLF at its end."""
    if not _HEADER_NAME.fullmatch(name):
        raise HeaderError(f"{name!r} is not a header name")
    return f"{name}: {unstructured(refuse_unsafe(value), len(name) + 2)}\r\n"


def unstructured(text: str, used: int) -> str:
    """Subject and the like after `used` characters of the line. Any text survives literally."""
    if text.isascii() and len(text) + used <= 200 and "=?" not in text and text.isprintable():
        return text if len(text) + used <= _LINE else _folded(text, used)
    return encoded_words(clean(text), used)


def _folded(text: str, used: int) -> str:
    lines, line = [], ""
    for word in re.findall(r" *[^ ]+ *\Z| *[^ ]+", text):
        if line and len(line) + len(word) + used > _LINE:
            lines.append(line)
            line, used = word, 0
        else:
            line += word
    return "\r\n".join([*lines, line])


def encoded_words(text: str, used: int) -> str:
    """RFC 2047 words of at most 75 characters, lines of at most 76, split between characters."""
    words, chunk, room = [], b"", _room(used)
    for character in text:
        code = character.encode()
        if len(chunk) + len(code) > room:
            words.append(chunk)
            chunk, room = b"", _room(1)
        chunk += code
    words.append(chunk)
    return "\r\n ".join(f"=?utf-8?b?{b64encode(word).decode()}?=" for word in words)


def _room(used: int) -> int:
    return min(max((_LINE - used - len("=?utf-8?b??=")) // 4 * 3, 4), 45)


def mailbox(name: str, address: str, used: int) -> str:
    """`name <address>`; the address is already checked by `address_of`. A name survives literally."""
    if not name:
        return f"<{address}>" if used + len(address) <= 900 else address
    if name.isascii() and len(name) <= 60 and "=?" not in name and name.isprintable():
        phrase = (
            name if _ATOMS.fullmatch(name) else '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
        )
        is_short = used + len(phrase) + len(address) + 3 <= _LINE
        return f"{phrase} <{address}>" if is_short else f"{phrase}\r\n <{address}>"
    return f"{encoded_words(clean(name)[:200], used)}\r\n <{address}>"


def address_of(address: str) -> str:
    """The address with its domain as A-labels. Raises HeaderError for what is not a plain address."""
    local, _, domain = address.rpartition("@")
    if not _USUAL_LOCAL.fullmatch(local) and not _is_local(local):
        raise HeaderError("not an address a message can be sent to")
    try:
        return f"{local}@{to_ascii(domain)}"
    except DomainError as error:
        raise HeaderError("not a domain a message can be sent to") from error


def _is_local(local: str) -> bool:
    is_known = len(local.encode("utf-8", "replace")) <= 64 and _LOCAL.fullmatch(local)
    return bool(is_known) and not _CONTROL.search(local) and "=?" not in local


def url_of(url: str) -> str:
    if not _URL.fullmatch(url):
        raise HeaderError("not an address for List-Unsubscribe")
    return url


def message_id_of(message_id: str) -> str:
    if not _MESSAGE_ID.fullmatch(message_id):
        raise HeaderError("not a Message-ID")
    return message_id


def threading(in_reply_to: str, references: Sequence[str]) -> str:
    """In-Reply-To and References (RFC 5322, 3.6.4), one id a line; empty where nothing is answered.

    Strangers chose these ids: what is no plain Message-ID is left out.
    """
    known = [told for each in (*references, in_reply_to) if _MESSAGE_ID.fullmatch(told := f"<{each}>")]
    # The first and the newest: some mail programs cut longer lists off.
    chain = list(dict.fromkeys(known))
    chain = chain if len(chain) <= _MOST_IDS else [chain[0], *chain[1 - _MOST_IDS :]]
    lines = f"In-Reply-To: <{in_reply_to}>\r\n" if f"<{in_reply_to}>" in known else ""
    return lines + ("References: " + "\r\n ".join(chain) + "\r\n" if chain else "")


@lru_cache(maxsize=64)
def date_of(date: datetime) -> str:
    utc = date.astimezone(UTC)
    day = f"{_DAYS[utc.weekday()]}, {utc.day:02} {_MONTHS[utc.month - 1]} {utc.year:04}"
    return f"{day} {utc.hour:02}:{utc.minute:02}:{utc.second:02} +0000"
