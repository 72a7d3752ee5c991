"""When a mailing will have left: its mailbox's limits, what they have seen today, and who else shares it."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count

from overture.delivery.models import OPEN_STATES, Delivery, Mailing
from overture.mailboxes import limits
from overture.mailboxes.limits import Limits, Room
from overture.mailboxes.models import Mailbox


def finishes_at(
    mailbox: Mailbox, count: int, mailing: Mailing | None = None, start: datetime | None = None
) -> datetime | None:
    """When the last of `count` e-mails leaves this mailbox; None when there are none, or beyond ten years.

    `start`: not before then.
    """
    if not count:
        return None
    bounds = Limits.of(mailbox)
    room = limits.room(mailbox.address_key, bounds)
    spent = limits.spent_today(mailbox.address_key, bounds)
    if start and start > room.now:
        spent = spent if bounds.day(start) == bounds.day(room.now) else 0
        room = Room(start, bounds.per_minute, bounds.per_minute)
    return limits.finish(bounds, room, spent, count + _beside(mailbox, count, mailing))


def _beside(mailbox: Mailbox, count: int, mailing: Mailing | None) -> int:
    """Of other mailings, that leave this address meanwhile: they share evenly, so each no more than this."""
    others = Delivery.objects.filter(
        mailing__mailbox__address_key=mailbox.address_key,
        mailing__state=Mailing.State.SENDING,
        state__in=OPEN_STATES,
    )
    if mailing is not None:
        others = others.exclude(mailing=mailing)
    return sum(min(row["n"], count) for row in others.values("mailing").annotate(n=Count("pk")).order_by())
