"""A mailing that is refused or complained of too often stops by itself and says so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from overture.activity.models import Activity
from overture.delivery.by_index import by_index
from overture.delivery.models import Delivery, Mailing
from overture.delivery.progress import waits_because
from overture.delivery.sending import send_mailbox
from overture.delivery.spike import stop_spikes
from overture.delivery.steer import resume
from overture.mailboxes.models import Mailbox
from overture.notices.models import Notice
from tests import factories
from tests.delivery.cast import counts, crowd, mailbox, prospects, sent
from tests.fakes.recording_smtp import RecordingSMTP
from tests.world import World


def _answered(mailing: Mailing, count: int, **fields: object) -> None:
    """The next `count` rows have left."""
    rows = Delivery.objects.filter(mailing=mailing, state="queued").order_by("pk")[:count]
    given = {"state": "sent", "sent_at": timezone.now(), "due_at": None} | fields
    Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(**given)


@pytest.fixture
def mailing(world: World) -> Mailing:
    mailbox(world.nora)
    crowd(world.nora, 1200)
    return sent(world.nora)


@pytest.mark.parametrize(
    ("sent_well", "refused", "stops"),
    [(18, 1, False), (18, 2, True), (95, 5, False), (94, 6, True), (0, 19, False), (950, 50, False)],
)
@pytest.mark.django_db
def test_more_than_five_percent_refused_stops_it(
    world: World, mailing: Mailing, sent_well: int, refused: int, stops: bool
) -> None:
    _answered(mailing, refused, state="failed", reason="550", sent_at=None)
    _answered(mailing, sent_well)
    assert stop_spikes() == stops
    mailing.refresh_from_db()
    assert mailing.state == ("paused" if stops else "sending")
    assert Notice.objects.filter(member=world.nora, kind="too_many_refused").count() == stops
    if stops:
        of = sent_well + refused
        assert waits_because(mailing).startswith(
            f"Stopped by itself: {refused} of the last {of} were refused"
        )
        assert Activity.objects.get(verb="mailing_stopped").facts["bad"] == refused


@pytest.mark.django_db
def test_only_the_last_thousand_count_and_hard_bounces_with_them(world: World, mailing: Mailing) -> None:
    _answered(mailing, 60, state="failed", reason="550", sent_at=None)
    _answered(mailing, 1000)
    assert stop_spikes() == 0
    last = Delivery.objects.filter(mailing=mailing, state="sent").order_by("-pk")[:51]
    bounced = Delivery.objects.filter(pk__in=[row.pk for row in last])
    bounced.update(bounced_at=timezone.now(), bounce_kind="soft")
    assert stop_spikes() == 0
    bounced.update(bounce_kind="hard")
    assert stop_spikes() == 1


@pytest.mark.parametrize(("complaints", "of", "stops"), [(2, 30, False), (3, 30, True), (3, 1000, False)])
@pytest.mark.django_db
def test_complaints_stop_it(mailing: Mailing, complaints: int, of: int, stops: bool) -> None:
    _answered(mailing, of - complaints)
    _answered(mailing, complaints, complained_at=timezone.now())
    assert stop_spikes() == stops
    assert Mailing.objects.get().reason == ("too_many_complaints" if stops else "")


@pytest.mark.django_db
def test_own_refusals_and_deferrals_are_no_spike(mailing: Mailing) -> None:
    _answered(mailing, 20)
    _answered(mailing, 20, state="failed", reason="too_large", sent_at=None)
    _answered(mailing, 20, state="deferred", reason="450", sent_at=None, due_at=timezone.now())
    assert stop_spikes() == 0


@pytest.mark.slow
def test_wrong_list_stops_while_it_leaves_and_goes_on_when_resumed(live: World, tmp_path: Path) -> None:
    with RecordingSMTP(tmp_path / "log") as server:
        # A fast machine sends them all before the first answer is judged: the limit keeps most of them back.
        box = mailbox(live.nora, server.port, per_minute=60)
        prospects(live.nora, 30)
        for number in range(300):
            factories.prospect(live.nora, "gone", f"rcpt5.{number}@x.example")
        mailing = sent(live.nora)
        send_mailbox(box.pk)
        mailing.refresh_from_db()
        stopped = counts(mailing)
        assert (mailing.state, mailing.reason) == ("paused", "too_many_refused")
        assert stopped["sent"] == 30
        assert stopped["failed 550"] <= 30
        # Who resumes has judged what was: only what is refused from now on counts.
        resume(live.nora, mailing)
        assert stop_spikes() == 0
        Mailbox.objects.filter(pk=box.pk).update(per_minute=100_000)
        send_mailbox(box.pk)
        assert counts(mailing)["failed 550"] >= stopped["failed 550"] + 20


@pytest.mark.django_db
def test_however_many_are_still_to_leave_only_the_last_answers_are_read(mailing: Mailing) -> None:
    _answered(mailing, 30)
    with CaptureQueriesContext(connection) as queries:
        assert stop_spikes() == 0
    (statement,) = [query["sql"] for query in queries if "watched" in query["sql"]]
    with by_index(), connection.cursor() as cursor:
        cursor.execute(statement)
        assert cursor.fetchall() == [(mailing.pk, 30, 0, 0)]
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}")
        ((plan,),) = cursor.fetchall()
    # The answers, and of the 1,170 others the next to leave, with the rows passed over before it.
    assert sum(_rows_read(plan[0]["Plan"])) == 30 + 31


def _rows_read(plan: dict[str, Any]) -> Iterator[int]:
    if plan.get("Relation Name") == "overture_delivery":
        yield int(plan["Actual Loops"] * (plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)))
    for part in plan.get("Plans", ()):
        yield from _rows_read(part)
