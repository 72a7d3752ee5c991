"""What a wall clock shows, as a moment: every zone, and the two hours of a year that are not like others."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest

from overture.lib.local_time import NoSuchTime, TwiceThatDay, moment_of


@pytest.mark.parametrize(
    ("wall", "zone", "expected"),
    [
        ("2026-11-26T10:40", "Europe/Paris", "2026-11-26T09:40Z"),
        ("2026-07-01T10:40", "Europe/Paris", "2026-07-01T08:40Z"),
        ("2026-11-26T10:40", "UTC", "2026-11-26T10:40Z"),
        ("2026-11-26T10:40", "Asia/Kathmandu", "2026-11-26T04:55Z"),
        ("2026-11-26T10:40", "Pacific/Kiritimati", "2026-11-25T20:40Z"),
        ("2026-03-29T01:59", "Europe/Paris", "2026-03-29T00:59Z"),
        ("2026-03-29T03:00", "Europe/Paris", "2026-03-29T01:00Z"),
        ("2026-10-25T01:59", "Europe/Paris", "2026-10-24T23:59Z"),
        ("2026-10-25T03:00", "Europe/Paris", "2026-10-25T02:00Z"),
    ],
)
def test_moment_is_what_the_clock_shows(wall: str, zone: str, expected: str) -> None:
    assert moment_of(datetime.fromisoformat(wall), zone) == datetime.fromisoformat(expected)


@pytest.mark.parametrize(
    ("wall", "zone"),
    [
        ("2026-03-29T02:00", "Europe/Paris"),
        ("2026-03-29T02:59", "Europe/Paris"),
        ("2026-03-08T02:30", "America/New_York"),
        ("2026-10-04T02:15", "Australia/Lord_Howe"),  # half an hour
        ("2011-12-30T12:00", "Pacific/Apia"),  # a whole day
    ],
)
def test_skipped_time_does_not_exist(wall: str, zone: str) -> None:
    for which in (None, 0, 1):
        with pytest.raises(NoSuchTime):
            moment_of(datetime.fromisoformat(wall), zone, which)


@pytest.mark.parametrize(
    ("wall", "zone", "first", "second"),
    [
        ("2026-10-25T02:30", "Europe/Paris", "2026-10-25T00:30Z", "2026-10-25T01:30Z"),
        ("2026-11-01T01:00", "America/New_York", "2026-11-01T05:00Z", "2026-11-01T06:00Z"),
        ("2026-04-05T01:45", "Australia/Lord_Howe", "2026-04-04T14:45Z", "2026-04-04T15:15Z"),
    ],
)
def test_time_that_comes_twice_is_asked_for(wall: str, zone: str, first: str, second: str) -> None:
    shown, both = datetime.fromisoformat(wall), [datetime.fromisoformat(each) for each in (first, second)]
    with pytest.raises(TwiceThatDay) as raised:
        moment_of(shown, zone)
    assert [each.astimezone(UTC) for each in (raised.value.first, raised.value.second)] == both
    assert [moment_of(shown, zone, which) for which in (0, 1)] == both


def test_every_moment_in_every_zone_is_found_again() -> None:
    """Whatever a clock shows leads back to the moment it was read at, or to one of two that look the same."""
    chance, year = random.Random(26), timedelta(days=366)
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    for zone in sorted(available_timezones() - {"localtime", "Factory"}):
        for _ in range(40):
            moment = begin + timedelta(minutes=chance.randrange(int(year / timedelta(minutes=1))))
            wall = moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)
            assert moment in {moment_of(wall, zone, which) for which in (0, 1)}, zone
