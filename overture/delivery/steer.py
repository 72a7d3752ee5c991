"""Pause, resume, cancel, undo, answered when no claim can pass them; what a person says of an unknown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, models, transaction
from django.db.models import F
from django.db.models.functions import Coalesce, Now

from overture.accounts.access import require
from overture.accounts.models import Membership
from overture.accounts.roles import Permission
from overture.activity.record import record
from overture.delivery import queue
from overture.delivery.attached import blocked, files_of, pending, waiting_facts
from overture.delivery.draft import locked
from overture.delivery.errors import NotNow
from overture.delivery.models import Delivery, Mailing
from overture.delivery.settle import Told, settle
from overture.delivery.wake import wake_later
from overture.lib.steps import run
from overture.mailboxes.models import Mailbox
from overture.prospects import contact_policy

# After the end of a lease, before a person may say "send again": a server may still be working on it.
TOO_EARLY = timedelta(minutes=15)
_RUNNING = (Mailing.State.SENDING, Mailing.State.SCHEDULED)
_OVER = (Mailing.State.CANCELLED, Mailing.State.DONE)

# Claims hold the mailing's row FOR SHARE while they take deliveries: who holds it for update knows all that
# left.


@transaction.atomic
def pause(member: Membership, mailing: Mailing) -> int:
    """Nothing is claimed after this; answers how many were already leaving."""
    mailing = steered(member, mailing)
    if mailing.state not in _RUNNING:
        raise NotNow("over" if mailing.state in _OVER else "not_sending")
    _move(mailing, Mailing.State.PAUSED, "by_hand")
    record("mailing_paused", mailing.workspace_id, member, mailing_id=mailing.pk)
    return _leaving(mailing)


@transaction.atomic
def resume(member: Membership, mailing: Mailing) -> Mailing:
    mailing = steered(member, mailing)
    if mailing.state != Mailing.State.PAUSED:
        raise NotNow("over" if mailing.state in _OVER else "not_paused")
    if mailing.mailbox is None or mailing.mailbox.state != Mailbox.State.CONNECTED:
        raise NotNow("mailbox_disconnected")
    go_on(mailing, member)
    return mailing


def go_on(mailing: Mailing, member: Membership | None = None) -> None:
    """A paused one, locked, goes back to where it was; without a member, by itself. Raises NotNow."""
    files = files_of(mailing.manifest) if mailing.manifest else []
    if blocked(files):
        raise NotNow("file_blocked")
    is_scheduled = _is_scheduled(mailing)
    reason = "files_pending" if pending(files) and not is_scheduled else ""
    state = Mailing.State.SCHEDULED if is_scheduled else Mailing.State.SENDING
    _move(mailing, state, reason, waiting_facts(files) if reason else {})
    Mailing.objects.filter(pk=mailing.pk).update(watched_from=Now())
    record("mailing_resumed", mailing.workspace_id, member, mailing_id=mailing.pk)
    if mailing.mailbox_id:
        wake_later(mailing.mailbox_id)


@transaction.atomic
def cancel(member: Membership, mailing: Mailing) -> int:
    """What has not left never will; answers how many were already leaving."""
    mailing = steered(member, mailing)
    if mailing.state in _OVER or mailing.approved_at is None:
        raise NotNow("over" if mailing.state in _OVER else "not_sending")
    _move(mailing, Mailing.State.CANCELLED, "by_hand")
    cancel_rest(mailing.pk)
    record("mailing_cancelled", mailing.workspace_id, member, mailing_id=mailing.pk)
    return _leaving(mailing)


@transaction.atomic
def undo(member: Membership, mailing: Mailing) -> Mailing:
    """Before it begins: as if Send had not been pressed. Raises NotNow("too_late") after it."""
    mailing = steered(member, mailing)
    if mailing.state not in _RUNNING:
        raise NotNow("not_sending")
    if not Mailing.objects.filter(pk=mailing.pk, starts_at__gt=Now()).exists():
        raise NotNow("too_late")
    contact_policy.release(mailing.pk)
    queue.empty(mailing.pk)
    mailing.approved_by = mailing.approved_at = mailing.scheduled_at = mailing.starts_at = None
    mailing.save(update_fields=["approved_by", "approved_at", "scheduled_at", "starts_at"])
    _move(mailing, Mailing.State.PREPARED)
    record("mailing_undone", mailing.workspace_id, member, mailing_id=mailing.pk)
    return mailing


@transaction.atomic
def resolve_unknown(
    member: Membership, mailing: Mailing, *, left: bool, delivery_ids: Sequence[int] | None = None
) -> int:
    """A person has looked: `left`, or to be sent again (not before TOO_EARLY after the lease).

    Answers how many. Without `delivery_ids`: all unknown ones of the mailing.
    Raises NotNow: not_unknown, too_early, over.
    """
    mailing = steered(member, mailing)
    rows = Delivery.objects.filter(mailing=mailing, state=Delivery.State.UNKNOWN)
    if delivery_ids is not None:
        rows = rows.filter(pk__in=delivery_ids)
    if not rows.exists():
        raise NotNow("not_unknown")
    count = _it_left(rows) if left else _send_again(mailing, rows)
    verb = "unknown_left" if left else "unknown_sent_again"
    record(verb, mailing.workspace_id, member, mailing_id=mailing.pk, count=count)
    return count


def again_from(row: Delivery) -> datetime | None:
    """When a person may have an unknown one sent again; None where it is not unknown."""
    if row.state != Delivery.State.UNKNOWN:
        return None
    return (row.leased_until or row.changed_at) + TOO_EARLY


def first_again_from(mailing: Mailing) -> datetime | None:
    """When the first of its unknown ones may be sent again."""
    rows = Delivery.objects.filter(mailing=mailing, state=Delivery.State.UNKNOWN)
    first = rows.order_by(F("leased_until").asc(nulls_first=True)).first()
    return again_from(first) if first else None


def cancel_rest(mailing_id: int) -> None:
    """Queued and deferred deliveries of a cancelled mailing, and the contact planned with their partners."""
    with connection.cursor() as cursor:
        cursor.execute(
            """WITH cancelled AS (
                UPDATE overture_delivery SET state = 'cancelled', reason = 'by_hand', due_at = NULL,
                    changed_at = now()
                WHERE mailing_id = %(mailing)s AND state IN ('queued', 'deferred') RETURNING partner_id
            ), off_queue AS (
                DELETE FROM overture_queued WHERE mailing_id = %(mailing)s
            )
            DELETE FROM overture_contacted c USING cancelled
            WHERE c.mailing_number = %(mailing)s AND c.partner_id = cancelled.partner_id AND c.done_at IS
                NULL""",
            {"mailing": mailing_id},
        )


def _it_left(rows: models.QuerySet[Delivery]) -> int:
    return settle([Told(pk, lease, "sent", "by_hand", "") for pk, lease in rows.values_list("pk", "lease")])


def _send_again(mailing: Mailing, rows: models.QuerySet[Delivery]) -> int:
    if mailing.state == Mailing.State.CANCELLED:
        raise NotNow("over")
    ripe = rows.annotate(until=Coalesce("leased_until", "changed_at")).filter(until__lt=Now() - TOO_EARLY)
    # Locked, so that no late answer settles them meanwhile.
    numbers = list(ripe.select_for_update().values_list("pk", flat=True))
    if not numbers:
        raise NotNow("too_early")
    count = Delivery.objects.filter(pk__in=numbers).update(
        state=Delivery.State.QUEUED, reason="", lease=None, leased_until=None, due_at=Now(), changed_at=Now()
    )
    run(queue.queue_again(numbers))
    if mailing.state == Mailing.State.DONE:
        _move(mailing, Mailing.State.SENDING)
    if mailing.mailbox_id:
        wake_later(mailing.mailbox_id)
    return count


def _is_scheduled(mailing: Mailing) -> bool:
    """Whether the moment chosen for it is still to come."""
    return bool(mailing.scheduled_at and Mailing.objects.filter(pk=mailing.pk, starts_at__gt=Now()).exists())


def steered(member: Membership, mailing: Mailing) -> Mailing:
    """As it is now, locked, for who may steer it."""
    mailing = locked(member, mailing)
    require(member, Permission.EMAIL_ONE if mailing.is_single else Permission.EMAIL_MANY)
    return mailing


def _move(mailing: Mailing, state: str, reason: str = "", facts: dict[str, Any] | None = None) -> None:
    mailing.state, mailing.reason, mailing.reason_words, mailing.reason_facts = state, reason, "", facts or {}
    mailing.save(update_fields=["state", "reason", "reason_words", "reason_facts", "updated_at"])


def _leaving(mailing: Mailing) -> int:
    return Delivery.objects.filter(mailing=mailing, state=Delivery.State.SENDING).count()
