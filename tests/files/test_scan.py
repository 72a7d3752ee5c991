"""The scan: what waits is judged, a scanner that is away passes nothing, new signatures look again."""

from __future__ import annotations

import io
import os
import threading
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from overture.activity.models import Activity
from overture.files import drain, store, upkeep
from overture.files.keep import keep
from overture.files.models import Attachment, StoredFile
from overture.files.scan import Claimed, Outcome, claim, claim_again, examine, judge, scan_due, settle
from overture.files.standing import look, standing, waiting
from tests.fakes.odd_clamd import odd_clamd
from tests.fakes.scanner import EICAR, FOUND, Scanner
from tests.files import samples
from tests.files.test_keep import give
from tests.world import World


@pytest.fixture
def own(files: Path, settings: Any, tmp_path_factory: Any) -> Any:
    """A scanner of the test's own, to be stopped, killed and taught."""
    made = Scanner(tmp_path_factory.mktemp("c"))
    made.start()
    settings.OVERTURE_CLAMD, settings.OVERTURE_CLAMD_SECONDS = made.address, 5
    yield made
    if made.process:
        made.thaw()
    made.kill()


def state_of(attachment: Attachment) -> tuple[str, str, int]:
    stored = StoredFile.objects.get(pk=attachment.stored_id)
    return stored.state, stored.reason, stored.attempts


def make_due() -> None:
    StoredFile.objects.update(due_at=timezone.now() - timedelta(seconds=1))


def names_kept() -> list[str]:
    root = Path(storages["files"].location)  # type: ignore[attr-defined]
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def test_a_file_is_scanned_from_the_moment_it_is_kept(world: World, files: Path) -> None:
    give(world, samples.CSV, "a.csv")
    give(world, samples.CSV + b"\n1,2", "b.csv")
    waits = ProcrastinateJob.objects.filter(status="todo").values_list("task_name", "queue_name")
    assert list(waits) == [("overture.files.jobs.scan_files", "scans")]


def test_an_infected_file_is_closed_told_and_in_quarantine(world: World, scanner: Any) -> None:
    first = give(world, EICAR, "first.csv")
    second = keep(io.BytesIO(EICAR), "second.csv", workspace_id=world.other_brand.pk, member=world.stranger)
    logo = keep(io.BytesIO(EICAR), "logo.csv", workspace_id=None, user=world.nora.user)
    assert scan_due() == 1
    assert state_of(first) == ("infected", FOUND, 1)
    told = Activity.objects.filter(verb="file_blocked").order_by("pk")
    assert [(each.workspace, each.facts) for each in told] == [
        (world.brand, {"attachment": first.pk, "name": "first.csv", "found": FOUND}),
        (world.other_brand, {"attachment": second.pk, "name": "second.csv", "found": FOUND}),
    ]
    logo.refresh_from_db()
    assert logo.told_at is not None
    sha256 = first.stored.sha256
    assert names_kept() == [f"quarantine/{sha256[:2]}/{sha256[2:4]}/{sha256}.given"]
    # Given again, it is known.
    third = give(world, EICAR, "third.csv")
    assert third.state == "infected"
    assert Activity.objects.filter(verb="file_blocked").count() == 3
    assert scan_due() == 0


def test_a_scanner_that_is_away_passes_nothing(world: World, files: Path) -> None:
    made = give(world, samples.CSV, "a.csv")
    waits = []
    for attempts in range(1, 9):
        make_due()
        assert scan_due() == 0
        assert state_of(made) == ("pending", "scanner_down", attempts)
        waits.append(round((StoredFile.objects.get().due_at - timezone.now()).total_seconds()))
    assert waits == [5, 10, 20, 40, 80, 160, 320, 600]
    assert not upkeep.has_work()


@pytest.mark.parametrize("answer", [b"stream: OK ok\0", b"rubbish\0", b"", b"stream: OK"])
def test_an_odd_answer_passes_nothing(
    world: World, files: Path, settings: Any, tmp_path_factory: Any, answer: bytes
) -> None:
    made = give(world, samples.CSV, "a.csv")
    with odd_clamd(tmp_path_factory.mktemp("o"), answer) as settings.OVERTURE_CLAMD:
        assert scan_due() == (answer == b"stream: OK")
    assert state_of(made)[0] == ("clean" if answer == b"stream: OK" else "pending")


