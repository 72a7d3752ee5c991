"""Wakes a worker for a mailbox; the ledger itself is the queue, so waking once too often does no harm."""

from __future__ import annotations

from datetime import datetime

from overture.jobs.task import enqueue


def wake_later(mailbox_id: int, at: datetime | None = None) -> None:
    """When the transaction commits, or at a later time. A wake at another time is another job."""
    from overture.delivery.jobs import send_due

    moment = f"-{at:%Y%m%dT%H%M%S}" if at else ""
    enqueue(send_due, once=f"send-{mailbox_id}{moment}", at=at, mailbox_id=mailbox_id)
