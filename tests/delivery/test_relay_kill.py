"""Real workers that send through a relay, killed, stopped, told to end: the promises of the ledger hold."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import timezone

from overture.delivery.models import Delivery, Lease, Mailing
from tests.delivery.cast import counts, crowd, sent
from tests.delivery.relays import relay_mailbox
from tests.delivery.workers import data_folder, until, worker
from tests.fakes.relays import Relays, relaying
from tests.world import World

pytestmark = pytest.mark.slow
COUNT, CONNECTIONS = 200, 8
# boto3's way, and that of requests.
STACKS = ("amazon_ses", "postmark")


@pytest.fixture
def relays(monkeypatch: pytest.MonkeyPatch) -> Iterator[Relays]:
    with relaying() as server:
        server.delay = 0.02
        monkeypatch.setenv("OVERTURE_RELAY_URL", server.url)
        yield server


def begin(live: World, code: str) -> Mailing:
    relay_mailbox(live.nora, code)
    crowd(live.nora, COUNT)
    return sent(live.nora)


def ends_well(relays: Relays, mailing: Mailing, unknown: str, most: int) -> None:
    got = relays.recipients()
    assert len(got) == len(set(got))
    ended = counts(mailing)
    assert set(ended) <= {"sent", unknown}
    assert ended.get(unknown, 0) <= most
    doubtful = set(Delivery.objects.filter(state="unknown").values_list("address", flat=True))
    assert {f"jo{number}@x.example" for number in range(COUNT)} - set(got) <= doubtful
    assert set(Delivery.objects.filter(state="sent").values_list("address", flat=True)) <= set(got)


@pytest.mark.parametrize("code", STACKS)
def test_killed_worker_loses_nobody_and_writes_to_nobody_twice(
    live: World, relays: Relays, tmp_path: Path, code: str
) -> None:
    data, mailing = data_folder(tmp_path), begin(live, code)
    for share in (0.2, 0.5):
        with worker(data) as killed:
            until(lambda share=share: len(relays.taken) > COUNT * share, what="mail")  # type: ignore[misc]
            killed.send_signal(signal.SIGKILL)
            killed.wait()
        counts(mailing)
    with worker(data):
        until(lambda: Mailing.objects.get().state == "done", 120, "done")
    ends_well(relays, mailing, "unknown worker_died", 2 * CONNECTIONS)


@pytest.mark.parametrize("code", STACKS)
def test_worker_told_to_end_gives_back_what_it_did_not_begin(
    live: World, relays: Relays, tmp_path: Path, code: str
) -> None:
    relays.delay = 0.2  # so that it has not all left before the worker hears of it
    data, mailing = data_folder(tmp_path), begin(live, code)
    with worker(data) as ended:
        until(lambda: len(relays.taken) > 20, what="mail")
        ended.send_signal(signal.SIGTERM)
        assert ended.wait(20) == 0
    got = len(relays.taken)
    assert counts(mailing) == {"sent": got, "queued": COUNT - got}
    assert list((data / "journal").glob("*")) == []


@pytest.mark.parametrize("code", STACKS)
def test_stopped_worker_is_replaced_and_finishes_nothing_twice(
    live: World, relays: Relays, tmp_path: Path, code: str
) -> None:
    data, mailing = data_folder(tmp_path), begin(live, code)
    with worker(data) as stopped:
        until(lambda: len(relays.taken) > 30, what="mail")
        stopped.send_signal(signal.SIGSTOP)
        time.sleep(0.5)
        # Sixty seconds later, as far as the database can tell.
        Lease.objects.update(until=timezone.now())
        with worker(data):
            until(lambda: Mailing.objects.get().state == "done", 120, "done by the other")
            stopped.send_signal(signal.SIGCONT)
            until(lambda: not Delivery.objects.filter(state="sending").exists(), what="late answers")
            until(lambda: counts(mailing).get("unknown lease_expired", 0) <= CONNECTIONS, what="late answers")
            # What had only been about to connect came back: the mailing goes on for it.
            until(lambda: Mailing.objects.get().state == "done", 120, "the rest")
    ends_well(relays, mailing, "unknown lease_expired", CONNECTIONS)
