"""Template tags of threads, for both sides: days, hours, who read, what happened."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from overture.conversations.thread import Entry, Receipt
from overture.templatetags.prospects import short_day, told

register = template.Library()


@register.filter
def at_hour(at: datetime, zone: str = "UTC") -> str:
    """`14:31` today, `Yesterday`, `20 Nov`, with the year when it is another one; in the reader's zone."""
    here, today = at.astimezone(ZoneInfo(zone)), timezone.now().astimezone(ZoneInfo(zone)).date()
    if here.date() == today:
        return f"{here:%H:%M}"
    if here.date() == today - timedelta(days=1):
        return _("Yesterday")
    return short_day(here.date(), today)


@register.filter
def clock(at: datetime) -> str:
    """`14:02` as it stands: Django's own filter would turn it back to the server's zone."""
    return f"{at:%H:%M}"


@register.filter
def day_words(at: datetime) -> str:
    """`Today`, `Yesterday`, `Tuesday 17 November`; `at` is in the reader's zone already."""
    today = timezone.now().astimezone(at.tzinfo).date()
    if at.date() == today:
        return _("Today")
    if at.date() == today - timedelta(days=1):
        return _("Yesterday")
    words = date_format(at.date(), "l j F" if at.year == today.year else "l j F Y")
    return words[:1].upper() + words[1:]


@register.filter
def unmarked(quoted: str) -> str:
    """One level of the marks of plain mails gone (RFC 3676, 4.5): the page shows otherwise what is quoted."""
    return re.sub(r"^>[ ]?", "", quoted, flags=re.MULTILINE)


@register.simple_tag
def receipts(read_by: Sequence[Receipt], at: datetime) -> str:
    """`Read by Camille, 14:02`; `at`, the message's moment, says the zone."""
    told_of = ", ".join(f"{each.name}, {_moment(each.at.astimezone(at.tzinfo), at)}" for each in read_by)
    return _("Read by %(who)s") % {"who": told_of}


@register.simple_tag
def thread_event(entry: Entry) -> SafeString | str:
    """What happened between the messages, and who did it."""
    if entry.event is None:
        return ""
    words = told(entry.event)
    return _("%(what)s, %(who)s") % {"what": words, "who": entry.who} if entry.who else words


@register.filter
def slash(path: str, more: str) -> str:
    """`/w/x/inbox/5` and `messages` as one path; nothing below nothing."""
    return f"{path}/{more}" if path else ""


def _moment(at: datetime, of: datetime) -> str:
    """The hour, and the day where it is another one than that of the message."""
    return f"{at:%H:%M}" if at.date() == of.date() else f"{short_day(at, of)} {at:%H:%M}"
