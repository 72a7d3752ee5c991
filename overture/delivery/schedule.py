"""Begins at a chosen moment what was approved for it; what missed its moment by long waits for a person."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models.functions import Now

from overture.accounts.models import Membership
from overture.activity.record import record
from overture.delivery.attached import blocked, files_of
from overture.delivery.errors import DraftError, NotNow
from overture.delivery.models import Delivery, Mailing
from overture.delivery.steer import steered
from overture.delivery.wake import wake_later
from overture.lib.database_time import database_now
from overture.mailboxes.models import Mailbox
from overture.notices.notices import notify

FURTHEST = timedelta(days=366)
# A worker looks every three seconds: what begins later than this missed its moment, and the page says so.
LATE = timedelta(minutes=2)
# After that nobody knows whether it should still leave.
TOO_LATE = timedelta(hours=12)


def check_moment(at: datetime, now: datetime) -> None:
    """Raises DraftError: past, too_far."""
    if at <= now:
        raise DraftError("at", "past")
    if at > now + FURTHEST:
        raise DraftError("at", "too_far")


@transaction.atomic
def reschedule(member: Membership, mailing: Mailing, at: datetime | None, undo_seconds: int = 10) -> Mailing:
    """Another moment for what has not begun; None: at once, when `undo_seconds` have passed.

    Raises DraftError (past, too_far) and NotNow (over, not_scheduled, mailbox_disconnected, file_blocked).
    """
    mailing = steered(member, mailing)
    if mailing.state in (Mailing.State.CANCELLED, Mailing.State.DONE):
        raise NotNow("over")
    if not may_move(mailing):
        raise NotNow("not_scheduled")
    if mailing.mailbox is None or mailing.mailbox.state != Mailbox.State.CONNECTED:
        raise NotNow("mailbox_disconnected")
    if mailing.manifest and blocked(files_of(mailing.manifest)):
        raise NotNow("file_blocked")
    now = database_now()
    if at is not None:
        check_moment(at, now)
    mailing.state = Mailing.State.SCHEDULED if at else Mailing.State.SENDING
    mailing.scheduled_at = at
    mailing.starts_at = at or now + timedelta(seconds=undo_seconds)
    mailing.reason, mailing.reason_words, mailing.reason_facts = "", "", {}
    mailing.save()
    told = at.isoformat() if at else "now"
    record("mailing_rescheduled", mailing.workspace_id, member, mailing_id=mailing.pk, at=told)
    if not at:
        wake_later(mailing.mailbox.pk, mailing.starts_at)
    return mailing


def may_move(mailing: Mailing) -> bool:
    """Whether its moment can still be chosen: it waits for it, or stopped before anything of it was tried."""
    if mailing.state == Mailing.State.SCHEDULED:
        return True
    if mailing.state != Mailing.State.PAUSED or mailing.scheduled_at is None:
        return False
    return not Delivery.objects.filter(mailing=mailing, first_tried_at__isnull=False).exists()


def begin_scheduled() -> int:
    """Begins what is due, or holds what is due since too long; answers how many of both."""
    due = Mailing.objects.filter(state=Mailing.State.SCHEDULED, starts_at__lte=Now())
    return sum(_begin(number) for number in due.order_by("starts_at", "pk").values_list("pk", flat=True))


@transaction.atomic
def _begin(number: int) -> bool:
    rows = Mailing.objects.select_for_update(of=("self",), no_key=True).select_related("approved_by")
    mailing = rows.filter(pk=number, state=Mailing.State.SCHEDULED, starts_at__lte=Now()).first()
    if mailing is None or mailing.starts_at is None:
        return False
    now = database_now()
    late = now - mailing.starts_at
    if late > TOO_LATE:
        _hold(mailing)
        return True
    mailing.state = Mailing.State.SENDING
    mailing.starts_at = now if late > LATE else mailing.starts_at
    mailing.save(update_fields=["state", "starts_at", "updated_at"])
    seconds = int(late.total_seconds())
    record("mailing_begun", mailing.workspace_id, mailing_id=mailing.pk, late_seconds=seconds)
    return True


def _hold(mailing: Mailing) -> None:
    mailing.state, mailing.reason, mailing.reason_words = Mailing.State.PAUSED, "schedule_missed", ""
    mailing.reason_facts = {"planned": mailing.starts_at.isoformat()} if mailing.starts_at else {}
    mailing.save(update_fields=["state", "reason", "reason_words", "reason_facts", "updated_at"])
    record("mailing_stopped", mailing.workspace_id, mailing_id=mailing.pk, reason="schedule_missed")
    if mailing.approved_by:
        facts = {"mailing": mailing.pk, "subject": mailing.subject[:200]}
        notify(mailing.approved_by, "schedule_missed", **facts)
