"""A worker killed in the middle of a mailing: nobody lost, nobody twice, few unknown."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from overture.delivery.models import Delivery, Mailing
from overture.prospects.models import Contacted
from tests.delivery.cast import counts, crowd, mailbox, sent
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
