"""A worker killed, or stopped for longer than its lease, at exact places on an e-mail's way.

The places are made from outside: a lock that the worker needs there, or a server that does not go on.
"""

from __future__ import annotations

import contextlib
import fcntl
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from django.db import connection

from overture.delivery.models import Delivery, Mailing, Queued
from overture.delivery.restored import check
from overture.lib.database_time import database_now
from tests.delivery.cast import counts, crowd, mailbox, sent
from tests.delivery.workers import data_folder, ended, until, worker
from tests.fakes.recording_smtp import RecordingSMTP
from tests.world import World

pytestmark = pytest.mark.slow
COUNT, CONNECTIONS, LEASE = 60, 8, 5
Place = Callable[[RecordingSMTP, Path], AbstractContextManager[None]]


@contextlib.contextmanager
def between_claim_and_send(server: RecordingSMTP, data: Path) -> Iterator[None]:
    """A claim that has committed is numbered in the data folder before anything leaves: under this lock."""
    check()  # else the worker would begin by writing there which database this is
    with (data / "claims" / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    # Let go by closing it.


@contextlib.contextmanager
def at_the_data_command(server: RecordingSMTP, data: Path) -> Iterator[None]:
    server.behaviour.hold = "data"
    yield
    server.let_go()


@contextlib.contextmanager
def letter_written_and_not_kept(server: RecordingSMTP, data: Path) -> Iterator[None]:
    server.behaviour.hold = "content"
    yield
    server.let_go()


@contextlib.contextmanager
def letter_kept_and_not_answered(server: RecordingSMTP, data: Path) -> Iterator[None]:
    server.behaviour.hold = "answer"
    yield
    server.let_go()


@contextlib.contextmanager
def between_answer_and_settling(server: RecordingSMTP, data: Path) -> Iterator[None]:
    """Whatever becomes `sent` asks for a lock that we hold: the answers are not written."""
    holds, ends = threading.Event(), threading.Event()

    def hold() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(77)")
            holds.set()
            ends.wait(60)
        connection.close()

    beside = threading.Thread(target=hold)
    beside.start()
    try:
        assert holds.wait(10)
        with connection.cursor() as cursor:
            cursor.execute(_HELD_UP)
        yield
    finally:
        ends.set()
        beside.join(20)
        with connection.cursor() as cursor:
            cursor.execute("DROP FUNCTION held_up CASCADE")


_HELD_UP = """
    CREATE FUNCTION held_up() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN PERFORM pg_advisory_xact_lock_shared(77); RETURN NEW; END';
    CREATE TRIGGER held_up BEFORE UPDATE ON overture_delivery FOR EACH ROW
        WHEN (NEW.state = 'sent') EXECUTE FUNCTION held_up();
"""


def is_reached(place: Place, server: RecordingSMTP) -> bool:
    if place is between_claim_and_send:
        return Delivery.objects.filter(state="sending").exists()
    if place is between_answer_and_settling:
        # All that leaves meanwhile has left: nothing else is on its way.
        return len(server.messages()) == COUNT and _waits_for_a_lock()
    return bool(server.held)


def _waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        return bool(cursor.fetchone()[0])


PLACES: list[tuple[Place, tuple[int, int]]] = [
    # Where, and how many may be unknown after SIGKILL: least, most.
    (between_claim_and_send, (0, 0)),
    (at_the_data_command, (0, 0)),
    (letter_written_and_not_kept, (1, CONNECTIONS)),
    (letter_kept_and_not_answered, (1, CONNECTIONS)),
    (between_answer_and_settling, (0, 0)),
]


@pytest.fixture
def at_work(live: World, tmp_path: Path) -> Iterator[tuple[RecordingSMTP, Path, Mailing]]:
    with RecordingSMTP(tmp_path / "log") as server:
        mailbox(live.nora, server.port)
        crowd(live.nora, COUNT)
        yield server, data_folder(tmp_path), sent(live.nora)


@pytest.mark.parametrize(("place", "unknown"), PLACES, ids=lambda value: getattr(value, "__name__", ""))
def test_worker_killed_there(
    at_work: tuple[RecordingSMTP, Path, Mailing], place: Place, unknown: tuple[int, int]
) -> None:
    server, data, mailing = at_work
    with place(server, data), worker(data) as killed:
        until(lambda: is_reached(place, server), what="the place")
        ended(killed)
        server.hang_up()  # as its sockets do
    with worker(data):
        until(lambda: _is_over(mailing), what="the end")
    found = counts(mailing)
    assert set(found) <= {"sent", "unknown worker_died"}
    assert unknown[0] <= found.get("unknown worker_died", 0) <= unknown[1]
    nobody_lost_and_nobody_twice(server)


@pytest.mark.parametrize("place", [place for place, _ in PLACES], ids=lambda place: place.__name__)
def test_worker_stopped_there_for_longer_than_its_lease(
    at_work: tuple[RecordingSMTP, Path, Mailing], place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OVERTURE_LEASE_SECONDS", str(LEASE))
    server, data, mailing = at_work
    with contextlib.ExitStack() as stack:
        with place(server, data):
            stopped = stack.enter_context(worker(data))
            until(lambda: is_reached(place, server), what="the place")
            stopped.send_signal(signal.SIGSTOP)
            held = list(Delivery.objects.filter(state="sending").values_list("pk", flat=True))
            time.sleep(LEASE + 1)
        stack.enter_context(worker(data))
        until(lambda: not _is_open(mailing), what="the end by the other")
        woken_at = database_now()
        stopped.send_signal(signal.SIGCONT)
        # In this order: it may seem over just before the late one gives back what it did not begin.
        until(lambda: _has_no_journal(data, stopped) and _is_over(mailing), what="the end by the late one")
    nobody_lost_and_nobody_twice(server)
    found = counts(mailing)
    assert set(found) <= {"sent", "unknown lease_expired", "unknown lease_ended", "unknown dropped"}
    # Only what had begun before it was stopped can be in doubt; what it never began was given back and sent.
    assert found.get("sent", 0) >= COUNT - CONNECTIONS
    if place in (between_claim_and_send, at_the_data_command, between_answer_and_settling):
        assert found == {"sent": COUNT}
    if place is between_claim_and_send:
        # What it held when it was stopped it did not begin: each was claimed anew, and by then was new.
        assert held
        late = Delivery.objects.filter(pk__in=held, first_tried_at__lt=woken_at)
        assert not late.exists()


def nobody_lost_and_nobody_twice(server: RecordingSMTP) -> None:
    got = _got(server)
    assert [address for address, count in got.items() if count > 1] == []
    everybody = {f"jo{number}@x.example" for number in range(COUNT)}
    states = dict(Delivery.objects.values_list("address", "state"))
    assert {address for address in everybody - set(got) if states[address] != "unknown"} == set()
    assert {address for address in everybody if states[address] == "sent"} <= set(got)


def _got(server: RecordingSMTP) -> Counter[str]:
    return Counter(message.recipients[0] for message in server.messages())


def _is_open(mailing: Mailing) -> bool:
    waiting = ("queued", "sending", "deferred")
    Queued.objects.filter(mailing=mailing).update(due_at=mailing.approved_at)  # what is deferred, too
    return Delivery.objects.filter(mailing=mailing, state__in=waiting).exists()


def _is_over(mailing: Mailing) -> bool:
    return not _is_open(mailing) and Mailing.objects.get(pk=mailing.pk).state == "done"


def _has_no_journal(data: Path, process: subprocess.Popen[bytes]) -> bool:
    """All that it knew stands in the database."""
    return not list((data / "journal").glob(f"{process.pid}-*"))
