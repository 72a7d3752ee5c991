"""A database put back to an earlier moment, or another one: everything is paused, nothing leaves twice."""

from __future__ import annotations

import asyncio
import os
import subprocess
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection

from overture.activity.models import Activity
from overture.delivery import claim as claims
from overture.delivery import restored
from overture.delivery.jobs import keep_moving
from overture.delivery.ledger_line import LedgerLine
from overture.delivery.models import Delivery, Mailing
from overture.delivery.progress import waits_because
from overture.delivery.sending import send_mailbox
from overture.delivery.steer import resume
from overture.lib.postgres_programs import find_binaries
from overture.mailboxes.models import SendingAddress
from tests.delivery.cast import claim, counts, mailbox, prospects, sent
from tests.fakes.recording_smtp import RecordingSMTP
from tests.world import World

pytestmark = pytest.mark.slow


def _backup(file: Path) -> None:
    _run("pg_dump", "--clean", "--if-exists", f"--file={file}")


def _restore(file: Path) -> None:
    connection.close()
    _run("psql", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", f"--file={file}")


def _run(program: str, *options: str) -> None:
    database = connection.settings_dict
    where = ["-h", database["HOST"], "-U", database["USER"] or "postgres", "-d", database["NAME"]]
    environment = os.environ | {"PGPASSWORD": database["PASSWORD"]}
    done = subprocess.run(
        [find_binaries() / program, *where, *options], env=environment, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_backup_from_the_middle_of_a_mailing_pauses_it_and_sends_nothing_twice(
    live: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with RecordingSMTP(tmp_path / "log") as server:
        box = mailbox(live.nora, server.port)
        prospects(live.nora, 30, "slow0.1.{}")
        mailing = sent(live.nora)
        monkeypatch.setattr("overture.delivery.turn.TURN", 0.4)
        send_mailbox(box.pk)
        before = counts(mailing)
        assert 0 < before["sent"] < 30
        _backup(tmp_path / "dump")
        monkeypatch.undo()
        send_mailbox(box.pk)
        assert counts(mailing) == {"sent": 30}

        _restore(tmp_path / "dump")
        assert counts(mailing) == before
        send_mailbox(box.pk)
        keep_moving(0)
        assert counts(mailing) == before
        mailing.refresh_from_db()
        assert (mailing.state, mailing.reason) == ("paused", "restored")
        assert waits_because(mailing).startswith("The database was restored from a backup")
        assert Activity.objects.filter(verb="mailing_stopped", mailing=mailing).count() == 1
        got = [message.recipients[0] for message in server.messages()]
        assert len(got) == len(set(got)) == 30

        # A member who has looked goes on, and is not stopped again.
        resume(live.nora, mailing)
        keep_moving(0)
        mailing.refresh_from_db()
        assert mailing.state == "sending"


def test_claim_of_a_database_that_forgot_takes_nothing(live: World) -> None:
    box = mailbox(live.nora, 1)
    prospects(live.nora, 8)
    mailing = sent(live.nora)
    for _ in range(3):
        assert len(claim(box.pk, uuid4(), 1).rows) == 1
    # Put back while workers run: nobody has looked but the claim itself.
    SendingAddress.objects.update(claims=1)
    assert claim(box.pk, uuid4(), 5).rows == ()
    assert counts(mailing) == {"sending": 3, "queued": 5}
    assert Mailing.objects.get().reason == "restored"
    assert SendingAddress.objects.get().claims == 1


def test_claim_waits_beside_the_loop_for_a_worker_that_notes_its_own(
    live: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(restored, "PATIENCE", 60)
    box = mailbox(live.nora, 1)
    prospects(live.nora, 1)
    sent(live.nora)
    ticks: list[int] = []

    async def claimed() -> int:
        ledger = LedgerLine()
        with restored._alone():  # as one that was stopped there
            waiting = asyncio.create_task(claims.claim(ledger, box.pk, uuid4(), 1))
            for tick in range(20):
                await asyncio.sleep(0.05)
                ticks.append(tick)
            assert not waiting.done()
        found = await waiting
        await ledger.close()
        return len(found.rows)

    assert asyncio.run(claimed()) == 1
    assert len(ticks) == 20


def test_holder_that_is_not_stopped_is_not_passed_by() -> None:
    """Two wait for one that was stopped: then one of them for the other, as long as for anybody."""
    held: list[tuple[float, float]] = []

    def hold() -> None:
        with restored._alone():
            began = monotonic()
            sleep(restored.PATIENCE / 2)
            held.append((began, monotonic()))

    waiting = [Thread(target=hold), Thread(target=hold)]
    with restored._alone():
        for each in waiting:
            each.start()
            sleep(restored.PATIENCE / 4)
        for each in waiting:
            each.join()
    (_, first_ended), (second_began, _) = held
    assert first_ended <= second_began


def _waits_again(seconds: float) -> None:
    raise AssertionError("a second claim waits for who was stopped")


def test_worker_that_was_stopped_while_it_notes_its_claim_is_passed_by(
    live: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(restored, "PATIENCE", 0.1)
    box = mailbox(live.nora, 1)
    prospects(live.nora, 3)
    sent(live.nora)
    with restored._alone():
        assert len(claim(box.pk, uuid4(), 1).rows) == 1
        assert restored.last_claim(box.address_key) == 1
        monkeypatch.setattr(restored, "sleep", _waits_again)
        assert len(claim(box.pk, uuid4(), 1).rows) == 1
        assert restored.last_claim(box.address_key) == 2
    assert len(claim(box.pk, uuid4(), 1).rows) == 1
    assert restored.last_claim(box.address_key) == 3
    assert [path.name for path in restored._folder().glob("*.part")] == []


def test_another_database_pauses_everything_once(live: World) -> None:
    mailbox(live.nora, 1)
    prospects(live.nora, 1)
    sent(live.nora)
    assert restored.check()
    file = settings.OVERTURE_DATA / "claims" / "database"
    mine = file.read_text()
    file.write_text("7000000000000000000-1-5")
    assert not restored.check()
    assert list(Mailing.objects.values_list("state", "reason")) == [("paused", "restored")]
    assert file.read_text() == mine
    assert restored.check()


def test_killed_between_commit_and_note_is_no_restore(live: World) -> None:
    box = mailbox(live.nora, 1)
    prospects(live.nora, 4)
    sent(live.nora)
    claim(box.pk, uuid4(), 1)
    file = next((settings.OVERTURE_DATA / "claims").glob("*.claim"))
    assert file.read_text() == "1"
    claim(box.pk, uuid4(), 1)
    file.write_text("1")
    assert restored.check()
    assert len(claim(box.pk, uuid4(), 1).rows) == 1
    assert file.read_text() == "3"
    assert Delivery.objects.filter(state="sending").count() == 3
