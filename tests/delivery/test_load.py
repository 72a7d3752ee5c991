"""What holds while several real workers send: limits, pause, cancel, fairness."""

from __future__ import annotations

import contextlib
import signal
import time
from pathlib import Path

import pytest

from overture.delivery.models import Mailing
from overture.delivery.steer import cancel, pause, resume
from overture.mailboxes.models import SendingCount
from tests.delivery.cast import counts, crowd, mailbox, prospects, sent
from tests.delivery.workers import data_folder, until, worker
from tests.fakes.recording_smtp import read_log, smtp_process
from tests.world import World

pytestmark = pytest.mark.slow


def test_limit_holds_with_three_workers_and_after_a_kill(live: World, tmp_path: Path) -> None:
    data, log = data_folder(tmp_path), tmp_path / "log"
    with smtp_process(log, "--latency", "0.02") as (port, _), contextlib.ExitStack() as stack:
        mailbox(live.nora, port, per_minute=100_000, per_hour=150)
        crowd(live.nora, 400)
        mailing = sent(live.nora)
        first, *_others = [stack.enter_context(worker(data)) for _ in range(3)]
        until(lambda: len(read_log(log)) > 30, what="mail")
        first.send_signal(signal.SIGKILL)
        first.wait()
        until(lambda: Mailing.objects.get().reason == "hour_limit", 90, what="the limit")
        time.sleep(4)  # more than one round of keep_moving
    got = len(read_log(log))
    ended = counts(mailing)
    assert got <= 150
    assert sum(SendingCount.objects.values_list("count", flat=True)) == 150
    assert ended["sent"] + ended.get("unknown worker_died", 0) == 150
    assert ended["queued"] == 250


@pytest.mark.parametrize("steered", ["pause", "cancel"])
def test_nothing_begins_after_the_answer_with_two_workers(live: World, tmp_path: Path, steered: str) -> None:
    data, log = data_folder(tmp_path), tmp_path / "log"
    with smtp_process(log, "--latency", "0.02") as (port, _), worker(data), worker(data):
        mailbox(live.nora, port)
        crowd(live.nora, 1500)
        mailing = sent(live.nora)
        until(lambda: len(read_log(log)) > 100, what="mail")
        leaving = (pause if steered == "pause" else cancel)(live.nora, mailing)
        before = len(read_log(log))
        until(lambda: "sending" not in counts(mailing), what="those under way")
        assert len(read_log(log)) - before <= leaving
        time.sleep(4)
        stopped = counts(mailing)
        rest = "queued" if steered == "pause" else "cancelled by_hand"
        assert stopped == {"sent": len(read_log(log)), rest: 1500 - len(read_log(log))}
        if steered == "pause":
            resume(live.nora, mailing)
            until(lambda: Mailing.objects.get().state == "done", 90, what="the rest")
            assert counts(mailing) == {"sent": 1500}
    got = [message.recipients[0] for message in read_log(log)]
    assert len(got) == len(set(got))


def test_slow_server_of_more_mailboxes_than_a_worker_has_places_does_not_slow_another(
    live: World, tmp_path: Path
) -> None:
    data, slow_log, log = data_folder(tmp_path), tmp_path / "slow", tmp_path / "log"
    slow, quick = smtp_process(slow_log, "--latency", "1.5"), smtp_process(log)
    with slow as (slow_port, _), quick as (port, _), worker(data):
        many = prospects(live.nora, 120)
        for number in range(10):
            mailbox(live.nora, slow_port, address=f"slow{number}@halden.example")
            mine = [row.pk for row in many[number * 10 : number * 10 + 10]]
            sent(live.nora, {"prospects": mine}, mailbox=_newest())
        until(
            lambda: slow_log.exists() and Mailing.objects.filter(state="sending").count() == 10, what="slow"
        )
        time.sleep(2)
        mailbox(live.nora, port, address="quick@halden.example")
        mailing = sent(live.nora, {"prospects": [row.pk for row in many[100:120]]}, mailbox=_newest())
        until(lambda: Mailing.objects.get(pk=mailing.pk).state == "done", what="the quick one")
        assert Mailing.objects.filter(state="sending").count() == 10
    assert counts(mailing) == {"sent": 20}


def _newest() -> int:
    from overture.mailboxes.models import Mailbox

    return int(Mailbox.objects.latest("pk").pk)
