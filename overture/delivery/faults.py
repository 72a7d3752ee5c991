"""A mailbox that cannot send now backs off, or is disconnected and its mailings paused; it says why."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from overture.activity.record import record
from overture.delivery.finish import explain
from overture.delivery.models import Mailing
from overture.delivery.wake import wake_later
from overture.mailboxes.models import Mailbox
from overture.mailboxes.providers import SendError
from overture.mailboxes.tell import tell_reconnect

# The provider gives no tokens any more, or its server takes none of them.
_GRANT_OVER = ("grant_refused", "token_refused")
FIRST, LONGEST = timedelta(seconds=30), timedelta(hours=1)


def give_up(mailbox_id: int, error: SendError) -> None:
    """Until somebody mends it, or for a while."""
    disconnect(mailbox_id, error) if error.permanent else back_off(mailbox_id, error)


@transaction.atomic
def back_off(mailbox_id: int, error: SendError) -> None:
    """No row is to blame: they are queued again, and the mailbox tries later, each time a little later."""
    mailbox = Mailbox.objects.select_for_update().get(pk=mailbox_id)
    pause = min(FIRST * 2 ** min(mailbox.backoff_count, 10), LONGEST)
    until = timezone.now() + max(pause, timedelta(seconds=error.retry_after or 0))
    Mailbox.objects.filter(pk=mailbox_id).update(
        backoff_until=until,
        backoff_count=F("backoff_count") + (1 if mailbox.backoff_count < 30_000 else 0),
        reason=error.code,
        reason_words=error.reply[:500],
    )
    explain(_sending(mailbox_id), "mailbox_backs_off", error.reply, code=error.code, until=until.isoformat())
    wake_later(mailbox_id, until)


@transaction.atomic
def disconnect(mailbox_id: int, error: SendError) -> None:
    """Somebody has to mend it: what it was sending is paused until a member resumes it.

    Where its provider withdrew the grant, its owner is told, and to sign in again resumes by itself.
    """
    mailbox = Mailbox.objects.select_for_update().get(pk=mailbox_id)
    is_over = bool(mailbox.provider) and error.code in _GRANT_OVER
    was_over = mailbox.state == Mailbox.State.RECONNECT
    Mailbox.objects.filter(pk=mailbox_id).update(
        state=Mailbox.State.RECONNECT if is_over else Mailbox.State.DISCONNECTED,
        reason=error.code,
        reason_words=error.reply[:500],
    )
    if is_over and not was_over:
        tell_reconnect(mailbox)
    paused = Mailing.objects.select_for_update(no_key=True).filter(
        mailbox_id=mailbox_id, state=Mailing.State.SENDING
    )
    for mailing in paused:
        mailing.state = Mailing.State.PAUSED
        mailing.reason = "mailbox_reconnect" if is_over else "mailbox_disconnected"
        mailing.reason_words, mailing.reason_facts = error.reply[:500], {"code": error.code}
        mailing.save(update_fields=["state", "reason", "reason_words", "reason_facts", "updated_at"])
    record(
        "mailbox_disconnected",
        mailbox.workspace_id,
        mailbox=mailbox_id,
        code=error.code,
        words=error.reply[:500],
    )


def recover(mailbox_id: int) -> None:
    """It sends again."""
    Mailbox.objects.filter(pk=mailbox_id, backoff_count__gt=0).update(
        backoff_until=None, backoff_count=0, reason="", reason_words=""
    )


def backs_off_until(mailbox: Mailbox) -> datetime | None:
    return mailbox.backoff_until if mailbox.backoff_until and mailbox.backoff_until > timezone.now() else None


def _sending(mailbox_id: int) -> list[int]:
    return list(
        Mailing.objects.filter(mailbox_id=mailbox_id, state=Mailing.State.SENDING).values_list(
            "pk", flat=True
        )
    )
