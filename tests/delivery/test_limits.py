"""Limits of an address: sliding minute and hour, the day of its time zone, folded counts."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from overture.lib.steps import run
from overture.mailboxes import limits
from overture.mailboxes.limits import Limits
from overture.mailboxes.models import SendingCount

KEY = "0" * 32
WIDE = Limits(1000, 10_000, 100_000, "UTC")


def _spend(ago: timedelta, count: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        run(limits.take(KEY, cursor.fetchone()[0] - ago, count))


@pytest.mark.parametrize(
    ("bounds", "ago", "left", "code"),
    [
        (Limits(10, 1000, 10_000, "UTC"), timedelta(seconds=55), 3, ""),
        (Limits(7, 1000, 10_000, "UTC"), timedelta(seconds=55), 0, "minute_limit"),
        (Limits(7, 1000, 10_000, "UTC"), timedelta(seconds=62), 7, ""),
        (Limits(100, 7, 10_000, "UTC"), timedelta(minutes=59), 0, "hour_limit"),
        (Limits(100, 7, 10_000, "UTC"), timedelta(minutes=61), 7, ""),
    ],
)
@pytest.mark.django_db
def test_room_is_what_the_window_leaves(bounds: Limits, ago: timedelta, left: int, code: str) -> None:
    _spend(ago, 7)
    room = run(limits.lock_room(KEY, bounds))
    assert (room.singles, room.code) == (left, code)
    if code == "minute_limit":
        assert room.until is not None
        assert timedelta(seconds=4) <= room.until - room.now <= timedelta(seconds=7)


@pytest.mark.django_db
def test_day_begins_at_midnight_of_the_time_zone() -> None:
    now = limits.room(KEY, WIDE).now
    for name in ("Pacific/Kiritimati", "Asia/Kathmandu", "America/New_York"):
        bounds = Limits(1000, 10_000, 5, name)
        SendingCount.objects.all().delete()
        midnight = now.astimezone(ZoneInfo(name)).replace(hour=0, minute=0, second=0, microsecond=0)
        SendingCount.objects.create(address_key=KEY, second=midnight - timedelta(seconds=1), count=5)
        assert limits.room(KEY, bounds).singles == 5
        SendingCount.objects.create(address_key=KEY, second=midnight, count=5)
        room = limits.room(KEY, bounds)
        assert (room.singles, room.code) == (0, "daily_limit")
        assert room.until is not None
        assert room.until.astimezone(ZoneInfo(name)).strftime("%H:%M:%S") == "00:00:00"
        assert timedelta(0) < room.until - now <= timedelta(hours=25)


@pytest.mark.django_db
def test_folding_keeps_sums_and_can_be_repeated() -> None:
    for ago in (timedelta(hours=3), timedelta(hours=3, seconds=1), timedelta(hours=26), timedelta(minutes=5)):
        _spend(ago, 4)
    before = sum(SendingCount.objects.values_list("count", flat=True))
    for _ in range(3):
        limits.fold()
        assert sum(SendingCount.objects.values_list("count", flat=True)) == before
    assert SendingCount.objects.count() <= 4
    _spend(timedelta(days=8), 4)
    limits.fold()
    assert sum(SendingCount.objects.values_list("count", flat=True)) == before


@pytest.mark.django_db
def test_slots_given_back_are_free_again_and_never_negative() -> None:
    second = run(limits.take(KEY, limits.room(KEY, WIDE).now, 5))
    run(limits.give_back([(KEY, second, 2)]))
    assert SendingCount.objects.get().count == 3
    run(limits.give_back([(KEY, second, 9)]))
    assert SendingCount.objects.get().count == 0
