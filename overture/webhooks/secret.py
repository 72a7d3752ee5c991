"""What signs the calls of a webhook: made here, shown once, encrypted at rest and bound to its row."""

from __future__ import annotations

import os
from base64 import b64decode, b64encode
from datetime import timedelta
from functools import lru_cache

from django.conf import settings
from django.utils import timezone

from overture.lib.secrets import Ring
from overture.webhooks.models import Webhook

# Both the old and the new secret sign for so long after a change.
BOTH = timedelta(days=1)
_START = "whsec_"


def new_secret() -> str:
    """`whsec_` and base64 of 32 random bytes, as Standard Webhooks writes it."""
    return _START + b64encode(os.urandom(32)).decode()


def sealed(webhook: Webhook, secret: str) -> str:
    """What a column holds. The webhook must have its number."""
    return _ring(settings.ENCRYPTION_KEYS).encrypt(secret, _purpose(webhook.pk))


def keys_of(webhook: Webhook) -> list[bytes]:
    """The keys that sign now, the newest first. Raises lib.secrets.SecretError."""
    kept = [webhook.secret]
    if webhook.old_secret and webhook.old_secret_until and webhook.old_secret_until > timezone.now():
        kept.append(webhook.old_secret)
    ring = _ring(settings.ENCRYPTION_KEYS)
    return [b64decode(ring.decrypt(each, _purpose(webhook.pk)).removeprefix(_START)) for each in kept]


def rotate() -> int:
    """Encrypts with the first key what an older one holds; answers how many. Raises SecretError."""
    ring, count = _ring(settings.ENCRYPTION_KEYS), 0
    for column in ("secret", "old_secret"):
        for number, kept in Webhook.objects.exclude(**{column: ""}).values_list("pk", column):
            if ring.needs_rotation(kept):
                renewed = ring.rotate(kept, _purpose(number))
                # One changed meanwhile is newer than what was read here.
                count += Webhook.objects.filter(pk=number, **{column: kept}).update(**{column: renewed})
    return count


@lru_cache(maxsize=4)
def _ring(keys: str) -> Ring:
    return Ring.parse(keys)


def _purpose(number: int) -> str:
    return f"webhook:{number}"
