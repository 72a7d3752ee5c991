"""What the receiver sees of a mailbox's limits, with three workers of which some are killed.

Time passes by moving the counts back, as the database's clock sees it: minutes and a midnight in seconds.
"""

from __future__ import annotations

import contextlib
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.db import connection

from overture.delivery.models import Delivery, Mailing
from overture.mailboxes.models import Mailbox, SendingCount
from tests.delivery.cast import counts, crowd, mailbox, prospects, sent
from tests.delivery.workers import data_folder, ended, until, worker
from tests.fakes.recording_smtp import read_log, smtp_process
from tests.world import World

pytestmark = pytest.mark.slow
# What an e-mail takes from its claim to the server, at most: it is counted when it is claimed.
FLIGHT = 2.0


class Clock:
    """The receiver's time, with what was skipped."""

    def __init__(self) -> None:
        self._skips: list[tuple[float, float]] = []

    def skip(self, seconds: float) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE overture_sendingcount SET second = second - make_interval(secs => %s)", [seconds]
            )
        Mailing.objects.update(reason="", reason_facts={})
        self._skips.append((time.time(), seconds))

    def at(self, moment: float) -> float:
        return moment + sum(seconds for when, seconds in self._skips if when <= moment)


@pytest.fixture
def three(live: World, tmp_path: Path) -> Iterator[tuple[Path, list[subprocess.Popen[bytes]]]]:
    data, log = data_folder(tmp_path), tmp_path / "log"
    with smtp_process(log, "--latency", "0.01") as (port, _), contextlib.ExitStack() as stack:
        mailbox(live.nora, port)
        yield log, [stack.enter_context(worker(data)) for _ in range(3)]


def test_no_minute_has_more_than_its_limit_with_three_workers_and_kills(
    live: World, three: tuple[Path, list[subprocess.Popen[bytes]]]
) -> None:
    log, workers = three
    Mailbox.objects.update(per_minute=40)
    crowd(live.nora, 150)
    mailing, clock = sent(live.nora), Clock()
    for killed in [*workers[:2], None]:
        count = len(read_log(log))
        until(lambda count=count: len(read_log(log)) > count + 5, what="mail")  # type: ignore[misc]
        if killed:
            ended(_holder(workers) or killed)
        until(lambda: Mailing.objects.get().reason == "minute_limit", 60, what="the limit")
        time.sleep(4)  # a round of keep_moving: whoever could would send more
        clock.skip(45)
    until(lambda: not _open(mailing), 90, what="the end")
    times = sorted(clock.at(message.at) for message in read_log(log))
    assert most_within(times, 60 - FLIGHT) <= 40
    assert most_within(times, 60 - FLIGHT) >= 30  # nearly all of it is used
    got = [message.recipients[0] for message in read_log(log)]
    assert len(got) == len(set(got))
    assert set(counts(mailing)) <= {"sent", "unknown worker_died"}


def test_no_day_of_its_time_zone_has_more_than_its_limit(
    live: World, three: tuple[Path, list[subprocess.Popen[bytes]]]
) -> None:
    log, workers = three
    zone = "Pacific/Kiritimati"  # another day than anywhere
    Mailbox.objects.update(per_day=60, time_zone=zone)
    midnight = datetime.now(ZoneInfo(zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    key = Mailbox.objects.get().address_key
    # All of yesterday was used; nothing of it counts today.
    SendingCount.objects.create(address_key=key, second=midnight - timedelta(seconds=1), count=60)
    crowd(live.nora, 90)
    ones = prospects(live.nora, 4, "single{}")
    mailing, clock = sent(live.nora, {"filter": {}, "exclude": [row.pk for row in ones]}), Clock()
    until(lambda: len(read_log(log)) > 5, what="mail")
    ended(_holder(workers) or workers[0])
    until(lambda: Mailing.objects.get(pk=mailing.pk).reason == "daily_limit", 60, what="the limit")
    # What the killed worker had not begun comes back a moment later, and the mailing takes its places again.
    until(lambda: _taken(key, midnight) == 57 and not _leaving(mailing), 60, what="all but the places kept")
    singles = [sent(live.nora, {"prospects": [row.pk]}) for row in ones]
    # A twentieth of the day was kept for them.
    until(lambda: _arrived(log, "single") == 3, 30, what="single ones")
    time.sleep(4)
    assert (len(read_log(log)), _arrived(log, "single")) == (60, 3)
    assert _taken(key, midnight) == 60
    assert [each.reason for each in Mailing.objects.filter(state="sending")] == ["daily_limit"] * 2
    clock.skip((datetime.now(UTC) - midnight).total_seconds() + 60)  # it is tomorrow
    until(lambda: not _open(mailing) and not any(map(_open, singles)), 60, what="the next day")
    assert len(read_log(log)) <= 94
    assert set(counts(mailing)) <= {"sent", "unknown worker_died"}


def _leaving(mailing: Mailing) -> bool:
    return Delivery.objects.filter(mailing=mailing, state="sending").exists()


def most_within(times: list[float], seconds: float) -> int:
    """The most that came within any window of so many seconds."""
    return max(sum(begin <= each < begin + seconds for each in times) for begin in times)


def _holder(workers: list[subprocess.Popen[bytes]]) -> subprocess.Popen[bytes] | None:
    """The worker that sends just now: the one with a journal."""
    names = [path.name for path in (Path(settings.OVERTURE_DATA) / "journal").glob("*.journal")]
    alive = (each for each in workers if each.poll() is None)
    return next((each for each in alive if any(name.startswith(f"{each.pid}-") for name in names)), None)


def _open(mailing: Mailing) -> bool:
    waiting = ("queued", "sending", "deferred")
    return Delivery.objects.filter(mailing=mailing, state__in=waiting).exists()


def _arrived(log: Path, name: str) -> int:
    return sum(message.recipients[0].startswith(name) for message in read_log(log))


def _taken(key: str, since: datetime) -> int:
    rows = SendingCount.objects.filter(address_key=key, second__gte=since)
    return sum(rows.values_list("count", flat=True))
