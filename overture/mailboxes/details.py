"""What a member says about a mailbox, checked."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import available_timezones

from overture.lib import addresses
from overture.lib.safe_net import HostNotFound, ascii_host
from overture.mailboxes.models import Mailbox

LARGEST_LIMIT = 2_147_483_647
_TEXTS = {"username": 320, "imap_username": 320, "sender_name": 120, "password": 1000, "imap_password": 1000}


class MailboxError(ValueError):
    """A field that cannot stand, by name, and a code: bad_address, bad_host, bad_port, bad_security,
    bad_username, bad_password, password_again, bad_sender_name, bad_limit, bad_time_zone,
    given_by_provider, reads_not_granted; those of relays/details.py, key_again, relay_imap."""

    def __init__(self, field: str, code: str) -> None:
        super().__init__(f"{field}: {code}")
        self.field, self.code = field, code


@dataclass(frozen=True)
class Details:
    """A password of None keeps the one there is. An empty `username`: no AUTH. Limits count e-mails.

    Empty `imap_username` and `imap_password`: those of sending.
    """

    address: str
    host: str
    port: int = 587
    security: str = Mailbox.Security.STARTTLS
    username: str = ""
    password: str | None = None
    sender_name: str = ""
    per_minute: int = 30
    per_hour: int = 200
    per_day: int = 500
    time_zone: str = "UTC"
    is_personal: bool = False
    reads: bool = False
    imap_host: str = ""
    imap_port: int = 993
    imap_security: str = Mailbox.Security.TLS
    imap_username: str = ""
    imap_password: str | None = None
    shares_other_mail: bool = False
    appends_sent: bool = False


def check_details(details: Details) -> addresses.Address:
    """The parsed address; raises MailboxError for the first field that cannot stand."""
    try:
        address = addresses.parse(details.address)
    except addresses.AddressError as error:
        raise MailboxError("address", "bad_address") from error
    _check_server(details)
    for field in ("per_minute", "per_hour", "per_day"):
        if not 1 <= getattr(details, field) <= LARGEST_LIMIT:
            raise MailboxError(field, "bad_limit")
    if details.time_zone not in available_timezones():
        raise MailboxError("time_zone", "bad_time_zone")
    return address


def _check_server(details: Details) -> None:
    _check_place("", details.host, details.port, details.security)
    # Without reading it may be empty, but never something else than a name.
    if details.reads or details.imap_host:
        _check_place("imap_", details.imap_host, details.imap_port, details.imap_security)
    for field, longest in _TEXTS.items():
        text = getattr(details, field) or ""
        # A line end or NUL would end the command or the header that carries it.
        if len(text) > longest or any(letter < " " or letter == "\x7f" for letter in text):
            raise MailboxError(field, f"bad_{field.removeprefix('imap_')}")


def _check_place(prefix: str, host: str, port: int, security: str) -> None:
    try:
        ascii_host(host)
    except HostNotFound as error:
        raise MailboxError(f"{prefix}host", "bad_host") from error
    if len(host) > 255:
        raise MailboxError(f"{prefix}host", "bad_host")
    if not 1 <= port <= 65535:
        raise MailboxError(f"{prefix}port", "bad_port")
    if security not in Mailbox.Security.values:
        raise MailboxError(f"{prefix}security", "bad_security")
