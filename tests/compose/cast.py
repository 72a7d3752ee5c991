"""What the tests of compose write with, and a naive reading of the grammar to compare with."""

import email
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTPUTF8
from html.parser import HTMLParser

from overture.compose import AdCode, Known, Recipient, Sender, Values

NOW = datetime(2038, 1, 19, 3, 14, 8, tzinfo=UTC)
OPT_OUT = "https://outreach.example/o/abc"
ADS = {
    1122330: AdCode("text", "7", text="Winter & linen"),
    5: AdCode("banner", "7", has_image=True, width=600, height=200, alt='A "banner"'),
}
EN = Known("en", "https://outreach.example", ADS, frozenset({9}), "Halden, 1 Mill Lane", "You are listed.")
FR = Known("fr", "https://outreach.example", ADS, frozenset({9}), "Halden, 1 Mill Lane", "Vous y figurez.")
JOHN = Values(98765, "Hus & Hav", "John", "Doe", OPT_OUT, NOW)
NOBODY = Values(98765, "", "", "", OPT_OUT, NOW)
NORA = Sender("nora@halden.example", "Nora Lind", "replies@halden.example")
TO_JOHN = Recipient("john@partner.example", "John Doe", "<1.a@halden.example>", NOW)

TEXTS = {
    "mpid": "98765",
    "mpname": "Hus & Hav",
    "firstName": "John",
    "lastName": "Doe",
    "currentDay": "January 19, 2038",
    "currentTime": "19-Jan-2038 03:14:08 UTC",
    "currentMonthYear": "January 2038",
}


def reference(source: str, texts: dict[str, str]) -> str | None:
    """The grammar read one character at a time; None where a word in braces is no token."""
    out, at = "", 0
    while at < len(source):
        if source[at : at + 2] in ("{{", "}}"):
            out, at = out + source[at], at + 2
            continue
        if source[at] == "{" and (found := _token(source, at)):
            name, fallback, at = found
            if name not in texts:
                return None
            value = texts[name]
            out += value if value.strip() or fallback is None else fallback
            continue
        out, at = out + source[at], at + 1
    return out


def _token(source: str, at: int) -> tuple[str, str | None, int] | None:
    end = at + 1
    while end < len(source) and source[end] not in "{}|":
        end += 1
    name = source[at + 1 : end]
    is_word = all(each.isalnum() or each in "._-" for each in name) and any(map(str.isalpha, name))
    is_spaced = all(each.isalnum() or each in "._- " for each in name)
    squashed = "".join(filter(str.isalnum, name)).lower()
    is_name = is_word or (is_spaced and squashed in {known.lower() for known in TEXTS})
    if not is_name or len(name) > 80 or end == len(source) or source[end] == "{":
        return None
    if source[end] == "}":
        return name, None, end + 1
    fallback, end = "", end + 1
    while end < len(source) and source[end] != "}":
        if source[end] == "\\":
            if end + 1 == len(source):
                return None
            escaped = source[end + 1]
            fallback += escaped if escaped in "|}\\" else "\\" + escaped
            end += 2
        else:
            fallback, end = fallback + source[end], end + 1
    return (name, fallback, end + 1) if end < len(source) else None


class Shape(HTMLParser):
    """The tags with their attribute names, and the text, of some HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.values: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(name for name, _ in attrs)))
        self.values += [value or "" for _, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        self.tags.append(("/" + tag, ()))

    def handle_data(self, data: str) -> None:
        self.text += data


def parsed(data: bytes) -> EmailMessage:
    message = email.message_from_bytes(data, policy=SMTPUTF8)
    assert isinstance(message, EmailMessage)
    return message


def parts(message: EmailMessage) -> tuple[str, str]:
    """Decoded text and HTML, with \\n as line ends."""
    text, html = message.iter_parts()
    return _decoded(text), _decoded(html)


def _decoded(part: object) -> str:
    payload = part.get_payload(decode=True)  # type: ignore[attr-defined]
    return str(payload.decode().replace("\r\n", "\n"))
