"""A chosen moment: nothing before it, late with a note, held when missed by long, steered until then."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone, translation

from overture.accounts.models import Membership
from overture.activity.models import Activity
from overture.delivery.approve import send
from overture.delivery.errors import Changed, DraftError, NotNow
from overture.delivery.jobs import keep_moving
from overture.delivery.models import Delivery, Mailing
from overture.delivery.progress import began_late, forecast, waits_because
from overture.delivery.schedule import begin_scheduled, may_move, reschedule
from overture.delivery.sending import send_mailbox
from overture.delivery.steer import cancel, pause, resume, undo
from overture.delivery.suppress import suppress
from overture.mailboxes.models import Mailbox
from overture.notices.models import Notice
from overture.prospects.models import Contacted
from tests.delivery.cast import claim, counts, mailbox, prepared, prospects
from tests.fakes.recording_smtp import RecordingSMTP
from tests.world import World

HOUR = timedelta(hours=1)


def scheduled(member: Membership, ahead: timedelta = HOUR, **fields: Any) -> Mailing:
    manifest = prepared(member, **fields)
    return send(member, manifest.mailing, manifest.pk, at=timezone.now() + ahead)


def pass_time(by: timedelta) -> None:
    """As if the moment chosen lay so much earlier."""
    for row in Mailing.objects.exclude(starts_at=None):
        row.scheduled_at = row.scheduled_at and row.scheduled_at - by
        row.starts_at = row.starts_at and row.starts_at - by
        row.save()


def verbs() -> list[str]:
    return list(Activity.objects.order_by("pk").values_list("verb", flat=True))


@pytest.fixture
def box(live: World) -> Mailbox:
    prospects(live.nora, 3)
    return mailbox(live.nora, 1, time_zone="Europe/Paris")


def test_nothing_is_claimed_before_its_moment_and_then_it_begins_by_itself(live: World, box: Mailbox) -> None:
    mailing = scheduled(live.nora)
    assert (mailing.state, mailing.starts_at) == ("scheduled", mailing.scheduled_at)
    keep_moving(0)
    assert claim(box.pk, uuid4(), 5).rows == ()
    pass_time(HOUR)
    keep_moving(0)
    mailing.refresh_from_db()
    assert (mailing.state, mailing.starts_at) == ("sending", mailing.scheduled_at)
    assert len(claim(box.pk, uuid4(), 5).rows) == 3
    assert began_late(mailing) == ""
    assert verbs()[1:] == ["mailing_scheduled", "mailing_begun"]


def test_page_says_when_it_starts_in_both_languages(live: World, box: Mailbox) -> None:
    mailing = scheduled(live.nora)
    moment = timezone.now().replace(year=2038, month=7, day=6, hour=8, minute=40)
    Mailing.objects.update(starts_at=moment)
    mailing.refresh_from_db()
    assert waits_because(mailing) == "Starts on Tuesday 6 July 2038, 10:40 (Europe/Paris)."
    with translation.override("fr"):
        assert waits_because(mailing) == "Départ le mardi 6 juillet 2038 à 10:40 (Europe/Paris)."


def test_forecast_counts_from_its_moment(live: World, box: Mailbox) -> None:
    mailing = scheduled(live.nora, timedelta(days=3))
    found = forecast(mailing)
    assert mailing.starts_at
    assert found
    assert timedelta(0) <= found - mailing.starts_at < timedelta(minutes=2)


@pytest.mark.parametrize(("late", "said"), [(timedelta(minutes=1), False), (timedelta(hours=11), True)])
def test_what_missed_its_moment_starts_late_and_says_so(
    live: World, box: Mailbox, late: timedelta, said: bool
) -> None:
    mailing = scheduled(live.nora)
    pass_time(HOUR + late)
    mailing.refresh_from_db()
    assert waits_because(mailing).startswith("No worker is running.")
    begin_scheduled()
    mailing.refresh_from_db()
    assert mailing.state == "sending"
    assert bool(began_late(mailing)) is said
    assert mailing.starts_at
    assert mailing.starts_at <= timezone.now()
    if said:
        assert ", because no worker was running before." in began_late(mailing)
        assert timezone.now() - mailing.starts_at < timedelta(minutes=1)
    assert Activity.objects.get(verb="mailing_begun").facts["late_seconds"] >= late.total_seconds() - 1


def test_what_missed_its_moment_by_more_than_twelve_hours_is_held_until_somebody_decides(
    live: World, box: Mailbox
) -> None:
    mailing = scheduled(live.nora)
    pass_time(HOUR + timedelta(hours=12, minutes=1))
    keep_moving(0)
    mailing.refresh_from_db()
    assert (mailing.state, mailing.reason) == ("paused", "schedule_missed")
    assert "more than 12 hours have passed since: nothing was sent." in waits_because(mailing)
    assert Notice.objects.get().kind == "schedule_missed"
    assert claim(box.pk, uuid4(), 5).rows == ()
    keep_moving(0)
    assert counts(mailing) == {"queued": 3}
    assert Notice.objects.count() == 1
    reschedule(live.nora, mailing, None, undo_seconds=0)
    assert len(claim(box.pk, uuid4(), 5).rows) == 3


def test_another_moment_for_what_was_missed(live: World, box: Mailbox) -> None:
    mailing = scheduled(live.nora)
    pass_time(timedelta(hours=20))
    keep_moving(0)
    later = timezone.now() + HOUR
    mailing = reschedule(live.nora, mailing, later)
    assert (mailing.state, mailing.reason, mailing.scheduled_at, mailing.starts_at) == (
        "scheduled", "", later, later,
    )  # fmt: skip


def test_sent_now_still_has_its_undo_window(live: World, box: Mailbox) -> None:
    mailing = reschedule(live.nora, scheduled(live.nora), None)
    assert (mailing.state, mailing.scheduled_at) == ("sending", None)
    assert claim(box.pk, uuid4(), 5).rows == ()
    assert undo(live.nora, mailing).state == "prepared"


def test_paused_before_its_moment_it_waits_and_resumed_it_keeps_it(live: World, box: Mailbox) -> None:
    mailing = scheduled(live.nora)
    pause(live.nora, mailing)
    assert resume(live.nora, mailing).state == "scheduled"
    pause(live.nora, mailing)
    pass_time(2 * HOUR)
    keep_moving(0)
    mailing.refresh_from_db()
    assert mailing.state == "paused"
    assert may_move(mailing)
    assert resume(live.nora, mailing).state == "sending"
    assert len(claim(box.pk, uuid4(), 5).rows) == 3


def test_cancelled_it_never_leaves_and_frees_its_partners(live: World, box: Mailbox) -> None:
    mailing = scheduled(live.nora)
    assert Contacted.objects.filter(done_at=None).count() == 3
    assert cancel(live.nora, mailing) == 0
    pass_time(2 * HOUR)
    keep_moving(0)
    assert counts(mailing) == {"cancelled by_hand": 3}
    assert Contacted.objects.count() == 0


def test_undone_it_can_be_edited_and_sent_again(live: World, box: Mailbox) -> None:
    mailing = undo(live.nora, scheduled(live.nora))
    assert (mailing.state, mailing.scheduled_at, mailing.starts_at) == ("prepared", None, None)
    assert Contacted.objects.count() == 0
    assert send(live.nora, mailing, mailing.manifest_id or 0).state == "sending"


def test_who_may_not_be_written_to_any_more_at_its_moment_gets_nothing(live: World, box: Mailbox) -> None:
    mailing = scheduled(live.nora)
    suppress(live.nora, "jo1@p1.example")
    pass_time(HOUR)
    keep_moving(0)
    assert len(claim(box.pk, uuid4(), 5).rows) == 2
    assert counts(mailing)["skipped suppressed"] == 1


def test_a_colleague_cannot_pass_the_contact_policy_meanwhile(live: World, box: Mailbox) -> None:
    scheduled(live.nora)
    assert prepared(live.camille).skipped == {"contacted_recently": 3}


@pytest.mark.parametrize(
    ("ahead", "code"),
    [(timedelta(seconds=-1), "past"), (timedelta(0), "past"), (timedelta(days=367), "too_far")],
)
def test_moment_that_cannot_be_is_refused_and_nothing_changes(
    live: World, box: Mailbox, ahead: timedelta, code: str
) -> None:
    manifest = prepared(live.nora)
    for act in (
        lambda: send(live.nora, manifest.mailing, manifest.pk, at=timezone.now() + ahead),
        lambda: reschedule(live.nora, scheduled(live.nora), timezone.now() + ahead),
    ):
        with pytest.raises(DraftError) as raised:
            act()
        assert (raised.value.field, raised.value.code) == ("at", code)
    assert set(Mailing.objects.values_list("state", flat=True)) <= {"prepared", "scheduled"}


def test_moment_within_the_undo_window_waits_for_its_end(live: World, box: Mailbox) -> None:
    manifest = prepared(live.nora)
    mailing = send(live.nora, manifest.mailing, manifest.pk, 30, timezone.now() + timedelta(seconds=5))
    assert mailing.starts_at
    assert mailing.approved_at
    assert mailing.starts_at - mailing.approved_at == timedelta(seconds=30)
    begin_scheduled()
    mailing.refresh_from_db()
    assert mailing.state == "scheduled"


def test_moment_of_what_has_begun_cannot_be_changed(live: World, box: Mailbox) -> None:
    mailing = scheduled(live.nora)
    pass_time(HOUR)
    keep_moving(0)
    with pytest.raises(NotNow, match="not_scheduled"):
        reschedule(live.nora, mailing, timezone.now() + HOUR)
    assert claim(box.pk, uuid4(), 1).rows
    pause(live.nora, mailing)
    with pytest.raises(NotNow, match="not_scheduled"):
        reschedule(live.nora, mailing, timezone.now() + HOUR)
    cancel(live.nora, mailing)
    with pytest.raises(NotNow, match="over"):
        reschedule(live.nora, mailing, None)


def test_scheduled_cannot_be_sent_once_more(live: World, box: Mailbox) -> None:
    mailing = scheduled(live.nora)
    with pytest.raises(Changed, match="already_sent"):
        send(live.nora, mailing, mailing.manifest_id or 0)


def test_mailbox_that_is_gone_holds_it_with_the_reason(live: World, box: Mailbox) -> None:
    mailing = scheduled(live.nora)
    Mailbox.objects.update(state="disconnected", reason_words="535 5.7.8 no")
    keep_moving(0)
    mailing.refresh_from_db()
    assert (mailing.state, waits_because(mailing)) == ("paused", "Mailbox disconnected: 535 5.7.8 no")
    with pytest.raises(NotNow, match="mailbox_disconnected"):
        reschedule(live.nora, mailing, None)
    Mailbox.objects.update(state="connected")
    assert resume(live.nora, mailing).state == "scheduled"


@pytest.mark.slow
def test_it_arrives_once_its_moment_has_come(live: World, tmp_path: Any) -> None:
    with RecordingSMTP(tmp_path / "log") as server:
        box = mailbox(live.nora, server.port)
        prospects(live.nora, 3)
        mailing = scheduled(live.nora)
        send_mailbox(box.pk)
        assert server.messages() == []
        pass_time(HOUR)
        keep_moving(0)
        send_mailbox(box.pk)
        assert len(server.messages()) == 3
    assert counts(mailing) == {"sent": 3}
    assert Delivery.objects.filter(first_tried_at=None).count() == 0
