"""A letter's bytes as the message that anymail takes apart for a provider: the same parts and headers."""

from __future__ import annotations

import email
from collections.abc import Iterator
from email import encoders, policy
from email.message import EmailMessage, Message
from email.mime.base import MIMEBase
from typing import cast

from anymail.message import AnymailMessage

from overture.mailboxes.providers import Letter

# In metadata, which webhooks give back: what stands before the @ of our Message-ID, which carries its HMAC.
# All of it would be longer than Postmark takes (80 letters).
OUR_ID = "overture_id"
# Given by name, or written by the provider.
_NOT_EXTRA = frozenset(("from", "to", "subject", "reply-to", "date", "mime-version", "content-type"))
# Where it can be switched off for one e-mail; Amazon, Resend and Brevo have it as a setting of the domain or
# account.
_TRACKS = frozenset(("postmark", "mailgun"))


class _AsItIs(Message):
    """Writes what it was read from, and behind its headers those that were added since."""

    raw, count = b"", 0

    def as_bytes(self, *args: object, **kwargs: object) -> bytes:
        head, gap, body = self.raw.partition(b"\r\n\r\n")
        added = "".join(f"\r\n{name}: {value}" for name, value in self.items()[self.count :])
        return head + added.encode("ascii") + gap + body


class _Raw(AnymailMessage):  # type: ignore[misc]  # anymail has no types
    """Amazon takes the message as it is."""

    raw = b""

    def message(self, *args: object, **kwargs: object) -> Message:
        read = cast(_AsItIs, email.message_from_bytes(self.raw, _AsItIs, policy=policy.compat32))
        read.raw, read.count = self.raw, len(read.items())
        return read


def message_of(letter: Letter, code: str) -> AnymailMessage:
    """`code`: of the relay."""
    data = letter.data + letter.tail
    parsed = email.message_from_bytes(data, policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    message = _raw(parsed, data) if code == "amazon_ses" else _parts(parsed, code)
    message.metadata = {OUR_ID: str(parsed["Message-ID"]).strip("<> ").partition("@")[0]}
    if code in _TRACKS:
        message.track_opens = message.track_clicks = False
    return message


def _raw(parsed: EmailMessage, data: bytes) -> AnymailMessage:
    message = _Raw(from_email=str(parsed["From"]), to=[str(parsed["To"])])
    message.raw = data
    return message


def _parts(parsed: EmailMessage, code: str) -> AnymailMessage:
    message = AnymailMessage(
        subject=str(parsed["Subject"]),
        body=_text(parsed, "plain"),
        from_email=str(parsed["From"]),
        to=[str(parsed["To"])],
        reply_to=[str(parsed["Reply-To"])] if parsed["Reply-To"] else [],
        headers={name: str(value) for name, value in parsed.items() if name.lower() not in _NOT_EXTRA},
    )
    if code == "postmark":
        message.extra_headers["X-PM-KeepID"] = "true"  # else it writes a Message-ID of its own
    message.attach_alternative(_text(parsed, "html"), "text/html")
    for part in _attached(parsed, code):
        message.attach(part)
    return message


def _text(parsed: EmailMessage, kind: str) -> str:
    part = parsed.get_body((kind,))
    return str(part.get_content()).replace("\r\n", "\n") if part else ""


def _attached(parsed: EmailMessage, code: str) -> Iterator[MIMEBase]:
    """Each byte for byte: as text Django would read it, and change its type where it cannot."""
    if parsed.get_content_type() != "multipart/mixed":
        return
    for part in parsed.iter_attachments():
        content = part.get_payload(decode=True)
        yield _file(part, content if isinstance(content, bytes) else b"", code)


def _file(part: Message, content: bytes, code: str) -> MIMEBase:
    maintype, subtype, charset = part.get_content_maintype(), part.get_content_subtype(), None
    if maintype == "text" and not _is_utf8(content):
        # anymail decodes what is text, as UTF-8 unless told. Latin 1 gives each byte back, but for Brevo it
        # becomes UTF-8; Resend drops what has another type than its name says.
        if code == "resend":
            charset = "iso-8859-1"
        else:
            maintype, subtype = "application", "octet-stream"
    made = MIMEBase(maintype, subtype)
    if charset:
        made.set_param("charset", charset)
    made.set_payload(content)
    encoders.encode_base64(made)
    name = part.get_filename() or "file"
    told = name if name.isascii() else ("utf-8", "", name)
    made.add_header("Content-Disposition", "attachment", filename=told)
    return made


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True
