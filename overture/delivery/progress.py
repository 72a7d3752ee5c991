"""Where a mailing stands: counts by state and skip code, speed, when it will be done, and why it waits."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from overture.delivery.forecast import finishes_at
from overture.delivery.models import OPEN_STATES, Delivery, Mailing
from overture.delivery.schedule import LATE
from overture.jobs.alive import worker_is_alive

CAME_BACK = ("replied", "delivered", "bounced", "complained", "opted_out")


def counts(mailing: Mailing) -> dict[str, int]:
    """Deliveries in each of the eight states; their sum is what was planned."""
    found = Delivery.objects.filter(mailing=mailing).values_list("state").annotate(n=Count("pk")).order_by()
    return dict.fromkeys(Delivery.State.values, 0) | dict(found)


def reasons(mailing: Mailing, state: str = Delivery.State.SKIPPED) -> dict[str, int]:
    """Deliveries of one state by reason code, most first."""
    rows = Delivery.objects.filter(mailing=mailing, state=state)
    return dict(rows.values_list("reason").annotate(n=Count("pk")).order_by("-n", "reason"))


def came_back(mailing: Mailing) -> dict[str, int]:
    """How many, since they left, replied, are known to be delivered, bounced, complained, opted out."""
    named = {name: Count("pk", filter=Q(**{f"{name}_at__isnull": False})) for name in CAME_BACK}
    found: dict[str, int] = Delivery.objects.filter(mailing=mailing).aggregate(**named)
    return found


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
    start = mailing.starts_at if mailing.state == Mailing.State.SCHEDULED else None
    left = Delivery.objects.filter(mailing=mailing, state__in=OPEN_STATES).count()
    return finishes_at(mailing.mailbox, left, mailing, start)


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
        "planned": told_at(mailing, parse_datetime(str(facts.get("planned", "")))),
        "file": facts.get("file", ""),
        "files": ", ".join(facts.get("files", [])),
    }
    sentence = _sentences().get(mailing.reason)
    if sentence:
        return sentence % given
    return _waits_for_worker(mailing) or _waits_for_its_time(mailing)


def began_late(mailing: Mailing) -> str:
    """A sentence for what began after the moment chosen for it; empty for all else."""
    if mailing.scheduled_at is None or mailing.starts_at is None or mailing.state == Mailing.State.SCHEDULED:
        return ""
    if mailing.starts_at - mailing.scheduled_at < LATE:
        return ""
    told = {
        "planned": told_at(mailing, mailing.scheduled_at),
        "began": told_at(mailing, mailing.starts_at),
    }
    return _("Planned for %(planned)s; began on %(began)s, because no worker was running before.") % told


def told_at(mailing: Mailing, moment: datetime | None) -> str:
    """ "Thursday 26 November, 10:40 (Europe/Paris)", in the zone in which it was chosen."""
    if moment is None:
        return ""
    zone = mailing.mailbox.time_zone if mailing.mailbox else mailing.workspace.time_zone
    local = moment.astimezone(ZoneInfo(zone))
    is_this_year = local.year == timezone.now().astimezone(ZoneInfo(zone)).year
    day = date_format(local, "l j F" if is_this_year else "l j F Y", use_l10n=False)
    return _("%(day)s, %(time)s (%(zone)s)") % {
        "day": day,
        "time": date_format(local, "H:i", use_l10n=False),
        "zone": zone,
    }


def _waits_for_its_time(mailing: Mailing) -> str:
    if mailing.state != Mailing.State.SCHEDULED:
        return ""
    return _("Starts on %(moment)s.") % {"moment": told_at(mailing, mailing.starts_at)}


def _waits_for_worker(mailing: Mailing) -> str:
    is_waiting = mailing.state in (Mailing.State.SENDING, Mailing.State.SCHEDULED)
    is_due = is_waiting and mailing.starts_at and mailing.starts_at <= timezone.now()
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
        "mailbox_reconnect": _(
            "The mailbox has to be signed in again at its provider; this goes on by itself then."
        ),
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
        "schedule_missed": _(
            "Planned for %(planned)s, but no worker was running, and more than 12 hours have passed since: "
            "nothing was sent. Send it anyway, choose another time, or cancel."
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
