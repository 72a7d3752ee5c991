"""Wakes a worker for a mailbox, and keeps mailings moving."""

from __future__ import annotations

from django.db import connection
from django.db.models import BigIntegerField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from procrastinate import JobContext

from overture.delivery.attached import HELD, hold
from overture.delivery.expire import expire, forget_leases
from overture.delivery.finish import finish
from overture.delivery.follow_up import follow_up
from overture.delivery.grants import renew_ending
from overture.delivery.hold import hold_without_mailbox
from overture.delivery.models import Mailing
from overture.delivery.queue import IS_DUE
from overture.delivery.restored import check
from overture.delivery.schedule import begin_scheduled
from overture.delivery.sending import send_mailbox
from overture.delivery.spike import stop_spikes
from overture.delivery.wake import wake_later
from overture.jobs.task import periodic, task
from overture.mailboxes import limits
from overture.prospects.forget_selections import forget_selections
from overture.prospects.models import Selection

_AWAKE = f"""
    SELECT b.id FROM overture_mailbox b
    WHERE b.state = 'connected' AND b.removed_at IS NULL
      AND (b.backoff_until IS NULL OR b.backoff_until <= now())
      AND EXISTS (SELECT FROM overture_mailing m WHERE m.mailbox_id = b.id AND m.state = 'sending'
          AND m.starts_at <= now() AND {IS_DUE} AND NOT {HELD})
"""  # noqa: S608


@task(queue="sending", retry=False, with_context=True)
def send_due(context: JobContext, mailbox_id: int) -> None:
    """Not tried again by itself: `keep_moving` wakes what is still due."""
    send_mailbox(mailbox_id, context.should_abort)


@periodic("* * * * * */3")
def keep_moving(timestamp: int) -> None:
    """Ends dead leases, wakes mailboxes with something due, closes what is over: no wake is relied on."""
    if not check():
        return
    expire()
    begin_scheduled()
    hold()
    hold_without_mailbox()
    stop_spikes()
    with connection.cursor() as cursor:
        cursor.execute(_AWAKE)
        mailboxes = [row[0] for row in cursor.fetchall()]
    for mailbox_id in mailboxes:
        wake_later(mailbox_id)
    follow_up(seconds=0.5)
    finish()


@periodic("* * * * *")
def renew_tokens(timestamp: int) -> None:
    renew_ending()


@periodic("11 * * * *")
def fold_limits(timestamp: int) -> None:
    limits.fold()


@periodic("17 3 * * *")
def forget_old_leases(timestamp: int) -> None:
    forget_leases()


@periodic("29 3 * * *")
def forget_old_selections(timestamp: int) -> None:
    """Here, because prospects cannot know which selections a mailing still needs."""
    number = Cast(KeyTextTransform("selection", "audience"), BigIntegerField())
    used = Mailing.objects.filter(audience__has_key="selection").annotate(number=number).values("number")
    forget_selections(Selection.objects.filter(pk__in=used))