def test_killed_and_started_again(world: World, own: Any) -> None:
    own.kill()
    made = give(world, EICAR, "a.csv")
    assert scan_due() == 0
    assert (look().version, look().note, waiting().count) == ("", "down", 1)
    assert not upkeep.has_work()
    own.start()
    assert upkeep.has_work()
    assert (standing().version, standing().note) == ("ClamAV 1.4.6", "test")
    assert scan_due() == 1
    assert state_of(made) == ("infected", FOUND, 2)


def test_stopped_in_the_middle(world: World, own: Any, settings: Any) -> None:
    settings.OVERTURE_CLAMD_SECONDS = 1
    made = give(world, samples.CSV, "a.csv")
    own.freeze()
    assert scan_due() == 0
    assert state_of(made) == ("pending", "scanner_down", 1)
    own.thaw()
    make_due()
    assert scan_due() == 1
    assert state_of(made)[0] == "clean"


def test_killed_in_the_middle_of_a_large_file(world: World, own: Any) -> None:
    made = give(world, b"a,b\n" * 3_000_000, "a.csv")
    stop = threading.Timer(0.02, own.kill)
    (claimed,) = claim(1)
    stop.start()
    judge(claimed)
    stop.join()
    assert state_of(made)[0] in {"pending", "clean"}
    own.kill()
    own.start()
    StoredFile.objects.filter(state="pending").update(due_at=timezone.now())
    scan_due()
    assert state_of(made)[:2] == ("clean", "")


def test_what_a_dead_worker_claimed_is_claimed_again(world: World, scanner: Any) -> None:
    made = give(world, samples.CSV, "a.csv")
    (dead,) = claim(9)
    assert claim(9) == []
    make_due()
    (alive,) = claim(9)
    assert judge(alive)
    # Should the dead one be alive after all, it changes nothing.
    StoredFile.objects.update(state="infected", reason="found since")
    judge(dead)
    assert state_of(made)[:2] == ("infected", "found since")


def test_what_cannot_be_read_is_tried_again_later(world: World, scanner: Any, files: Path) -> None:
    made, other = give(world, samples.CSV, "a.csv"), give(world, samples.CSV + b"1,2\n", "b.csv")
    path = files / store.key_of(made.stored.sha256, store.GIVEN)
    path.unlink()
    path.mkdir()
    assert scan_due() == 1
    assert (state_of(made), state_of(other)) == (("pending", "", 1), ("clean", "", 0))
    assert StoredFile.objects.get(pk=made.stored_id).due_at > timezone.now()


def test_new_signatures_look_again_and_block(world: World, own: Any) -> None:
    made, good = give(world, b"name\nunheard-of virus\n", "a.csv"), give(world, samples.CSV, "b.csv")
    old = give(world, b"name\nunheard-of virus, old\n", "c.csv")
    assert scan_due() == 3
    StoredFile.objects.filter(pk=old.stored_id).update(created_at=timezone.now() - timedelta(days=31))
    assert not upkeep.has_work()
    own.kill()
    own.sign("Heard-Of:0:*:756e68656172642d6f66207669727573")
    own.start()
    # A test's signatures have no version: told by what a file was judged with.
    StoredFile.objects.update(signatures="ClamAV 1.4.6/1/before")
    assert upkeep.has_work()
    again = 0
    while claimed := claim_again(1, "ClamAV 1.4.6"):
        assert [each.state for each in claimed] == ["clean"]
        again += judge(claimed[0])
    assert again == 2
    assert [state_of(each)[:2] for each in (made, good, old)] == [
        ("infected", "Heard-Of.UNOFFICIAL"),
        ("clean", ""),
        ("clean", ""),
    ]
    assert Activity.objects.get(verb="file_blocked").facts["attachment"] == made.pk
    assert not upkeep.has_work()


