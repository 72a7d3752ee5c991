"""The password of a mailbox: encrypted at rest, bound to its row so that it cannot be moved to another."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings

from overture.lib.secrets import Ring
from overture.mailboxes.models import Mailbox


def sealed(mailbox: Mailbox, password: str) -> str:
    """What the column `secret` holds; empty for an empty password. The mailbox must have its number."""
    return ring().encrypt(password, _purpose(mailbox)) if password else ""


def password_of(mailbox: Mailbox) -> str:
    """Raises lib.secrets.SecretError when the key it was encrypted with is not in the ring."""
    return ring().decrypt(mailbox.secret, _purpose(mailbox)) if mailbox.secret else ""


def rotate() -> int:
    """Encrypts with the first key what an older one holds; answers how many. Raises SecretError."""
    keys, count = ring(), 0
    for mailbox in Mailbox.objects.exclude(secret="").only("pk", "secret").iterator():
        if keys.needs_rotation(mailbox.secret):
            renewed = keys.rotate(mailbox.secret, _purpose(mailbox))
            # A password changed meanwhile is newer than what was read here.
            count += Mailbox.objects.filter(pk=mailbox.pk, secret=mailbox.secret).update(secret=renewed)
    return count


def ring() -> Ring:
    return _parsed(settings.ENCRYPTION_KEYS)


@lru_cache(maxsize=4)
def _parsed(keys: str) -> Ring:
    return Ring.parse(keys)


def _purpose(mailbox: Mailbox) -> str:
    return f"mailbox:{mailbox.pk}"
