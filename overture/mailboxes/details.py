"""What a member says about a mailbox, checked."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import available_timezones

from overture.lib import addresses
from overture.lib.safe_net import HostNotFound, ascii_host
from overture.mailboxes.models import Mailbox

LARGEST_LIMIT = 2_147_483_647


class MailboxError(ValueError):
    """A field that cannot stand, by name, and a code: bad_address, bad_host, bad_port, bad_security,
    bad_username, bad_password, password_again, bad_sender_name, bad_limit, bad_time_zone."""

    def __init__(self, field: str, code: str) -> None:
        super().__init__(f"{field}: {code}")
        self.field, self.code = field, code


@dataclass(frozen=True)
class Details:
    """`password` None keeps the one there is. An empty `username`: no AUTH. Limits count e-mails."""

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
    try:
        ascii_host(details.host)
    except HostNotFound as error:
        raise MailboxError("host", "bad_host") from error
    if len(details.host) > 255:
        raise MailboxError("host", "bad_host")
    if not 1 <= details.port <= 65535:
        raise MailboxError("port", "bad_port")
    if details.security not in Mailbox.Security.values:
        raise MailboxError("security", "bad_security")
    for field, longest in (("username", 320), ("sender_name", 120), ("password", 1000)):
        text = getattr(details, field) or ""
        # A line end or NUL would end the command or the header that carries it.
        if len(text) > longest or any(letter < " " or letter == "\x7f" for letter in text):
            raise MailboxError(field, f"bad_{field}")
