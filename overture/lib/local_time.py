"""What a clock on a wall shows, as a moment: forward it skips an hour, going back it shows one twice."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo


class NoSuchTime(ValueError):
    """The clocks skip it that day."""


class TwiceThatDay(ValueError):
    """The clocks show it twice: at `first` and at `second`, each with its offset."""

    def __init__(self, first: datetime, second: datetime) -> None:
        super().__init__(f"{first} or {second}")
        self.first, self.second = first, second


def moment_of(wall: datetime, zone: str, which: int | None = None) -> datetime:
    """The moment, in UTC, at which a clock in `zone` shows `wall` (without a zone); `which` of two: 0 or 1.

    Raises NoSuchTime, and TwiceThatDay where `which` is not said.
    """
    moments = [wall.replace(tzinfo=ZoneInfo(zone), fold=fold) for fold in (0, 1)]
    if any(_shown(moment) != wall for moment in moments):
        raise NoSuchTime(f"{wall} in {zone}")
    first, second = moments
    if first.utcoffset() == second.utcoffset():
        return first.astimezone(UTC)
    if which is None:
        raise TwiceThatDay(first, second)
    return moments[which].astimezone(UTC)


def _shown(moment: datetime) -> datetime:
    """What the clock shows at that moment: there and back through UTC."""
    return moment.astimezone(UTC).astimezone(moment.tzinfo).replace(tzinfo=None, fold=0)
