"""How much of its daily limit each mailbox has used: the day is that of its own time zone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q, Sum
from django.utils import timezone

from overture.mailboxes.limits import Limits
from overture.mailboxes.models import Mailbox, SendingCount


def used_today(mailboxes: Sequence[Mailbox], now: datetime | None = None) -> dict[int, int]:
    """E-mails claimed today by mailbox number, in one query; an address counts across workspaces."""
    if not mailboxes:
        return {}
    now = now or timezone.now()
    counts = {
        f"m{mailbox.pk}": Sum(
            "count", filter=Q(address_key=mailbox.address_key, second__gte=_day(mailbox, now)), default=0
        )
        for mailbox in mailboxes
    }
    keys = {mailbox.address_key for mailbox in mailboxes}
    earliest = min(_day(mailbox, now) for mailbox in mailboxes)
    sums = SendingCount.objects.filter(address_key__in=keys, second__gte=earliest).aggregate(**counts)
    return {mailbox.pk: sums[f"m{mailbox.pk}"] for mailbox in mailboxes}


def _day(mailbox: Mailbox, now: datetime) -> datetime:
    return Limits.of(mailbox).day(now)
