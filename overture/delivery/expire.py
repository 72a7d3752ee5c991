"""Ends leases that nobody holds any more: by the journals of dead workers on this host, then by the clock."""

from __future__ import annotations

from uuid import UUID

from django.db import connection, transaction

from overture.delivery.by_index import by_index
from overture.delivery.journal import DeadJournal, Journal, Lease
from overture.delivery.sending import journal_folder, take_from_holder
from overture.delivery.settle import Told, release, settle


def expire() -> int:
    """How many left the state `sending`. Journals speak first: they may prove better than unknown."""
    return replay() + _expire_leases()


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


def _settle_journal(journal: DeadJournal) -> int:
    return sum(
        _settle_lease(UUID(lease), found, journal.is_complete) for lease, found in journal.leases.items()
    )


def _settle_lease(lease: UUID, found: Lease, is_complete: bool) -> int:
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
    with transaction.atomic(), by_index():
        with connection.cursor() as cursor:
            cursor.execute(
                """SELECT d.id, d.lease, m.mailbox_id
                FROM overture_delivery d JOIN overture_mailing m ON m.id = d.mailing_id
                WHERE d.state = 'sending' AND d.leased_until < clock_timestamp() FOR UPDATE OF d SKIP
                    LOCKED"""
            )
            rows = cursor.fetchall()
        for mailbox_id in {row[2] for row in rows}:
            take_from_holder(mailbox_id)
        return settle([Told(number, lease, "unknown", "lease_expired", "") for number, lease, _ in rows])
