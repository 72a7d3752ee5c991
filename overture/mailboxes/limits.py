"""How many e-mails may leave from an address now: per minute and hour (sliding), per day in its time zone.

Counts belong to the address, in every workspace, and are taken under a lock on its row, by the clock of the
database. A row of SendingCount counts one second; older ones are folded into quarters of an hour.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Max

from overture.lib.steps import Steps, run
from overture.mailboxes.models import Mailbox, SendingCount

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
# A count covers a whole second, so it leaves the window one second later.
_BUCKET = timedelta(seconds=1)
_FORECAST_DAYS = 3660
# The clock is asked last: whoever had the address may have kept us waiting.
_LOCK = """
    INSERT INTO overture_sendingaddress (address_key) VALUES (%(key)s) ON CONFLICT DO NOTHING;
    SELECT FROM overture_sendingaddress WHERE address_key = %(key)s FOR UPDATE;
    SELECT clock_timestamp()
"""
Counts = tuple[int, int, int]
Oldest = list[datetime | None]


@dataclass(frozen=True)
class Limits:
    per_minute: int
    per_hour: int
    per_day: int
    time_zone: str

    @classmethod
    def of(cls, mailbox: Mailbox) -> Limits:
        return cls(mailbox.per_minute, mailbox.per_hour, mailbox.per_day, mailbox.time_zone)

    @property
    def kept_for_singles(self) -> int:
        """The share of a day that mailings to many leave to single e-mails."""
        return min(self.per_day // 20, 20)

    @property
    def is_wide(self) -> bool:
        """Whether speed, not courtesy, bounds it: then more connections pay."""
        return self.per_minute >= 1000

    def day(self, now: datetime) -> datetime:
        """When the day of `now` began."""
        return now.astimezone(ZoneInfo(self.time_zone)).replace(hour=0, minute=0, second=0, microsecond=0)

    def tomorrow(self, now: datetime) -> datetime:
        noon = self.day(now) + timedelta(hours=36)  # days of 23 or 25 hours included
        return noon.replace(hour=0)


@dataclass(frozen=True)
class Room:
    """What is left now, and when there is more. `code`: minute_limit, hour_limit or daily_limit."""

    now: datetime
    singles: int
    many: int
    code: str = ""
    limit: int = 0
    until: datetime | None = None


def lock_room(address_key: str, limits: Limits) -> Steps[Room]:
    """The room left, with the address locked until the transaction ends. READ COMMITTED is assumed."""
    ((now,),) = yield _LOCK, {"key": address_key}
    return _room(limits, now, *(yield from _spent(address_key, limits, now)))


def room(address_key: str, limits: Limits) -> Room:
    """The room left as far as one can see without a lock."""
    now, spent, oldest = _spent_now(address_key, limits)
    return _room(limits, now, spent, oldest)


def take(address_key: str, now: datetime, count: int) -> Steps[datetime]:
    """Counts e-mails about to leave; answers the second they are counted in, to give them back."""
    second = now.replace(microsecond=0)
    if count:
        yield (
            "INSERT INTO overture_sendingcount (address_key, second, count) VALUES (%s, %s, %s)"
            " ON CONFLICT (address_key, second)"
            " DO UPDATE SET count = overture_sendingcount.count + excluded.count",
            [address_key, second, count],
        )
    return second


def give_back(slots: Iterable[tuple[str, datetime, int]]) -> Steps[None]:
    """Returns slots (address key, second, count) of e-mails that never left."""
    for address_key, second, count in sorted(slots):
        yield (
            "UPDATE overture_sendingcount SET count = greatest(count - %s, 0)"
            " WHERE address_key = %s AND second = %s",
            [count, address_key, second],
        )


def fold() -> None:
    """Adds up what is older than any sliding window, so that a day is a few rows; forgets last week."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM overture_sendingcount WHERE second < now() - interval '7 days'")
        # A sum stands one microsecond behind its quarter, so that it is not added up again.
        cursor.execute(
            """WITH old AS (
                DELETE FROM overture_sendingcount
                WHERE second < now() - interval '2 hours' AND date_trunc('second', second) = second
                    RETURNING *
            )
            INSERT INTO overture_sendingcount (address_key, second, count)
            SELECT address_key, date_bin('15 minutes', second, 'epoch') + interval '1 microsecond', sum(count)
            FROM old GROUP BY 1, 2
            ON CONFLICT (address_key, second)
            DO UPDATE SET count = overture_sendingcount.count + excluded.count"""
        )


