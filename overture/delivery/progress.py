"""Where a mailing stands: counts by state and skip code, speed, when it will be done, and why it waits."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from overture.delivery.forecast import finishes_at
from overture.delivery.models import OPEN_STATES, Delivery, Mailing
from overture.jobs.alive import worker_is_alive


def counts(mailing: Mailing) -> dict[str, int]:
    """Deliveries in each of the eight states; their sum is what was planned."""
    found = Delivery.objects.filter(mailing=mailing).values_list("state").annotate(n=Count("pk")).order_by()
    return dict.fromkeys(Delivery.State.values, 0) | dict(found)


def reasons(mailing: Mailing, state: str = Delivery.State.SKIPPED) -> dict[str, int]:
    """Deliveries of one state by reason code, most first."""
    rows = Delivery.objects.filter(mailing=mailing, state=state)
    return dict(rows.values_list("reason").annotate(n=Count("pk")).order_by("-n", "reason"))


def rate(mailing: Mailing) -> int:
    """E-mails sent in the last minute."""
    recent = Delivery.objects.filter(mailing=mailing, sent_at__gt=Now() - timedelta(minutes=1))
    return recent.count()


def forecast(mailing: Mailing) -> datetime | None:
    """When what is left will have left; None when nothing is, or nobody can say (paused, disconnected)."""
    if mailing.mailbox is None or mailing.state not in (Mailing.State.SENDING, Mailing.State.SCHEDULED):
        return None
    if mailing.reason == "files_pending":
        return None
    left = Delivery.objects.filter(mailing=mailing, state__in=OPEN_STATES).count()
    return finishes_at(mailing.mailbox, left, mailing)


def waits_because(mailing: Mailing) -> str:
    """A sentence in the reader's language; empty when nothing is in the way."""
    facts: dict[str, Any] = mailing.reason_facts
    until = parse_datetime(str(facts.get("until", "")))
    given = {
        "limit": facts.get("limit", ""),
        "until": _moment(until, mailing) if until else "",
        "bad": facts.get("bad", ""),
        "of": facts.get("of", ""),
        "words": mailing.reason_words or facts.get("code", ""),
        "file": facts.get("file", ""),
        "files": ", ".join(facts.get("files", [])),
    }
    sentence = _sentences().get(mailing.reason)
    if sentence:
        return sentence % given
    return _waits_for_worker(mailing)


def _waits_for_worker(mailing: Mailing) -> str:
    is_due = (
        mailing.state == Mailing.State.SENDING and mailing.starts_at and mailing.starts_at <= timezone.now()
    )
    if not is_due or worker_is_alive():
        return ""
    return _("No worker is running. Whoever runs Overture can start it: bin/overture worker.")


def _sentences() -> dict[str, str]:
    return {
        "minute_limit": _("Limit of %(limit)s a minute reached; goes on at %(until)s."),
        "hour_limit": _("Limit of %(limit)s an hour reached; goes on at %(until)s."),
        "daily_limit": _("Daily limit of %(limit)s reached; goes on %(until)s."),
        "mailbox_backs_off": _(
            "The mail server does not take e-mails now (%(words)s); next try at %(until)s."
        ),
        "mailbox_disconnected": _("Mailbox disconnected: %(words)s"),
        "mailbox_removed": _("The mailbox was removed: nothing more can leave from it."),
        "by_hand": _("Stopped by a member."),
        "files_pending": _("Waiting for the virus scan of %(files)s; begins by itself when it is clean."),
        "file_infected": _("A virus was found in %(file)s. Cancel, and send another email without it."),
        "file_unscannable": _(
            "%(file)s could not be scanned. Cancel, and send another email with a simpler copy."
        ),
        "file_gone": _("%(file)s is not here any more. Cancel, and send another email with it."),
        "too_many_refused": _(
            "Stopped by itself: %(bad)s of the last %(of)s were refused or came back. Look at the addresses "
            "before you resume."
        ),
        "too_many_complaints": _(
            "Stopped by itself: %(bad)s of the last %(of)s were reported as spam. Think about whom you write "
            "to before you resume."
        ),
        "restored": _(
            "The database was restored from a backup, which does not know what left since. Look in the "
            "mailbox’s Sent folder: resuming sends to everybody who is queued here."
        ),
        "worker_failed": _("Sending fails and is tried again: %(words)s"),
    }


def _moment(until: datetime, mailing: Mailing) -> str:
    """The time alone today, with the day otherwise; in the reader's time zone."""
    local = timezone.localtime(until)
    if local.date() == timezone.localdate():
        return date_format(local, "H:i:s" if mailing.reason == "minute_limit" else "H:i")
    return date_format(local, "j F, H:i")
