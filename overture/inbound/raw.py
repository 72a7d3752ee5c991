"""The mail as it came, compressed and for some days: what was read wrongly can be read again."""

from __future__ import annotations

import gzip
from datetime import timedelta

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.utils import timezone

from overture.inbound.models import Mail

_AT_ONCE = 500


def keep_raw(mail: Mail, raw: bytes) -> str:
    """Where it is kept; empty where nothing is to be."""
    if settings.OVERTURE_RAW_MAIL_DAYS == 0:
        return ""
    # Beside the attachments, whose folders have names of two letters; never anything that a person wrote.
    name = f"mail/{mail.mailbox_id}/{mail.fingerprint[:2]}/{mail.fingerprint}.eml.gz"
    if not _storage().exists(name):
        _storage().save(name, ContentFile(gzip.compress(raw, compresslevel=6, mtime=0)))
    return name


def raw_of(mail: Mail) -> bytes | None:
    """None once its days are over."""
    if not mail.raw or not _storage().exists(mail.raw):
        return None
    with _storage().open(mail.raw) as file:
        return gzip.decompress(file.read())


def drop_raw(mail: Mail) -> None:
    if mail.raw:
        _storage().delete(mail.raw)


def forget_old() -> int:
    """How many went."""
    before = timezone.now() - timedelta(days=settings.OVERTURE_RAW_MAIL_DAYS)
    rows = list(Mail.objects.exclude(raw="").filter(created_at__lt=before)[:_AT_ONCE])
    for mail in rows:
        drop_raw(mail)
    Mail.objects.filter(pk__in=[mail.pk for mail in rows]).update(raw="")
    return len(rows)


def _storage() -> Storage:
    return storages["files"]