def test_what_was_clean_stays_open_while_it_cannot_be_looked_at_again(
    world: World, scanner: Any, settings: Any
) -> None:
    made = give(world, samples.CSV, "a.csv")
    scan_due()
    settings.OVERTURE_CLAMD = "unix:/nobody"
    StoredFile.objects.update(signatures="before")
    (claimed,) = claim_again(9, "ClamAV 1.4.6")
    assert not judge(claimed)
    assert state_of(made)[:2] == ("clean", "")
    assert StoredFile.objects.get().signatures == "before"


def test_what_is_gone_is_not_clean(world: World, scanner: Any) -> None:
    made = give(world, samples.CSV, "a.csv")
    storages["files"].delete(names_kept()[0])
    assert scan_due() == 1
    assert state_of(made)[:2] == ("unscannable", "gone")
    # Given again, there is something to scan.
    again = give(world, samples.CSV, "a.csv")
    assert (again.stored_id, scan_due(), state_of(again)[0]) == (made.stored_id, 1, "clean")


def test_what_nobody_holds_goes_after_a_day(world: World, scanner: Any) -> None:
    loose, held, young = (
        give(world, samples.CSV + bytes([65 + number]), f"{number}.csv") for number in range(3)
    )
    blocked = give(world, EICAR, "bad.csv")
    scan_due()
    world.brand.refresh_from_db()
    from overture.conversations.models import MessageDraft
    from tests import factories

    draft = MessageDraft.objects.create(workspace=world.brand, partner=factories.partner(), member=world.nora)
    draft.attachments.add(held)
    days_ago = timezone.now() - timedelta(days=2)
    Attachment.objects.exclude(pk=young.pk).update(created_at=days_ago)
    StoredFile.objects.exclude(pk=young.stored_id).update(created_at=days_ago)
    assert upkeep.delete_unheld() == 1
    assert set(Attachment.objects.values_list("pk", flat=True)) == {held.pk, young.pk}
    stays = {held.stored_id, young.stored_id, blocked.stored_id}
    assert set(StoredFile.objects.values_list("pk", flat=True)) == stays
    assert loose.stored.sha256 not in " ".join(names_kept())
    assert len(names_kept()) == 3


def test_the_quarantine_ends_after_thirty_days(world: World, scanner: Any) -> None:
    made = give(world, EICAR, "bad.csv")
    scan_due()
    assert upkeep.delete_old_quarantine() == 0
    StoredFile.objects.update(scanned_at=timezone.now() - timedelta(days=31))
    assert (upkeep.delete_old_quarantine(), upkeep.delete_old_quarantine()) == (1, 0)
    assert names_kept() == []
    stored = StoredFile.objects.get(pk=made.stored_id)
    assert (stored.state, stored.deleted_at is not None) == ("infected", True)
    # It is known all the same.
    assert give(world, EICAR, "again.csv").state == "infected"
    assert names_kept() == []


def test_what_a_killed_process_left_is_cleared(files: Path) -> None:
    for name in ("old", "new"):
        (store.incoming_folder() / name).mkdir(parents=True)
    os.utime(store.incoming_folder() / "old", (0, 0))
    upkeep.clear_workplace()
    assert [path.name for path in store.incoming_folder().iterdir()] == ["new"]


@pytest.mark.slow
def test_a_drain_judges_everything_once(live: World, scanner: Any) -> None:
    """Several threads, and wakes that come while it is at work."""
    made = [give(live, samples.CSV + f"{number}\n".encode(), f"{number}.csv") for number in range(40)]
    bad = give(live, EICAR, "bad.csv")
    wakes = [threading.Thread(target=drain.drain, args=(lambda: False,)) for _ in range(4)]
    for each in wakes:
        each.start()
    for each in wakes:
        each.join(30)
    assert {state_of(each) for each in made} == {("clean", "", 0)}
    assert state_of(bad) == ("infected", FOUND, 1)
    assert Activity.objects.filter(verb="file_blocked").count() == 1


def _give_many(world: World, count: int) -> None:
    for number in range(count):
        give(world, samples.CSV + f"{number}\n".encode(), f"{number}.csv")


