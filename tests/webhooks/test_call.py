"""Calls by real HTTP to a receiver that misbehaves: signed, tried again, given up, paused; nothing lost."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from overture.activity.record import record
from overture.lib.secrets import new_key
from overture.notices.models import Notice
from overture.webhooks import call as calling
from overture.webhooks.call import MOST_ATTEMPTS, WAITS, call_due, due
from overture.webhooks.collect import collect
from overture.webhooks.edit import change_secret, edit, make, pause, remove, resume
from overture.webhooks.errors import NotNow
from overture.webhooks.models import Webhook, WebhookCall
from overture.webhooks.repeat import repeat, send_test
from tests.delivery.workers import data_folder, until, worker
from tests.fakes.receiver import Receiver, receiving
from tests.webhooks.cast import hook, make_due, told, verify
from tests.world import World


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    settings.OVERTURE_ALLOW_PRIVATE_WEBHOOK_HOSTS = True
    with receiving() as server:
        yield server


def happen(world: World, count: int = 1) -> None:
    for number in range(count):
        record("file_blocked", world.brand.pk, attachment=number, name=f"{number}.pdf")
    collect()


def seen(call_of: Webhook) -> tuple[Any, ...]:
    call = WebhookCall.objects.get(webhook=call_of)
    return call.state, call.attempts, call.status, call.problem, call.answer


def test_call_arrives_signed(live: World, receiver: Receiver) -> None:
    webhook, secret = make(live.nora, receiver.url("/ok"), ["file.blocked"])
    happen(live)
    assert due() == [webhook.pk]
    assert call_due(webhook.pk) == 1
    (came,) = receiver.came
    assert came.told["data"] == {"attachment": 0, "name": "0.pdf"}
    assert abs(verify(came, secret) - time.time()) < 60
    assert came.headers["content-type"] == "application/json"
    assert seen(webhook) == ("done", 1, 204, "", "")
    assert (due(), call_due(webhook.pk)) == ([], 0)


def test_signature_is_the_one_of_the_specification() -> None:
    """The example of the Standard Webhooks specification and its libraries."""
    from base64 import b64decode

    from overture.webhooks.sign import signed

    key = b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    headers = signed("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}', [key])
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_secret_that_changed_signs_beside_the_old_one(live: World, receiver: Receiver) -> None:
    webhook, old = make(live.nora, receiver.url("/ok"), ["file.blocked"])
    new = change_secret(live.nora, webhook)
    happen(live)
    call_due(webhook.pk)
    verify(receiver.came[0], old)
    verify(receiver.came[0], new)
    Webhook.objects.update(old_secret_until=timezone.now())
    happen(live)
    call_due(webhook.pk)
    verify(receiver.came[1], new)
    with pytest.raises(AssertionError):
        verify(receiver.came[1], old)


def test_secret_is_encrypted_and_follows_the_keys(live: World, receiver: Receiver, settings: Any) -> None:
    webhook, secret = make(live.nora, receiver.url("/ok"), ["file.blocked"])
    webhook.refresh_from_db()
    assert secret not in webhook.secret
    settings.ENCRYPTION_KEYS = f"{new_key('fresh')} {settings.ENCRYPTION_KEYS}"
    call_command("rotate-secrets")
    webhook.refresh_from_db()
    assert webhook.secret.startswith("fresh.")
    happen(live)
    call_due(webhook.pk)
    verify(receiver.came[0], secret)


def test_failed_attempt_is_made_again_later_as_the_same_call(live: World, receiver: Receiver) -> None:
    webhook, secret = make(live.nora, receiver.url("/next"), ["file.blocked"])
    receiver.statuses = [500, 204]
    happen(live)
    before = timezone.now()
    assert call_due(webhook.pk) == 0
    assert seen(webhook) == ("waiting", 1, 500, "", "")
    waits = WebhookCall.objects.get().due_at - before
    assert timedelta(seconds=WAITS[0]) <= waits < timedelta(seconds=WAITS[0] + 30)
    assert due() == []
    make_due(webhook)
    assert call_due(webhook.pk) == 1
    assert seen(webhook) == ("done", 2, 204, "", "")
    first, second = receiver.came
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body
    assert verify(second, secret) >= verify(first, secret)
    webhook.refresh_from_db()
    assert (webhook.failures, webhook.failing_since, webhook.rests_until) == (0, None, None)


def test_call_that_never_arrives_has_failed_after_a_day(live: World, receiver: Receiver) -> None:
    webhook = hook(live.nora, receiver.url("/status/500"), "file.blocked")
    happen(live)
    for _ in range(MOST_ATTEMPTS + 2):
        make_due(webhook)
        call_due(webhook.pk)
    assert seen(webhook) == ("failed", MOST_ATTEMPTS, 500, "", "not now please")
    assert len(receiver.came) == MOST_ATTEMPTS
    assert timedelta(hours=20) < timedelta(seconds=sum(WAITS)) < timedelta(hours=30)


@pytest.mark.parametrize(
    ("path", "status", "problem"),
    [
        ("/drop", None, "dropped"),
        ("/noise", None, "no_http"),
        ("/slow", None, "timeout"),
        ("/drip", None, "timeout"),
        ("/elsewhere", 302, "redirect"),
    ],
)
def test_misbehaviour_is_named(
    live: World, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, path: str, status: int, problem: str
) -> None:
    monkeypatch.setattr(calling, "PATIENCE", 0.3)
    webhook = hook(live.nora, receiver.url(path), "file.blocked")
    happen(live)
    assert call_due(webhook.pk) == 0
    assert seen(webhook)[:4] == ("waiting", 1, status, problem)
    # A redirect to a host inside is not followed.
    assert [came.path for came in receiver.came] == [path]


def test_huge_answer_is_cut(live: World, receiver: Receiver) -> None:
    webhook = hook(live.nora, receiver.url("/huge"), "file.blocked")
    happen(live)
    assert call_due(webhook.pk) == 1
    assert seen(webhook) == ("done", 1, 200, "", "a" * 500)


def test_private_host_is_not_called_unless_the_operator_allows(
    live: World, receiver: Receiver, settings: Any
) -> None:
    webhook = hook(live.nora, f"https://localhost:{receiver.port}/ok", "file.blocked")
    settings.OVERTURE_ALLOW_PRIVATE_WEBHOOK_HOSTS = False
    happen(live)
    assert call_due(webhook.pk) == 0
    assert seen(webhook)[:4] == ("waiting", 1, None, "private_address")
    assert receiver.came == []


def test_calls_are_made_in_their_order(live: World, receiver: Receiver) -> None:
    webhook = hook(live.nora, receiver.url("/ok"), "file.blocked")
    happen(live, 12)
    assert call_due(webhook.pk) == 12
    assert [came.told["data"]["attachment"] for came in receiver.came] == list(range(12))


def test_one_call_that_is_refused_holds_no_other_up(live: World, receiver: Receiver) -> None:
    webhook = hook(live.nora, receiver.url("/next"), "file.blocked")
    receiver.statuses = [500]
    happen(live, 3)
    assert call_due(webhook.pk) == 2
    states = WebhookCall.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["waiting", "done", "done"]


def test_receiver_that_is_down_is_left_alone_for_a_while(live: World, receiver: Receiver) -> None:
    webhook = hook(live.nora, receiver.url("/drop"), "file.blocked")
    happen(live, 5)
    call_due(webhook.pk)
    assert len(receiver.came) == 1
    rests = []
    for _ in range(3):
        webhook.refresh_from_db()
        rests.append(round((webhook.rests_until - timezone.now()).total_seconds()))
        make_due(webhook)
        call_due(webhook.pk)
    assert rests == [5, 10, 20]
    # Waiting costs the others no attempt.
    assert sum(WebhookCall.objects.values_list("attempts", flat=True)) == 4


def test_receiver_that_answers_badly_again_and_again_rests_too(live: World, receiver: Receiver) -> None:
    webhook = hook(live.nora, receiver.url("/status/500"), "file.blocked")
    happen(live, 9)
    call_due(webhook.pk)
    assert len(receiver.came) == calling.PATIENCE_WITH_ANSWERS


def test_receiver_that_is_busy_says_until_when(live: World, receiver: Receiver) -> None:
    webhook = hook(live.nora, receiver.url("/busy/120"), "file.blocked")
    happen(live)
    call_due(webhook.pk)
    webhook.refresh_from_db()
    assert 110 < (webhook.rests_until - timezone.now()).total_seconds() <= 120


def test_days_of_failure_pause_it_and_tell_the_administrators(live: World, receiver: Receiver) -> None:
    webhook = hook(live.nora, receiver.url("/drop?token=s3cret"), "file.blocked")
    happen(live)
    call_due(webhook.pk)
    webhook.refresh_from_db()
    assert webhook.paused_at is None
    Webhook.objects.update(failing_since=timezone.now() - calling.GIVE_UP - timedelta(minutes=1))
    make_due(webhook)
    call_due(webhook.pk)
    webhook.refresh_from_db()
    assert webhook.paused_because == "failing"
    (notice,) = Notice.objects.all()
    assert (notice.member, notice.kind) == (live.nora, "webhook_paused")
    assert notice.facts == {
        "webhook": webhook.pk,
        "host": f"127.0.0.1:{receiver.port}",
        "because": "failing",
    }
    make_due(webhook)
    assert (due(), call_due(webhook.pk)) == ([], 0)
    resume(live.nora, webhook)
    edit(live.nora, webhook, url=receiver.url("/ok"))
    assert call_due(webhook.pk) == 1


def test_address_that_is_gone_pauses_it_at_once(live: World, receiver: Receiver) -> None:
    webhook = hook(live.nora, receiver.url("/status/410"), "file.blocked")
    happen(live)
    call_due(webhook.pk)
    webhook.refresh_from_db()
    assert webhook.paused_because == "gone"
    assert Notice.objects.count() == 1


def test_pause_and_removal_hold(live: World, receiver: Receiver) -> None:
    webhook = hook(live.nora, receiver.url("/ok"), "file.blocked")
    happen(live, 2)
    pause(live.nora, webhook)
    assert (due(), call_due(webhook.pk)) == ([], 0)
    remove(live.nora, webhook)
    assert receiver.came == []
    assert set(WebhookCall.objects.values_list("state", "problem")) == {("failed", "removed")}
    webhook.refresh_from_db()
    assert webhook.secret == ""
    happen(live)
    assert len(told(webhook)) == 2


def test_call_is_repeated_by_hand(live: World, receiver: Receiver) -> None:
    webhook = hook(live.nora, receiver.url("/ok"), "file.blocked")
    happen(live)
    call_due(webhook.pk)
    repeat(live.nora, WebhookCall.objects.get())
    assert call_due(webhook.pk) == 1
    assert len({came.headers["webhook-id"] for came in receiver.came}) == 1
    pause(live.nora, webhook)
    with pytest.raises(NotNow, match="webhook_paused"):
        repeat(live.nora, WebhookCall.objects.get())


def test_test_call_tells_at_once_how_it_went(live: World, receiver: Receiver) -> None:
    webhook, secret = make(live.nora, receiver.url("/next"), ["file.blocked"])
    receiver.statuses = [204, 503]
    well, badly = send_test(live.nora, webhook), send_test(live.nora, webhook)
    assert (well.state, well.status, badly.state, badly.status) == ("done", 204, "failed", 503)
    verify(receiver.came[0], secret)
    assert receiver.came[0].told["type"] == "test"
    webhook.refresh_from_db()
    assert webhook.failures == 0
    assert due() == []


@pytest.mark.slow
def test_killed_worker_loses_no_call(
    live: World, receiver: Receiver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed while the receiver has the call and has not answered: it comes once more, as the same."""
    monkeypatch.setenv("OVERTURE_ALLOW_PRIVATE_WEBHOOK_HOSTS", "1")
    data = data_folder(tmp_path)
    _, secret = make(live.nora, receiver.url("/slow"), ["file.blocked"])
    happen(live, 2)
    with worker(data) as killed:
        until(lambda: receiver.came, what="the first call")
        killed.send_signal(signal.SIGKILL)
        killed.wait()
    assert list(WebhookCall.objects.order_by("pk").values_list("state", "attempts")) == [
        ("waiting", 1),
        ("waiting", 0),
    ]
    receiver.release.set()
    with worker(data):
        until(lambda: not WebhookCall.objects.filter(state="waiting").exists(), what="both calls")
    assert sorted(came.told["data"]["attachment"] for came in receiver.came) == [0, 0, 1]
    assert len({came.headers["webhook-id"] for came in receiver.came}) == 2
    for came in receiver.came:
        verify(came, secret)


@pytest.mark.slow
def test_slow_receiver_slows_no_other(
    live: World, receiver: Receiver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As many that never answer as there are, beside one in the same lane as one of them."""
    monkeypatch.setenv("OVERTURE_ALLOW_PRIVATE_WEBHOOK_HOSTS", "1")
    slow = [hook(live.nora, receiver.url("/slow"), "file.blocked") for _ in range(4)]
    well = hook(live.stranger, receiver.url("/ok"), "opted_out")
    happen(live, 20)
    for _ in range(30):
        record("opted_out", live.other_brand.pk)
    with worker(data_folder(tmp_path)):
        until(
            lambda: WebhookCall.objects.filter(webhook=well, state="done").count() == 30,
            seconds=50,
            what="the one that is well",
        )
    assert WebhookCall.objects.filter(webhook__in=slow, state="done").count() == 0
    assert WebhookCall.objects.filter(webhook__in=slow).count() == 80
