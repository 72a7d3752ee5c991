"""A worker killed in the middle of a mailing: nobody lost, nobody twice, few unknown."""

from __future__ import annotations

import signal
import time
from pathlib import Path

import pytest
from django.utils import timezone

from overture.delivery.models import Delivery, Lease, Mailing
from overture.prospects.models import Contacted
from tests.delivery.cast import counts, crowd, mailbox, prospects, sent
from tests.delivery.workers import data_folder, until, worker
from tests.fakes.recording_smtp import read_log, smtp_process
from tests.world import World

COUNT = 2000
CONNECTIONS = 8


@pytest.mark.slow
def test_killed_worker_loses_nobody_and_writes_to_nobody_twice(live: World, tmp_path: Path) -> None:
    data, log = data_folder(tmp_path), tmp_path / "log"
    with smtp_process(log) as (port, _):
        mailbox(live.nora, port)
        crowd(live.nora, COUNT)
        mailing = sent(live.nora)
        for share in (0.2, 0.5):
            with worker(data) as killed:
                until(lambda share=share: len(read_log(log)) > COUNT * share, what="mail")  # type: ignore[misc]
                killed.send_signal(signal.SIGKILL)
                killed.wait()
            counts(mailing)
        with worker(data):
            until(lambda: Mailing.objects.get().state == "done", what="done")
    got = [message.recipients[0] for message in read_log(log)]
    assert len(got) == len(set(got))
    ended = counts(mailing)
    assert set(ended) <= {"sent", "unknown worker_died"}
    assert ended.get("unknown worker_died", 0) <= 2 * CONNECTIONS
    unknown = set(Delivery.objects.filter(state="unknown").values_list("address", flat=True))
    everybody = {f"jo{number}@x.example" for number in range(COUNT)}
    assert everybody - set(got) <= unknown
    assert set(Delivery.objects.filter(state="sent").values_list("address", flat=True)) <= set(got)
    assert Contacted.objects.filter(done_at=None).count() == 0


@pytest.mark.slow
def test_worker_told_to_end_gives_back_what_it_did_not_begin(live: World, tmp_path: Path) -> None:
    data, log = data_folder(tmp_path), tmp_path / "log"
    with smtp_process(log, "--latency", "0.05") as (port, _):
        mailbox(live.nora, port)
        crowd(live.nora, COUNT)
        mailing = sent(live.nora)
        with worker(data) as ended:
            until(lambda: len(read_log(log)) > 20, what="mail")
            ended.send_signal(signal.SIGTERM)
            assert ended.wait(20) == 0
        got = len(read_log(log))
        assert counts(mailing) == {"sent": got, "queued": COUNT - got}
    assert list((data / "journal").glob("*")) == []


@pytest.mark.slow
def test_single_email_overtakes_a_large_mailing(live: World, tmp_path: Path) -> None:
    data, log = data_folder(tmp_path), tmp_path / "log"
    with smtp_process(log, "--latency", "0.05") as (port, _):
        mailbox(live.nora, port)
        crowd(live.nora, COUNT)
        one = prospects(live.nora, 1, "single")[0]
        with worker(data):
            sent(live.nora, {"filter": {}, "exclude": [one.pk]})
            until(lambda: len(read_log(log)) > 100, what="mail")
            single = sent(live.nora, {"prospects": [one.pk]})
            until(lambda: Mailing.objects.get(pk=single.pk).state == "done", what="the single one")
            assert Mailing.objects.exclude(pk=single.pk).get().state == "sending"
    assert counts(single) == {"sent": 1}


@pytest.mark.slow
def test_stopped_worker_is_replaced_and_finishes_nothing_twice(live: World, tmp_path: Path) -> None:
    data, log = data_folder(tmp_path), tmp_path / "log"
    with smtp_process(log, "--latency", "0.02") as (port, _):
        mailbox(live.nora, port)
        crowd(live.nora, COUNT)
        mailing = sent(live.nora)
        with worker(data) as stopped:
            until(lambda: len(read_log(log)) > 100, what="mail")
            stopped.send_signal(signal.SIGSTOP)
            time.sleep(0.5)
            # Sixty seconds later, as far as the database can tell.
            Lease.objects.update(until=timezone.now())
            held = Delivery.objects.filter(state="sending").count()
            with worker(data):
                until(lambda: Mailing.objects.get().state == "done", what="done by the other")
                ended = counts(mailing)
                assert ended.get("unknown lease_expired", 0) == held
                stopped.send_signal(signal.SIGCONT)
                until(
                    lambda: counts(mailing).get("unknown lease_expired", 0) <= CONNECTIONS,
                    what="late answers",
                )
    got = [message.recipients[0] for message in read_log(log)]
    assert len(got) == len(set(got))
    assert set(Delivery.objects.filter(state="sent").values_list("address", flat=True)) <= set(got)
