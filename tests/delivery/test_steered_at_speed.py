"""Pause, resume, cancel, undo and a chosen moment while several workers send as fast as they can."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from overture.delivery.approve import send
from overture.delivery.errors import NotNow
from overture.delivery.models import Delivery, Mailing
from overture.delivery.steer import cancel, pause, resume, undo
from overture.prospects.models import Prospect
from tests.delivery.cast import counts, crowd, mailbox, prepared, prospects, sent
from tests.delivery.workers import data_folder, until, worker
from tests.fakes.recording_smtp import read_log, smtp_process
from tests.world import World

pytestmark = pytest.mark.slow
COUNT = 3000


@pytest.fixture
def log(live: World, tmp_path: Path) -> Iterator[Path]:
    """Of a server that is quick, and not so quick that all is over at once; two workers, COUNT prospects."""
    data, log = data_folder(tmp_path), tmp_path / "log"
    with smtp_process(log, "--latency", "0.01") as (port, _), worker(data), worker(data):
        mailbox(live.nora, port)
        crowd(live.nora, COUNT)
        yield log


def test_each_pause_holds_however_often(live: World, log: Path) -> None:
    mailing = sent(live.nora)
    for _ in range(6):
        before = len(read_log(log))
        until(lambda before=before: len(read_log(log)) > before, what="mail")  # type: ignore[misc]
        if Mailing.objects.get(pk=mailing.pk).state == "done":
            break
        leaving = pause(live.nora, mailing)
        claimed, arrived = _claimed(mailing), len(read_log(log))
        until(lambda: not _is_leaving(mailing), what="those under way")
        assert _claimed(mailing) <= claimed
        got = len(read_log(log))
        assert got - arrived <= leaving
        time.sleep(0.5)
        assert (len(read_log(log)), _is_leaving(mailing)) == (got, False)
        resume(live.nora, mailing)
    until(lambda: Mailing.objects.get(pk=mailing.pk).state == "done", what="the end")
    assert counts(mailing) == {"sent": COUNT}
    _nobody_twice(log)


def test_cancelled_among_others_it_ends_and_they_do_not(live: World, log: Path) -> None:
    ids = _prospect_ids(live)
    kept = sent(live.nora, {"prospects": ids[: COUNT // 2]})
    mailing = sent(live.nora, {"prospects": ids[COUNT // 2 :]})
    until(lambda: _sent(mailing) > 50, what="mail")
    cancel(live.nora, mailing)
    claimed = _claimed(mailing)
    until(lambda: Mailing.objects.get(pk=kept.pk).state == "done", what="the other")
    ended = counts(mailing)
    assert ended["sent"] <= claimed
    assert ended == {"sent": ended["sent"], "cancelled by_hand": COUNT // 2 - ended["sent"]}
    assert counts(kept) == {"sent": COUNT // 2}
    assert len(read_log(log)) == COUNT // 2 + ended["sent"]
    _nobody_twice(log)


def test_undone_within_its_window_nothing_of_it_leaves(live: World, log: Path) -> None:
    ones = prospects(live.nora, 6, "single{}")
    sent(live.nora, {"filter": {}, "exclude": [row.pk for row in ones]})
    until(lambda: len(read_log(log)) > 50, what="mail")
    undone = []
    for row, window in zip(ones, (1, 1, 1, 2, 2, 2), strict=True):
        manifest = prepared(live.nora, {"prospects": [row.pk]})
        mailing = send(live.nora, manifest.mailing, manifest.pk, undo_seconds=window)
        assert mailing.starts_at
        # As late as one can be; on a busy machine it may be too late.
        time.sleep(max(0.0, (mailing.starts_at - timezone.now()).total_seconds() - 0.1))
        with contextlib.suppress(NotNow):
            undone.append(undo(live.nora, mailing).pk)
    assert undone
    until(
        lambda: not Mailing.objects.exclude(pk__in=undone).exclude(state="done").exists(), what="the others"
    )
    assert set(Mailing.objects.filter(pk__in=undone).values_list("state", flat=True)) == {"prepared"}
    time.sleep(4)  # more than one round of keep_moving
    got = [message.recipients[0] for message in read_log(log)]
    singles = [address for address in got if address.startswith("single")]
    assert len(singles) == len(ones) - len(undone)
    assert len(got) == COUNT + len(singles)


def test_paused_as_its_moment_comes_it_begins_or_it_does_not(live: World, log: Path) -> None:
    """Whichever is first: never does anything leave that the answer did not tell."""
    ones = prospects(live.nora, 8, "single{}")
    at = timezone.now() + timedelta(seconds=4)
    mailings = []
    for row in ones:
        manifest = prepared(live.nora, {"prospects": [row.pk]})
        mailings.append(send(live.nora, manifest.mailing, manifest.pk, undo_seconds=0, at=at))
    time.sleep(max(0.0, (at - timezone.now()).total_seconds()))
    told = 0
    for mailing in mailings:
        time.sleep(0.4)
        with contextlib.suppress(NotNow):  # it is over already
            told += pause(live.nora, mailing)
    before = {mailing.pk: _claimed(mailing) for mailing in mailings}
    time.sleep(4)
    assert {mailing.pk: _claimed(mailing) for mailing in mailings} == before
    assert len(read_log(log)) == sum(before.values())
    assert told <= sum(before.values())


def _prospect_ids(world: World) -> list[int]:
    rows = Prospect.objects.filter(workspace_id=world.nora.workspace_id)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _claimed(mailing: Mailing) -> int:
    """How many were ever claimed and not given back."""
    return Delivery.objects.filter(mailing=mailing, attempts__gt=0).count()


def _sent(mailing: Mailing) -> int:
    return Delivery.objects.filter(mailing=mailing, state="sent").count()


def _is_leaving(mailing: Mailing) -> bool:
    return Delivery.objects.filter(mailing=mailing, state="sending").exists()


def _nobody_twice(log: Path) -> None:
    got = [message.recipients[0] for message in read_log(log)]
    assert len(got) == len(set(got))
