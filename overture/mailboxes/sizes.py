"""How large a message a mailbox's server takes: what its provider says, and what it said itself at EHLO."""

from __future__ import annotations

from overture.mailboxes.models import Mailbox

_MB = 1024 * 1024
# What providers say of a whole message, by the end of the server's name. Some take more at first and send it
# back later, or nobody else takes it.
_LARGEST = {
    "gmail.com": 25 * _MB,
    "googlemail.com": 25 * _MB,
    "office365.com": 20 * _MB,
    "outlook.com": 20 * _MB,
    "hotmail.com": 20 * _MB,
    "me.com": 20 * _MB,
    "yahoo.com": 25 * _MB,
    "zoho.com": 20 * _MB,
    "zoho.eu": 20 * _MB,
}


def largest_message(mailbox: Mailbox) -> int | None:
    """In bytes, files as they travel (a third larger); None where nobody said."""
    host = mailbox.host.lower()
    said = next((size for name, size in _LARGEST.items() if host == name or host.endswith(f".{name}")), None)
    known = [size for size in (said, mailbox.largest_message) if size]
    return min(known) if known else None


def note_largest(mailbox_id: int, size: int) -> None:
    """What the server said at EHLO; 0: nothing, and what it said before stands no more."""
    Mailbox.objects.filter(pk=mailbox_id).exclude(largest_message=size).update(largest_message=size)
