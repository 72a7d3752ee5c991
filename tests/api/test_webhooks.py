"""/webhooks: the same verbs as the page has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from overture.webhooks.models import Webhook, WebhookCall
from tests.api.caller import Caller, caller
from tests.fakes.receiver import Receiver, receiving
from tests.webhooks.cast import verify
from tests.world import World

IN = {"url": "https://hooks.example/in", "events": ["opted_out", "stage.changed"]}


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    settings.OVERTURE_ALLOW_PRIVATE_WEBHOOK_HOSTS = True
    with receiving() as server:
        yield server


def test_webhook_is_added_changed_and_removed(nora: Caller) -> None:
    made = nora.post("/webhooks", IN)
    assert made.pop("secret").startswith("whsec_")
    assert (made["url"], made["events"]) == (IN["url"], ["stage.changed", "opted_out"])
    path = f"/webhooks/{made['id']}"
    assert nora.get(path) == made
    assert nora.get("/webhooks")["items"] == [made]
    assert nora("patch", path, {"events": ["opted_out"]})[1] == made | {"events": ["opted_out"]}
    assert nora.post(f"{path}/pause", expected=200)["paused_because"] == "by_hand"
    assert nora.post(f"{path}/resume", expected=200)["paused_at"] is None
    assert nora.post(f"{path}/secret", expected=200)["secret"].startswith("whsec_")
    assert nora("delete", path)[0] == 204
    assert nora("get", path)[0] == 404


def test_secret_is_kept_nowhere_in_clear(nora: Caller) -> None:
    """Neither in its row nor in the answer that an Idempotency-Key has kept, which is the same again."""
    from overture.api.models import KeptAnswer

    first, again = (nora("post", "/webhooks", IN, idempotency_key="once") for _ in range(2))
    assert first == again
    assert (nora.response.headers["Idempotent-Replayed"], Webhook.objects.count()) == ("true", 1)
    secret = first[1]["secret"]
    assert secret not in KeptAnswer.objects.get().body
    assert secret not in Webhook.objects.get().secret


def test_test_and_calls(nora: Caller, receiver: Receiver) -> None:
    made = nora.post("/webhooks", {"url": receiver.url("/ok"), "events": ["opted_out"]})
    tested = nora.post(f"/webhooks/{made['id']}/test", expected=200)
    assert (tested["state"], tested["status"], tested["event"]) == ("done", 204, "test")
    verify(receiver.came[0], made["secret"])
    assert nora.get(f"/webhooks/{made['id']}/calls?state=done")["items"] == [tested]
    assert nora.get(f"/webhooks/{made['id']}/calls?state=failed")["items"] == []
    again = nora.post(f"/webhooks/calls/{tested['id']}/repeat", expected=200)
    assert (again["state"], again["attempts"]) == ("waiting", 0)
    nora.post(f"/webhooks/{made['id']}/pause", expected=200)
    refused = nora.post(f"/webhooks/calls/{tested['id']}/repeat", expected=409)
    assert refused["detail"] == "This webhook is paused. Resume it first."


def test_refusals_name_the_field(nora: Caller) -> None:
    for url, code in (("http://x.example/", "not_https"), ("https://u:p@x.example/", "has_password")):
        answer = nora.post("/webhooks", IN | {"url": url}, expected=422)
        assert [(each["field"], each["code"]) for each in answer["errors"]] == [("url", code)]
    assert nora("post", "/webhooks", IN | {"events": ["secret.told"]})[0] == 422
    assert nora("post", "/webhooks", IN | {"events": []})[0] == 422
    assert Webhook.objects.count() == 0


def test_only_administrators(world: World, nora: Caller, stranger: Caller) -> None:
    made = nora.post("/webhooks", IN)
    call = WebhookCall.objects.create(
        workspace=world.brand, webhook_id=made["id"], event="opted_out", body={}, state="done"
    )
    camille = caller(world.camille)
    for who, status in ((camille, 403), (stranger, 404)):
        path = f"/webhooks/{made['id']}"
        assert who("get", path)[0] == status
        assert who("patch", path, {"url": "https://evil.example/"})[0] == status
        assert who("delete", path)[0] == status
        for act in ("pause", "resume", "secret", "test"):
            assert who("post", f"{path}/{act}")[0] == status
        assert who("post", f"/webhooks/calls/{call.pk}/repeat")[0] == status
    assert camille("get", "/webhooks")[0] == 403
    assert stranger.get("/webhooks")["items"] == []
    assert Webhook.objects.get().url == IN["url"]


def test_a_workspace_has_twenty_at_most(nora: Caller) -> None:
    for _ in range(20):
        nora.post("/webhooks", IN)
    answer = nora.post("/webhooks", IN, expected=422)
    assert answer["errors"][0]["code"] == "too_many_webhooks"
