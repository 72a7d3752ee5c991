"""What a member says about a relay, checked."""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error as Base64Error
from dataclasses import dataclass, replace

from overture.lib.domains import DomainError, to_ascii
from overture.mailboxes.details import Details, MailboxError
from overture.mailboxes.models import Mailbox, MailboxRelay
from overture.mailboxes.relays.kinds import AMAZON_REGION, KINDS, MAILGUN_REGIONS, host_of

_KEY = re.compile(r"[!-~]{1,1000}")  # it stands in a header
_KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")
_STREAM = re.compile(r"[A-Za-z0-9_-]{0,64}")
PLAIN = ("region", "domain", "key_id", "stream")


@dataclass(frozen=True)
class RelayDetails:
    """`api_key` and `signing_key`: None keeps the one there is. Which of all a relay needs: kinds.py."""

    region: str = ""
    domain: str = ""
    key_id: str = ""
    stream: str = ""
    api_key: str | None = None
    signing_key: str | None = None


def check_relay(code: str, given: RelayDetails) -> RelayDetails:
    """Trimmed; raises MailboxError with bad_region, bad_domain, bad_key_id, bad_stream, bad_key,
    bad_signing_key or not_for_this (a field that this relay does not have)."""
    texts = {name: (getattr(given, name) or "").strip() for name in RelayDetails.__dataclass_fields__}
    for name, text in texts.items():
        if text and name not in KINDS[code].fields:
            raise MailboxError(name, "not_for_this")
    if not _is_region(code, texts["region"]):
        raise MailboxError("region", "bad_region")
    if "domain" in KINDS[code].needs:
        texts["domain"] = _domain(texts["domain"])
    if "key_id" in KINDS[code].needs and not _KEY_ID.fullmatch(texts["key_id"]):
        raise MailboxError("key_id", "bad_key_id")
    if not _STREAM.fullmatch(texts["stream"]):
        raise MailboxError("stream", "bad_stream")
    return replace(
        given, **{name: texts[name] for name in PLAIN}, api_key=_key(given), signing_key=_signing(code, given)
    )


def check_details_of_relay(code: str, details: Details, given: RelayDetails, has_imap: bool) -> Details:
    """With the place that is asked; `has_imap`: a password for reading is kept."""
    if details.reads and not (details.imap_username and (details.imap_password or has_imap)):
        raise MailboxError("imap_username", "relay_imap")
    return replace(
        details,
        host=host_of(code, given.region),
        port=443,
        security=Mailbox.Security.TLS,
        username="",
        password=None,
        is_personal=False,
        appends_sent=False,
    )


def details_of(kept: MailboxRelay) -> RelayDetails:
    return RelayDetails(**{name: getattr(kept, name) for name in PLAIN})


def _is_region(code: str, region: str) -> bool:
    match code:
        case "amazon_ses":
            return bool(AMAZON_REGION.fullmatch(region))
        case "mailgun":
            return region in MAILGUN_REGIONS
    return not region


def _domain(text: str) -> str:
    try:
        return to_ascii(text)
    except DomainError as error:
        raise MailboxError("domain", "bad_domain") from error


def _key(given: RelayDetails) -> str | None:
    if given.api_key is None:
        return None
    key = given.api_key.strip()
    if not _KEY.fullmatch(key):
        raise MailboxError("api_key", "bad_key")
    return key


def _signing(code: str, given: RelayDetails) -> str | None:
    """Empty takes it away."""
    key = given.signing_key.strip() if given.signing_key is not None else None
    if key and not (_KEY.fullmatch(key) and (code != "resend" or svix_key(key))):
        raise MailboxError("signing_key", "bad_signing_key")
    return key


def svix_key(text: str) -> bytes:
    """The key in `whsec_...`; empty for what is none."""
    try:
        return b64decode(text.removeprefix("whsec_"), validate=True)
    except (Base64Error, ValueError):
        return b""
