"""Settings > Webhooks, as an administrator sees and steers them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from overture.webhooks.models import Event, Webhook, WebhookCall
from tests.fakes.receiver import Receiver, receiving
from tests.web.signed_in import client_of
from tests.webhooks.cast import hook, verify
from tests.world import World

PAGE = "/w/halden/settings/webhooks"
URL = "https://hooks.example/in"


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    settings.OVERTURE_ALLOW_PRIVATE_WEBHOOK_HOSTS = True
    with receiving() as server:
        yield server


def call(webhook: Webhook, **fields: Any) -> WebhookCall:
    given = {"event": "opted_out", "body": {}, "workspace_id": webhook.workspace_id} | fields
    return WebhookCall.objects.create(webhook=webhook, **given)


def secret_in(page: str) -> str:
    found = re.search(r"whsec_[A-Za-z0-9+/=]+", page)
    return found[0] if found else ""


def test_secret_is_shown_once(world: World) -> None:
    client = client_of(world.nora)
    made = client.post(f"{PAGE}/new", {"url": URL, "events": ["opted_out", "stage.changed"]})
    assert made.headers["Cache-Control"] == "no-store"
    secret = secret_in(made.content.decode())
    assert len(secret) == 50
    webhook = Webhook.objects.get()
    assert (webhook.url, webhook.events) == (URL, ["stage.changed", "opted_out"])
    for path in (PAGE, f"{PAGE}/{webhook.pk}", f"{PAGE}/{webhook.pk}/edit"):
        assert secret_in(client.get(path).content.decode()) == ""
    changed = secret_in(client.post(f"{PAGE}/{webhook.pk}/secret").content.decode())
    assert changed not in ("", secret)


def test_what_was_typed_stays_with_the_reason(world: World) -> None:
    answer = client_of(world.nora).post(
        f"{PAGE}/new", {"url": "http://hooks.example/", "events": ["opted_out"]}
    )
    page = answer.content.decode()
    assert "The address must begin with https://" in page
    assert 'value="http://hooks.example/"' in page
    assert re.findall(r'value="([a-z._]+)"[^>]* checked', page) == ["opted_out"]
    assert (
        "Choose at least one event."
        in client_of(world.nora).post(f"{PAGE}/new", {"url": URL}).content.decode()
    )
    assert Webhook.objects.count() == 0


def test_webhook_is_edited_paused_resumed_and_removed(world: World) -> None:
    client, webhook = client_of(world.nora), hook(world.nora, URL)
    one = f"{PAGE}/{webhook.pk}"
    client.post(f"{one}/edit", {"url": URL + "2", "events": ["opted_out"]})
    webhook.refresh_from_db()
    assert (webhook.url, webhook.events) == (URL + "2", ["opted_out"])
    client.post(f"{one}/pause")
    webhook.refresh_from_db()
    assert webhook.paused_because == "by_hand"
    assert "Paused" in client.get(PAGE).content.decode()
    client.post(f"{one}/resume")
    webhook.refresh_from_db()
    assert (webhook.paused_at, webhook.paused_because) == (None, "")
    assert client.post(f"{one}/remove")["Location"] == PAGE
    assert client.get(one).status_code == 404
    assert "No webhook yet" in client.get(PAGE).content.decode()


def test_test_is_sent_and_told(world: World, receiver: Receiver) -> None:
    client = client_of(world.nora)
    page = client.post(f"{PAGE}/new", {"url": receiver.url("/next"), "events": ["opted_out"]})
    one = f"{PAGE}/{Webhook.objects.get().pk}"
    receiver.statuses = [204, 500]
    assert "Test: Answered 204." in client.post(f"{one}/test", follow=True).content.decode()
    badly = client.post(f"{one}/test", follow=True).content.decode()
    assert "Test: Answered 500; 200 to 299 would count as received." in badly
    verify(receiver.came[0], secret_in(page.content.decode()))


def test_calls_are_listed_and_repeated(world: World) -> None:
    client, webhook = client_of(world.nora), hook(world.nora, URL)
    failed = call(webhook, state="failed", attempts=10, status=500, answer="<b>no</b>", took_ms=1200)
    waiting = call(webhook, state="waiting", attempts=2, problem="timeout")
    page = client.get(f"{PAGE}/{webhook.pk}").content.decode()
    assert '<code class="break">&lt;b&gt;no&lt;/b&gt;</code>' in page
    assert "No answer within 10 seconds." in page
    assert f"calls/{failed.pk}/repeat" in page
    assert f"calls/{waiting.pk}/repeat" not in page
    client.post(f"{PAGE}/calls/{failed.pk}/repeat")
    failed.refresh_from_db()
    assert (failed.state, failed.attempts) == ("waiting", 0)


def test_a_manager_does_not_get_there(world: World) -> None:
    client, webhook = client_of(world.camille), hook(world.nora, URL)
    for path in (PAGE, f"{PAGE}/new", f"{PAGE}/{webhook.pk}", f"{PAGE}/{webhook.pk}/edit"):
        assert client.get(path).status_code == 403
    for act in ("secret", "pause", "resume", "remove", "test"):
        assert client.post(f"{PAGE}/{webhook.pk}/{act}").status_code == 403
    assert PAGE not in client.get("/w/halden/settings/mailboxes").content.decode()
    assert PAGE in client_of(world.nora).get("/w/halden/settings/mailboxes").content.decode()


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}/one"])
def test_lists_ask_as_often_for_three_as_for_one(world: World, path: str) -> None:
    client, first = client_of(world.nora), hook(world.nora, URL)
    path = path.replace("one", str(first.pk))
    call(first)
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as one:
        client.get(path)
    for _ in range(2):
        hook(world.nora, URL)
        call(first)
    with CaptureQueriesContext(connection) as three:
        assert client.get(path).status_code == 200
    assert len(three) == len(one)


def test_notice_leads_to_the_webhook(world: World) -> None:
    from overture.webhooks.call import pause_failing

    webhook = hook(world.nora, URL)
    pause_failing(webhook, "failing")
    client = client_of(world.nora)
    page = client.get("/w/halden/notices").content.decode()
    assert "The webhook to hooks.example is paused: its calls did not arrive" in page
    number = re.search(r'href="/w/halden/notices/(\d+)"', page)
    assert number
    assert client.get(f"/w/halden/notices/{number[1]}")["Location"] == f"{PAGE}/{webhook.pk}"


def test_events_have_words() -> None:
    assert all(str(event.label) for event in Event)
