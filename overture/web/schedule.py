"""A date and time beside Send, read in the time zone that stands there: the mailbox's."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from overture.delivery.errors import DraftError
from overture.delivery.models import Mailing
from overture.delivery.progress import told_at
from overture.delivery.schedule import FURTHEST, may_move
from overture.lib.local_time import NoSuchTime, TwiceThatDay, moment_of
from overture.web.wording import when

# As browsers send it; those without such a field let people type it.
_WALL = re.compile(r"\s*(2[01]\d\d-\d\d-\d\d)[T ](\d\d:\d\d)(?::\d\d(?:\.\d+)?)?\s*", re.ASCII)


@dataclass(frozen=True)
class Chosen:
    """The field as it is shown. `twice`: (number, offset) of both moments where the clocks go back."""

    value: str
    zone: str
    least: str
    most: str
    error: str = ""
    twice: tuple[tuple[int, str], ...] = ()
    which: str = ""


class TimeError(ValueError):
    """What was typed is no moment to begin at; `chosen` is the field with the reason beside it."""

    def __init__(self, chosen: Chosen) -> None:
        super().__init__(chosen.error)
        self.chosen = chosen


def field(mailing: Mailing, value: str = "", **more: Any) -> Chosen:
    """The field for this mailing: tomorrow at nine unless a time was chosen before."""
    zone = _zone(mailing)
    now = timezone.now().astimezone(ZoneInfo(zone))
    chosen = mailing.scheduled_at.astimezone(now.tzinfo) if mailing.scheduled_at else None
    shown = value or _typed(chosen or (now + timedelta(days=1)).replace(hour=9, minute=0))
    return Chosen(shown, zone, _typed(now), _typed(now + FURTHEST), **more)


def read(mailing: Mailing, posted: Mapping[str, Any]) -> datetime:
    """The moment that was typed. Raises TimeError."""
    typed, zone = str(posted.get("at", ""))[:40], _zone(mailing)
    which = {"0": 0, "1": 1}.get(str(posted.get("which", "")))
    found = _WALL.fullmatch(typed)
    try:
        wall = datetime.fromisoformat(f"{found[1]}T{found[2]}") if found else None
    except ValueError:
        wall = None
    if wall is None:
        text = _("Enter a date and a time, such as %(example)s.")
        # What is no moment cannot be the value of such a field: it would be shown empty.
        raise TimeError(field(mailing, error=text % {"example": field(mailing).value.replace("T", " ")}))
    told = {"time": f"{wall:%H:%M}", "zone": zone}
    try:
        return moment_of(wall, zone, which)
    except NoSuchTime:
        text = _(
            "On this day the clocks go forward in %(zone)s, and %(time)s does not exist. Choose an earlier "
            "or a later time."
        )
        raise TimeError(field(mailing, typed, error=text % told)) from None
    except TwiceThatDay as both:
        text = _("On this day the clocks go back in %(zone)s, and %(time)s comes twice. Say which one.")
        offsets = ((0, _offset(both.first)), (1, _offset(both.second)))
        raise TimeError(field(mailing, typed, error=text % told, twice=offsets)) from None


def refused(mailing: Mailing, posted: Mapping[str, Any], error: DraftError) -> Chosen:
    """The field again, with why this moment cannot be."""
    if error.code == "past":
        now = when(timezone.now().astimezone(ZoneInfo(_zone(mailing))), with_day=True)
        text = _("This time has passed: it is %(now)s there.") % {"now": now}
    else:
        text = _("Choose a moment within a year from now.")
    return field(mailing, str(posted.get("at", ""))[:40], error=text)


def shown_schedule(mailing: Mailing, *, may_steer: bool, chosen: Chosen | None) -> dict[str, Any]:
    """For the page of a mailing whose time can still be chosen."""
    if not may_steer or not may_move(mailing):
        return {"when": None}
    is_held_by_hand = mailing.state == Mailing.State.PAUSED and mailing.reason != "schedule_missed"
    return {
        "when": chosen or field(mailing),
        "planned_for": told_at(mailing, mailing.scheduled_at) if is_held_by_hand else "",
    }


def _zone(mailing: Mailing) -> str:
    return mailing.mailbox.time_zone if mailing.mailbox else mailing.workspace.time_zone


def _typed(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M}"


def _offset(moment: datetime) -> str:
    """ "UTC+02:00": what tells two equal times apart."""
    return "UTC" + moment.isoformat()[-6:]
