"""The date and time beside Send: read in the mailbox's zone, kept on errors, changed and taken back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from overture.delivery.approve import send
from overture.delivery.models import Mailing
from overture.delivery.prepare import prepare
from overture.mailboxes.models import Mailbox
from overture.web.schedule import read
from tests.web.letters import letter, three
from tests.world import World

pytestmark = pytest.mark.django_db
HOME = "/w/halden/emails"
PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture
def ready(world: World) -> Mailing:
    made = letter(world.nora, *three(world.nora))
    Mailbox.objects.update(time_zone="Europe/Paris")
    prepare(world.nora, made)
    made.refresh_from_db()
    return made


@pytest.fixture
def waiting(world: World, ready: Mailing) -> Mailing:
    return send(world.nora, ready, ready.manifest_id or 0, at=timezone.now() + timedelta(days=2))


def ask(client: Any, mailing: Mailing, **posted: Any) -> tuple[int, str]:
    answer = client.post(f"{HOME}/{mailing.pk}/send", {"manifest": mailing.manifest_id} | posted)
    return answer.status_code, answer.content.decode()


def typed(days: int, clock: str = "10:40") -> str:
    return f"{timezone.now().astimezone(PARIS) + timedelta(days=days):%Y-%m-%d}T{clock}"


def shift(month: int) -> str:
    """The last Sunday of that month, some time ahead: the day on which clocks in Paris change."""
    year = timezone.now().year + (timezone.now().month >= month)
    last = datetime(year, month, 31, tzinfo=UTC)
    return f"{last - timedelta(days=(last.weekday() + 1) % 7):%Y-%m-%d}"


def test_send_stands_beside_a_time_in_the_zone_of_the_mailbox(
    as_member: Any, world: World, ready: Mailing
) -> None:
    page = as_member(world.nora).get(f"{HOME}/{ready.pk}/manifest").content.decode()
    assert 'type="datetime-local"' in page
    assert f'value="{typed(1, "09:00")}"' in page
    assert "In the time zone of the mailbox: Europe/Paris" in page
    assert "datetime-local" not in as_member(world.victor).get(f"{HOME}/{ready.pk}/manifest").content.decode()


def test_chosen_time_is_that_of_the_mailboxs_clock(as_member: Any, world: World, ready: Mailing) -> None:
    client, at = as_member(world.nora), typed(2)
    assert ask(client, ready, at=at)[0] == 302
    ready.refresh_from_db()
    assert ready.state == "scheduled"
    assert ready.starts_at == datetime.fromisoformat(at).replace(tzinfo=PARIS).astimezone(UTC)
    page = client.get(f"{HOME}/{ready.pk}").content.decode()
    day = ready.starts_at.astimezone(PARIS)
    assert f"Starts on {day:%A} {day.day} {day:%B}" in page
    assert ", 10:40 (Europe/Paris)." in page
    assert all(word in page for word in ("Send now", "Change the time", "Pause", "Cancel sending"))
    assert "data-countdown" not in page
    listed = client.get(f"{HOME}?show=sending").content.decode()
    assert f"Starts on {day:%A}" in listed


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("", "Enter a date and a time, such as "),
        ("soon", "Enter a date and a time, such as "),
        ("2026-02-30T10:00", "Enter a date and a time, such as "),
        ("2027-01-01T10:00+09:00", "Enter a date and a time, such as "),
        ("0001-01-01T00:00", "Enter a date and a time, such as "),
        ("2020-01-01T10:00", "This time has passed: it is "),
        ("2199-12-31T10:00", "Choose a moment within a year from now."),
    ],
)
def test_time_that_cannot_be_is_refused_beside_its_field(
    as_member: Any, world: World, ready: Mailing, at: str, said: str
) -> None:
    status, page = ask(as_member(world.nora), ready, at=at)
    assert status == 422
    assert said in page
    assert '<details class="later" data-hold open>' in page
    assert 'aria-invalid="true"' in page
    if at[:1] == "2" and "+" not in at and "-02-30" not in at:
        assert f'value="{at}"' in page
    ready.refresh_from_db()
    assert (ready.state, ready.starts_at) == ("prepared", None)


def test_hour_that_the_clocks_skip_is_refused(as_member: Any, world: World, ready: Mailing) -> None:
    status, page = ask(as_member(world.nora), ready, at=f"{shift(3)}T02:30")
    assert (status, "the clocks go forward in Europe/Paris, and 02:30 does not exist" in page) == (422, True)


@pytest.mark.parametrize(("which", "hours"), [("0", 0), ("1", 1)])
def test_hour_that_comes_twice_is_asked_for(
    as_member: Any, world: World, ready: Mailing, which: str, hours: int
) -> None:
    client, at = as_member(world.nora), f"{shift(10)}T02:30"
    status, page = ask(client, ready, at=at)
    assert (status, "02:30 comes twice. Say which one." in page) == (422, True)
    assert "The first one (UTC+02:00)" in page
    assert "The second one (UTC+01:00)" in page
    first = datetime.fromisoformat(at).replace(tzinfo=UTC) - timedelta(hours=2)
    assert read(ready, {"at": at, "which": which}) == first + timedelta(hours=hours)


def test_time_is_changed_and_a_wrong_one_is_kept_with_why(
    as_member: Any, world: World, waiting: Mailing
) -> None:
    client, url = as_member(world.nora), f"{HOME}/{waiting.pk}/schedule"
    answer = client.post(url, {"at": "2020-01-01T10:00"})
    page = answer.content.decode()
    assert (answer.status_code, "This time has passed" in page, 'value="2020-01-01T10:00"' in page) == (
        422, True, True,
    )  # fmt: skip
    assert client.post(url, {"at": typed(5)}).status_code == 302
    waiting.refresh_from_db()
    assert waiting.starts_at == datetime.fromisoformat(typed(5)).replace(tzinfo=PARIS).astimezone(UTC)
    assert "Another time was chosen" in client.get(f"{HOME}/{waiting.pk}").content.decode()


def test_sent_now_begins_after_the_undo_window(as_member: Any, world: World, waiting: Mailing) -> None:
    client = as_member(world.nora)
    client.post(f"{HOME}/{waiting.pk}/schedule", {"now": "1"})
    waiting.refresh_from_db()
    assert waiting.state == "sending"
    assert "data-countdown" in client.get(f"{HOME}/{waiting.pk}").content.decode()
    answer = client.post(f"{HOME}/{waiting.pk}/schedule", {"at": typed(5)}, follow=True)
    assert "Sending has begun: its time can no longer be changed." in answer.content.decode()


def test_withdrawn_it_is_back_at_its_manifest(as_member: Any, world: World, waiting: Mailing) -> None:
    answer = as_member(world.nora).post(f"{HOME}/{waiting.pk}/undo", follow=True)
    assert "Undone. Nothing was sent." in answer.content.decode()
    assert "Send later" in answer.content.decode()


def test_paused_it_still_tells_its_time_and_missed_it_can_go_anyway(
    as_member: Any, world: World, waiting: Mailing
) -> None:
    client = as_member(world.nora)
    client.post(f"{HOME}/{waiting.pk}/pause")
    page = client.get(f"{HOME}/{waiting.pk}").content.decode()
    assert "Stopped by a member." in page
    assert "Planned for " in page
    facts = {"planned": "2026-01-02T09:00:00+00:00"}
    Mailing.objects.update(reason="schedule_missed", reason_facts=facts)
    page = client.get(f"{HOME}/{waiting.pk}").content.decode()
    assert "2 January" in page
    assert ", 10:00 (Europe/Paris), but no worker was running" in page
    assert "Send anyway" in page


def test_viewers_see_when_it_starts_and_change_nothing(
    as_member: Any, world: World, waiting: Mailing
) -> None:
    client = as_member(world.victor)
    page = client.get(f"{HOME}/{waiting.pk}").content.decode()
    assert ("Starts on " in page, "Send now" in page) == (True, False)
    assert client.post(f"{HOME}/{waiting.pk}/schedule", {"now": "1"}).status_code == 403


def test_late_start_stays_on_the_page(as_member: Any, world: World, waiting: Mailing) -> None:
    now = timezone.now()
    Mailing.objects.update(state="done", scheduled_at=now - timedelta(hours=3), starts_at=now)
    assert (
        "because no worker was running before."
        in as_member(world.nora).get(f"{HOME}/{waiting.pk}").content.decode()
    )
