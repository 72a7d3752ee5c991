"""A letter's bytes as the message that anymail takes apart for a provider: the same parts and headers."""

from __future__ import annotations

import email
from collections.abc import Iterator
from email import encoders, policy
from email.message import EmailMessage, Message
from email.mime.base import MIMEBase

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
# As it is: nothing is folded anew.
_AS_IT_IS = policy.compat32.clone(linesep="\r\n")


class _Raw(AnymailMessage):  # type: ignore[misc]  # anymail has no types
    """Amazon takes the message as it is."""

    raw = b""

    def message(self, *args: object, **kwargs: object) -> Message:
        return email.message_from_bytes(self.raw, policy=_AS_IT_IS)


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
    for part in _attached(parsed):
        message.attach(part)
    return message


def _text(parsed: EmailMessage, kind: str) -> str:
    part = parsed.get_body((kind,))
    return str(part.get_content()).replace("\r\n", "\n") if part else ""


def _attached(parsed: EmailMessage) -> Iterator[MIMEBase]:
    """Each byte for byte: as text Django would read it, and change its type where it cannot."""
    if parsed.get_content_type() != "multipart/mixed":
        return
    for part in parsed.iter_attachments():
        made = MIMEBase(part.get_content_maintype(), part.get_content_subtype())
        content = part.get_payload(decode=True)
        made.set_payload(content if isinstance(content, bytes) else b"")
        encoders.encode_base64(made)
        name = part.get_filename() or "file"
        made.add_header(
            "Content-Disposition", "attachment", filename=name if name.isascii() else ("utf-8", "", name)
        )
        yield made
