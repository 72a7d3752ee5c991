"""Ends leases that nobody holds any more: by the journals of dead workers on this host, then by the clock."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models.functions import Now

from overture.delivery.alone import take_from_holder, take_from_stopped
from overture.delivery.by_index import by_index
from overture.delivery.journal import DeadJournal, Journal
from overture.delivery.journal import Lease as Noted
from overture.delivery.models import Lease
from overture.delivery.sending import journal_folder
from overture.delivery.settle import Told, release, settle

# Each is looked at once: of a large mailing, hundreds wait for what follows from them (follow_up.py).
_ENDED = """
    SELECT l.id, l.mailbox_id, l.deliveries FROM overture_lease l
    WHERE NOT l.has_ended AND NOT l.has_expired AND l.until < clock_timestamp()
    ORDER BY l.id FOR UPDATE SKIP LOCKED
"""
_HELD = """
    SELECT d.id FROM overture_delivery d
    WHERE d.id = ANY(%s) AND d.lease = %s AND d.state = 'sending' ORDER BY d.id
"""
# A journal may come back with its host after days.
KEPT = timedelta(days=30)


def expire() -> int:
    """How many left the state `sending`. Journals speak first: they may prove better than unknown."""
    count = replay() + _expire_leases()
    take_from_stopped()
    return count


def replay() -> int:
    """Settles what dead workers of this host had written down."""
    count = 0
    for journal in Journal.dead(journal_folder()):
        try:
            count += _settle_journal(journal)
            journal.remove()
        finally:
            journal.release()
    return count


def forget_leases() -> int:
    """Those so old that nobody comes back with them."""
    return int(Lease.objects.filter(has_ended=True, until__lt=Now() - KEPT).delete()[0])


def _settle_journal(journal: DeadJournal) -> int:
    return sum(
        _settle_lease(UUID(lease), found, journal.is_complete) for lease, found in journal.leases.items()
    )


def _settle_lease(lease: UUID, found: Noted, is_complete: bool) -> int:
    told = [
        Told(int(number), lease, answer.kind, answer.code, answer.reply)
        for number, answer in found.answered.items()
    ]
    told += [Told(int(number), lease, "unknown", "worker_died", "") for number in found.unknown]
    count = settle(told)
    # Silence is proof only in a journal of which nothing is missing; else the clock decides.
    if is_complete:
        count += release(lease, [int(number) for number in found.begun])
    return count


def _expire_leases() -> int:
    count = 0
    with transaction.atomic(), by_index(), connection.cursor() as cursor:
        cursor.execute(_ENDED)
        ended = cursor.fetchall()
        for lease, mailbox_id, deliveries in ended:
            cursor.execute(_HELD, [deliveries, lease])
            told = [Told(number, lease, "unknown", "lease_expired", "") for (number,) in cursor.fetchall()]
            if told:
                take_from_holder(mailbox_id)
                count += settle(told)
        Lease.objects.filter(pk__in=[lease for lease, _, _ in ended]).update(has_expired=True)
    return count