def finish(limits: Limits, room: Room, spent_today: int, count: int) -> datetime | None:
    """When `count` e-mails will have left, by limits alone; None beyond ten years."""
    at, left, last = room.now, count, room.now + timedelta(days=_FORECAST_DAYS)
    if room.until and room.many <= 0:
        at = room.until
    spent = spent_today if limits.day(at) == limits.day(room.now) else 0
    hourly = max(1, min(limits.per_hour, 60 * limits.per_minute))
    daily = max(1, limits.per_day - limits.kept_for_singles)
    while at < last:
        tomorrow = limits.tomorrow(at)
        hours = max(1, -int((at - tomorrow) // HOUR))
        today = min(left, max(0, daily - spent), hours * hourly)
        if today == left:
            return _within_day(limits, at, today, hourly)
        left, spent, at = left - today, 0, tomorrow
    return None


@dataclass(frozen=True)
class Used:
    minute: int
    hour: int
    day: int


def used(address_key: str, limits: Limits) -> Used:
    """How much of each limit is used now, as far as one can see without a lock."""
    return Used(*_spent_now(address_key, limits)[1])


def last_sent(address_key: str) -> datetime | None:
    """When an e-mail last left from the address, within the last week."""
    rows = SendingCount.objects.filter(address_key=address_key, count__gt=0)
    found: datetime | None = rows.aggregate(last=Max("second"))["last"]
    return found


def spent_today(address_key: str, limits: Limits) -> int:
    return _spent_now(address_key, limits)[1][2]


def _within_day(limits: Limits, at: datetime, count: int, hourly: int) -> datetime:
    full_hours, rest = divmod(max(count - 1, 0), hourly)
    return at + full_hours * HOUR + rest // limits.per_minute * MINUTE


def _spent_now(address_key: str, limits: Limits) -> tuple[datetime, Counts, Oldest]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (now,) = cursor.fetchone()
    return now, *run(_spent(address_key, limits, now))


def _spent(address_key: str, limits: Limits, now: datetime) -> Steps[tuple[Counts, Oldest]]:
    """The counts of minute, hour and day; the oldest second of the first two."""
    minute, hour, day = now - MINUTE - _BUCKET, now - HOUR - _BUCKET, limits.day(now)
    ((in_minute, in_hour, in_day, *oldest),) = yield (
        """SELECT coalesce(sum(count) FILTER (WHERE second > %(minute)s), 0),
                  coalesce(sum(count) FILTER (WHERE second > %(hour)s), 0),
                  coalesce(sum(count) FILTER (WHERE second >= %(day)s), 0),
                  min(second) FILTER (WHERE second > %(minute)s AND count > 0),
                  min(second) FILTER (WHERE second > %(hour)s AND count > 0)
        FROM overture_sendingcount WHERE address_key = %(key)s AND second >= least(%(hour)s, %(day)s)""",
        {"minute": minute, "hour": hour, "day": day, "key": address_key},
    )
    return (int(in_minute), int(in_hour), int(in_day)), oldest


def _room(limits: Limits, now: datetime, spent: Counts, oldest: Oldest) -> Room:
    left = [limits.per_minute - spent[0], limits.per_hour - spent[1], limits.per_day - spent[2]]
    singles = max(0, min(left))
    many = max(0, min(left[0], left[1], left[2] - limits.kept_for_singles))
    waits = []
    if left[0] <= 0:
        waits.append(((oldest[0] or now) + MINUTE + _BUCKET, "minute_limit", limits.per_minute))
    if left[1] <= 0:
        waits.append(((oldest[1] or now) + HOUR + _BUCKET, "hour_limit", limits.per_hour))
    if left[2] <= limits.kept_for_singles:
        waits.append((limits.tomorrow(now), "daily_limit", limits.per_day))
    if not waits:
        return Room(now, singles, many)
    until, code, limit = max(waits)
    return Room(now, singles, many, code, limit, until)