@pytest.mark.slow
def test_a_worker_that_ends_gives_back_what_it_has_not_begun(live: World, scanner: Any) -> None:
    _give_many(live, 20)
    drain.drain(lambda: True)
    judged = StoredFile.objects.filter(state="clean").count()
    assert 1 <= judged < 20
    # Due at once, as if nobody had had them; the lease of a dead worker's would take five minutes.
    assert StoredFile.objects.filter(state="pending", attempts=0).count() == 20 - judged
    assert len(claim(99)) == 20 - judged


@pytest.mark.slow
def test_what_waits_for_a_stuck_scanner_is_left_to_others(
    live: World, own: Any, settings: Any, monkeypatch: Any
) -> None:
    settings.OVERTURE_CLAMD_SECONDS = 4
    monkeypatch.setattr(drain, "_PATIENCE", 0.5)
    _give_many(live, 20)
    own.freeze()
    should_stop = threading.Event()
    stuck = threading.Thread(target=drain.drain, args=(should_stop.is_set,))
    stuck.start()
    others: list[Claimed] = []
    deadline = time.monotonic() + 20
    while len(others) < 16 and time.monotonic() < deadline:
        time.sleep(0.05)
        # Nobody's before it has claimed its own.
        others += claim(99) if StoredFile.objects.filter(attempts=1).count() >= 16 or others else []
    assert len(others) == 16
    should_stop.set()
    own.thaw()
    stuck.join(20)
    assert StoredFile.objects.filter(state="clean").count() == 4


@pytest.mark.slow
def test_files_are_written_down_in_the_order_in_which_others_lock_them(live: World, scanner: Any) -> None:
    """Who sends two locks them by number: who had the second and waited for the first would be stuck."""
    _give_many(live, 2)
    first, second = sorted(claim(2), key=lambda each: each.id)
    outcomes = [examine(second), examine(first)]
    writing = threading.Thread(target=_settle_and_close, args=(outcomes,))
    with transaction.atomic():
        StoredFile.objects.select_for_update().get(pk=first.id)
        writing.start()
        writing.join(1)
        assert writing.is_alive()
        StoredFile.objects.select_for_update(nowait=True).get(pk=second.id)
    writing.join(20)
    assert set(StoredFile.objects.values_list("state", flat=True)) == {"clean"}


def _settle_and_close(outcomes: list[Outcome]) -> None:
    settle(outcomes)
    connection.close()


@pytest.mark.slow
def test_who_gives_a_file_as_it_is_blocked_is_told(live: World, scanner: Any) -> None:
    """The scan ends between the moment a second person's file is recognised and the moment it is theirs."""
    give(live, EICAR, "first.csv")
    (claimed,) = claim(1)
    judged = threading.Thread(target=_judge_and_close, args=(claimed,))
    with transaction.atomic():
        give(live, EICAR, "second.csv")
        judged.start()
        # It cannot have ended before we have; a moment in which it would otherwise.
        judged.join(1)
        assert judged.is_alive()
    judged.join(20)
    told = Activity.objects.filter(verb="file_blocked").order_by("pk")
    assert sorted(each.facts["name"] for each in told) == ["first.csv", "second.csv"]


def _judge_and_close(claimed: Claimed) -> None:
    judge(claimed)
    connection.close()


def test_bytes_without_a_row_go_after_a_day(world: World, scanner: Any, files: Path) -> None:
    """As an undone request leaves them; those of a request that is under way stay."""
    held = give(world, samples.CSV, "a.csv")
    with suppress(ZeroDivisionError), transaction.atomic():
        undone = give(world, samples.picture(), "b.png")
        raise ZeroDivisionError
    sha256 = undone.stored.sha256
    assert [upkeep.delete_strays(), len(names_kept())] == [0, 4]
    for path in files.rglob(f"{sha256}.*"):
        os.utime(path, (0, 0))
    assert upkeep.delete_strays() == 1
    assert names_kept() == [store.key_of(held.stored.sha256, store.GIVEN)]
