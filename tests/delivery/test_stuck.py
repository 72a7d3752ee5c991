"""Whatever does not go on says why."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from overture.delivery.alone import alone
from overture.delivery.by_index import by_index
from overture.delivery.expire import expire
from overture.delivery.finish import finish
from overture.delivery.follow_up import follow_up
from overture.delivery.jobs import keep_moving
from overture.delivery.ledger_line import GONE
from overture.delivery.models import Delivery, Lease, Mailing
from overture.delivery.progress import waits_because
from overture.delivery.sending import send_mailbox
from overture.delivery.settle import Told, release, settle
from overture.delivery.steer import pause, resume
from overture.mailboxes.edit import remove
from overture.mailboxes.models import Mailbox
from tests.delivery.cast import claim, counts, mailbox, prospects, sent
from tests.fakes.recording_smtp import RecordingSMTP
from tests.world import World


@pytest.mark.django_db
def test_removed_mailbox_pauses_what_it_was_sending(world: World) -> None:
    box = mailbox(world.nora, 1)
    prospects(world.nora, 2)
    mailing = sent(world.nora)
    remove(world.nora, box)
    keep_moving(0)
    mailing.refresh_from_db()
    assert (mailing.state, mailing.reason) == ("paused", "mailbox_removed")
    assert waits_because(mailing) == "The mailbox was removed: nothing more can leave from it."


@pytest.mark.django_db
def test_disconnected_mailbox_pauses_what_was_sent_since(world: World) -> None:
    mailbox(world.nora, 1)
    prospects(world.nora, 2)
    mailing = sent(world.nora)
    Mailbox.objects.update(state="disconnected", reason="auth_535", reason_words="535 5.7.8 no")
    keep_moving(0)
    mailing.refresh_from_db()
    assert (mailing.state, waits_because(mailing)) == ("paused", "Mailbox disconnected: 535 5.7.8 no")


@pytest.mark.django_db
def test_no_worker_is_said(world: World) -> None:
    mailbox(world.nora, 1)
    prospects(world.nora, 1)
    mailing = sent(world.nora)
    assert waits_because(mailing).startswith("No worker is running.")
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())")
    assert waits_because(mailing) == ""


@pytest.mark.slow
def test_journal_that_cannot_be_written_stops_sending_and_is_said(live: World, tmp_path: Path) -> None:
    with RecordingSMTP(tmp_path / "log") as server:
        box = mailbox(live.nora, server.port)
        prospects(live.nora, 3)
        mailing = sent(live.nora)
        settings.OVERTURE_DATA.mkdir()
        (settings.OVERTURE_DATA / "journal").write_text("no folder")
        with pytest.raises(FileExistsError):
            send_mailbox(box.pk)
        mailing.refresh_from_db()
        assert mailing.reason == "worker_failed"
        assert "File exists" in waits_because(mailing)
        assert (counts(mailing), server.messages()) == ({"queued": 3}, [])
        (settings.OVERTURE_DATA / "journal").unlink()
        send_mailbox(box.pk)
        assert counts(mailing) == {"sent": 3}


@pytest.mark.slow
def test_worker_stopped_within_a_transaction_loses_its_locks(
    live: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = mailbox(live.nora, 1)
    prospects(live.nora, 3)
    mailing = sent(live.nora)
    monkeypatch.setattr("overture.delivery.by_index.LONGEST_IDLE", "500ms")

    @contextlib.contextmanager
    def locks() -> Iterator[None]:
        with contextlib.suppress(*GONE), transaction.atomic(), by_index():
            list(Mailing.objects.select_for_update())
            list(Delivery.objects.select_for_update())
            yield

    with hanging(locks()):
        began = time.monotonic()
        pause(live.nora, mailing)
        assert time.monotonic() - began < 10
        resume(live.nora, mailing)
        assert len(claim(box.pk, uuid4(), 5).rows) == 3


@contextlib.contextmanager
def hanging(hold: contextlib.AbstractContextManager[object]) -> Iterator[None]:
    """Meanwhile another thread, as a worker that was stopped, is within `hold` with its own connection."""
    holds, ends = threading.Event(), threading.Event()

    def hang() -> None:
        with hold:
            holds.set()
            ends.wait(20)
        connection.close()

    thread = threading.Thread(target=hang)
    thread.start()
    try:
        assert holds.wait(10)
        yield
    finally:
        ends.set()
        thread.join(20)


@pytest.mark.parametrize("has_claimed", [False, True])
@pytest.mark.slow
def test_mailbox_is_taken_from_who_stopped_with_nothing_claimed_and_from_nobody_else(
    live: World, settings: Any, tmp_path: Path, has_claimed: bool
) -> None:
    settings.OVERTURE_LEASE_SECONDS = 2
    with RecordingSMTP(tmp_path / "log") as server:
        box = mailbox(live.nora, server.port)
        prospects(live.nora, 3)
        mailing = sent(live.nora)
        with hanging(alone(box.pk)):
            if has_claimed:
                until = timezone.now() + timedelta(hours=1)
                Lease.objects.create(id=uuid4(), mailbox=box, mailings=[], deliveries=[], until=until)
            expire()  # not yet: it may be about to claim
            send_mailbox(box.pk)
            assert counts(mailing) == {"queued": 3}
            time.sleep(4.2)
            expire()
            send_mailbox(box.pk)
            assert counts(mailing) == ({"queued": 3} if has_claimed else {"sent": 3})


@pytest.mark.parametrize("way", ["told", "journal"])
def test_late_worker_gives_back_what_it_never_began_though_the_mailing_was_done(
    live: World, way: str
) -> None:
    box = mailbox(live.nora, 1)
    prospects(live.nora, 3)
    mailing = sent(live.nora)
    lease = uuid4()
    begun, *others = claim(box.pk, lease, 5).rows
    Lease.objects.update(until=timezone.now())
    assert expire() == 3
    follow_up(box.pk)
    finish()
    mailing.refresh_from_db()
    assert mailing.state == "done"
    if way == "told":
        settle([Told(row.id, lease, "returned", "", "") for row in others])
    else:
        release(lease, [begun.id])
    mailing.refresh_from_db()
    assert (mailing.state, mailing.done_at) == ("sending", None)
    assert counts(mailing) == {"queued": 2, "unknown lease_expired": 1}
    assert [row.id for row in claim(box.pk, uuid4(), 5).rows] == [row.id for row in others]


@pytest.mark.parametrize("first", ["finish", "settle"])
@pytest.mark.slow
def test_mailing_is_not_done_while_a_late_worker_gives_rows_back(live: World, first: str) -> None:
    box = mailbox(live.nora, 1)
    prospects(live.nora, 2)
    mailing = sent(live.nora)
    lease = uuid4()
    rows = claim(box.pk, lease, 5).rows
    Lease.objects.update(until=timezone.now())
    assert expire() == 2
    follow_up(box.pk)

    def give_back() -> None:
        settle([Told(row.id, lease, "returned", "", "") for row in rows])

    ways = [finish, give_back] if first == "finish" else [give_back, finish]
    has_begun = threading.Event()

    def begin() -> None:
        with transaction.atomic():
            ways[0]()
            has_begun.set()
            time.sleep(0.5)
        connection.close()

    beside = threading.Thread(target=begin)
    beside.start()
    assert has_begun.wait(10)
    ways[1]()
    beside.join(10)
    mailing.refresh_from_db()
    assert (mailing.state, counts(mailing)) == ("sending", {"queued": 2})


@pytest.mark.django_db
def test_nothing_can_wait_without_a_moment(world: World) -> None:
    mailbox(world.nora, 1)
    prospects(world.nora, 1)
    sent(world.nora)
    with pytest.raises(IntegrityError, match="waiting_has_due"), transaction.atomic():
        Delivery.objects.update(due_at=None)
    assert Mailing.objects.get().state == "sending"
