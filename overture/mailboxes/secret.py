"""Passwords of a mailbox: encrypted at rest, bound to row and use, so that none can be moved to another."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings
from django.db import models

from overture.lib.secrets import Ring
from overture.mailboxes.models import Mailbox, MailboxGrant, MailboxRelay

# Columns with secrets, the column with the mailbox's number, and what the purpose is called.
_COLUMNS: tuple[tuple[type[models.Model], str, str, str], ...] = (
    (Mailbox, "secret", "pk", ""),
    (Mailbox, "imap_secret", "pk", "imap"),
    (Mailbox, "dkim_key", "pk", "dkim"),
    (MailboxGrant, "refresh_token", "mailbox_id", "refresh"),
    (MailboxGrant, "access_token", "mailbox_id", "access"),
    (MailboxRelay, "api_key", "mailbox_id", "relay"),
    (MailboxRelay, "signing_key", "mailbox_id", "relay-signing"),
    (MailboxRelay, "hook_secret", "mailbox_id", "relay-hook"),
)


def sealed(mailbox: Mailbox, password: str, use: str = "") -> str:
    """What the column holds; empty for an empty password. The mailbox must have its number.

    `use`: empty for sending, `imap`, or `dkim`, `refresh` and `access` for tokens, or those of a relay.
    """
    return ring().encrypt(password, _purpose(mailbox.pk, use)) if password else ""


def opened(mailbox: Mailbox, token: str, use: str = "") -> str:
    """Raises lib.secrets.SecretError when the key it was encrypted with is not in the ring."""
    return ring().decrypt(token, _purpose(mailbox.pk, use)) if token else ""


def password_of(mailbox: Mailbox) -> str:
    """The one to send with. Raises lib.secrets.SecretError."""
    return opened(mailbox, mailbox.secret)


def imap_password_of(mailbox: Mailbox) -> str:
    """The one to read with: its own, else that of sending. Raises lib.secrets.SecretError."""
    return opened(mailbox, mailbox.imap_secret, "imap") or password_of(mailbox)


def rotate() -> int:
    """Encrypts with the first key what an older one holds; answers how many. Raises SecretError."""
    return sum(_rotate(*column) for column in _COLUMNS)


def _rotate(model: type[models.Model], column: str, number: str, use: str) -> int:
    keys, count = ring(), 0
    rows = model._default_manager.exclude(**{column: ""})
    for pk, mailbox_id, token in rows.values_list("pk", number, column).iterator():
        if keys.needs_rotation(token):
            renewed = keys.rotate(token, _purpose(mailbox_id, use))
            # One changed meanwhile is newer than what was read here.
            count += rows.filter(pk=pk, **{column: token}).update(**{column: renewed})
    return count


def ring() -> Ring:
    return _parsed(settings.ENCRYPTION_KEYS)


@lru_cache(maxsize=4)
def _parsed(keys: str) -> Ring:
    return Ring.parse(keys)


def _purpose(mailbox_id: int, use: str) -> str:
    return f"mailbox:{mailbox_id}:{use}" if use else f"mailbox:{mailbox_id}"
