"""Template tags of the lists of prospects: when something happened, and what it was."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django import template
from django.template.loader import select_template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from overture.activity.models import Activity
from overture.prospects.models import Stage
from overture.web.prospect_rows import Happened

register = template.Library()


@register.filter
def ago(at: datetime | None) -> str:
    """`12 min ago`, `3 h ago`, `Yesterday`, then the day; the year when it is another one."""
    if at is None:
        return ""
    now = timezone.now()
    minutes = int((now - at) / timedelta(minutes=1))
    if minutes < 1:
        return _("just now")
    if minutes < 60:
        return _("%(count)d min ago") % {"count": minutes}
    if minutes < 18 * 60:
        return _("%(count)d h ago") % {"count": minutes // 60}
    here, today = timezone.localtime(at).date(), timezone.localdate()
    if here >= today - timedelta(days=1):
        return _("Yesterday")
    return short_day(here, today)


@register.filter
def short_day(day: date | None, today: date | None = None) -> str:
    """`20 Nov`, in French `20 nov.`; with the year when it is another than that of `today`; "" for None."""
    if day is None:
        return ""
    is_this_year = today is not None and day.year == today.year
    return date_format(day, pgettext("date", "j M") if is_this_year else pgettext("date", "j M Y"))


@register.simple_tag
def told(activity: Activity) -> SafeString:
    """The wording of an activity: templates/activity/<verb>.html, in the language of the page."""
    names = [f"activity/{activity.verb}.html", "activity/other.html"]
    text = select_template(names).render({"activity": activity, "facts": activity.facts})
    return mark_safe(" ".join(text.split()))  # noqa: S308  # rendered by a template, which escapes


@register.simple_tag
def happened(last: Happened) -> SafeString | str:
    """What happened last, in one line; nothing where only the time is known."""
    if last.activity is not None:
        return told(last.activity)
    if last.subject:
        return _("Sent “%(subject)s”") % {"subject": last.subject}
    return _("Added")


@register.filter
def bare_site(website: str) -> str:
    """`https://www.hus.example/` as people say it: `hus.example`."""
    return website.removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/")


@register.filter
def first_word(name: object) -> str:
    return str(name).split("@")[0].split()[0] if str(name).split("@")[0].split() else str(name)


@register.filter
def site_link(website: str) -> str:
    """A website as a link; never a scheme other than http and https."""
    return website if website.startswith(("https://", "http://")) else f"https://{website}"


@register.filter
def stage_label(name: str) -> str:
    """The word for a stage; itself for one that is not known any more."""
    return str(Stage(name).label) if name in Stage.values else name
