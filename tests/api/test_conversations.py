"""Conversations, messages, drafts and messages to many in the API."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from overture.conversations.answer import answer
from overture.conversations.block import block
from overture.conversations.carry_out import carry_out
from overture.conversations.models import Conversation, Message, MessageRun
from overture.prospects.models import Prospect
from tests import factories
from tests.api.caller import Caller, caller
from tests.conversations.cast import Portal, file, portal, talk
from tests.world import World


def codes(told: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each["field"], each["code"]) for each in told["errors"]]


@pytest.fixture
def veille(world: World) -> Portal:
    return portal(world)


def begun(world: World, veille: Portal) -> Conversation:
    conversation, _ = talk(world.nora, veille.partner, "Hello")
    answer(veille.elise, conversation, "**Bonjour**")
    return Conversation.objects.get(pk=conversation.pk)


def test_a_first_message_marks_the_partner_and_is_told(nora: Caller, world: World) -> None:
    partner = factories.partner(None, "Marlow", has_messaging=True)
    held = file(member=world.nora, workspace=world.brand)
    made = nora.post("/messages", {"partner": partner.pk, "text": "Hello", "files": [held.pk]})
    message = Message.objects.get()
    assert made | {"created_at": ""} == {
        "id": message.pk,
        "conversation": message.conversation_id,
        "side": "brand",
        "member": world.nora.pk,
        "text": "Hello",
        "files": [{"id": held.pk, "name": "rates.pdf", "state": "clean"}],
        "created_at": "",
        "edited_at": None,
        "withdrawn_at": None,
    }
    assert Prospect.objects.get().stage == "outreach"


def test_why_nobody_can_be_messaged_is_a_conflict_in_words(
    nora: Caller, world: World, veille: Portal
) -> None:
    quiet = factories.partner(None, "Quiet")
    status, told = nora("post", "/messages", {"partner": quiet.pk, "text": "Hello"})
    assert (status, codes(told)) == (409, [("partner", "messaging_off")])
    assert told["detail"] == "This partner has not turned messages on. Write an email instead."
    conversation = begun(world, veille)
    block(veille.elise, conversation)
    at = f"/conversations/{conversation.pk}"
    status, told = nora("post", f"{at}/messages", {"text": "Hello"})
    assert (status, codes(told)) == (409, [("partner", "blocked")])
    seen = nora.get(at)
    assert (seen["is_blocked"], seen["why_no_message"]) == (True, "blocked")
    assert Prospect.objects.filter(partner=quiet).count() == 0
    status, told = nora("post", f"{at}/messages", {"text": " "})
    assert (status, codes(told)) == (422, [("text", "empty")])
    assert nora("post", "/messages", {"partner": 999_999, "text": "Hello"})[0] == 404


def test_conversations_are_listed_filtered_and_found(nora: Caller, world: World, veille: Portal) -> None:
    conversation = begun(world, veille)
    item = nora.get("/conversations")["items"][0]
    assert item | {"created_at": "", "newest": {**item["newest"], "at": ""}} == {
        "id": conversation.pk,
        "mpid": veille.partner.pk,
        "prospect": veille.prospect.pk,
        "name": "La Longue Veille",
        "state": "open",
        "among": "prospects",
        "assignee": None,
        "snoozed_until": None,
        "is_unread": True,
        "is_blocked": False,
        "why_no_message": None,
        "newest": {"side": "partner", "who": "Élise Vauquelin", "line": "Bonjour", "files": [], "at": ""},
        "created_at": "",
    }

    def found(query: str) -> list[int]:
        return [each["id"] for each in nora.get(f"/conversations?{query}")["items"]]

    assert found("q=bonj") == found("unread=true") == found("among=prospects") == [conversation.pk]
    assert found("q=nobody") == found("mine=true") == found("state=done") == found("among=creators") == []
    assert nora("get", "/conversations?state=gone")[0] == 422
    assert nora.get("/conversations/unread") == {"unread": 1}


def test_a_thread_is_told_by_time_and_marks_nothing(nora: Caller, world: World, veille: Portal) -> None:
    conversation = begun(world, veille)
    told = nora.get(f"/conversations/{conversation.pk}/thread")
    assert [(each["kind"], each["side"], each["who"], each["text"]) for each in told["items"]] == [
        ("message", "brand", "Nora Lindqvist", "Hello"),
        ("event", "brand", "Nora Lindqvist", "stage_moved"),
        ("message", "partner", "Élise Vauquelin", "**Bonjour**"),
    ]
    assert told["items"][2]["html"] == '<p dir="auto"><strong>Bonjour</strong></p>'
    assert told["before"] is None
    assert nora.get("/conversations/unread") == {"unread": 1}
    last = nora.get(f"/conversations/{conversation.pk}/thread?limit=1")
    assert [each["text"] for each in last["items"]] == ["**Bonjour**"]
    before = last["before"].replace("+", "%2B")
    assert len(nora.get(f"/conversations/{conversation.pk}/thread?before={before}")["items"]) == 2


def test_ones_own_message_is_changed_and_withdrawn(nora: Caller, world: World, veille: Portal) -> None:
    conversation = begun(world, veille)
    made = nora.post(f"/conversations/{conversation.pk}/messages", {"text": "Helo"})
    status, told = nora("patch", f"/messages/{made['id']}", {"text": "Hello"})
    assert (status, told["text"]) == (200, "Hello")
    theirs = Message.objects.get(side="partner").pk
    assert nora("patch", f"/messages/{theirs}", {"text": "Hello"})[0] == 403
    assert nora.post(f"/messages/{made['id']}/withdraw", expected=200)["text"] == ""
    status, told = nora("post", f"/messages/{made['id']}/withdraw")
    assert (status, codes(told)) == (409, [("message", "withdrawn")])
    Message.objects.filter(text="Hello").update(created_at=timezone.now() - timedelta(minutes=11))
    status, told = nora("patch", f"/messages/{Message.objects.get(text='Hello').pk}", {"text": "Hi"})
    assert told["detail"] == "Messages can be changed for 10 minutes only."


def test_a_conversation_is_read_put_aside_and_assigned(nora: Caller, world: World, veille: Portal) -> None:
    conversation = begun(world, veille)
    at = f"/conversations/{conversation.pk}"
    assert nora.post(f"{at}/read", expected=200)["is_unread"] is False
    assert nora.post(f"{at}/unread", expected=200)["is_unread"] is True
    assert nora.post(f"{at}/done", expected=200)["state"] == "done"
    assert nora.post(f"{at}/reopen", expected=200)["state"] == "open"
    assert nora.post(f"{at}/spam", expected=200)["state"] == "spam"
    later = nora.post(f"{at}/snooze", {"until": "2050-01-01T10:00:00Z"}, expected=200)
    assert (later["state"], later["snoozed_until"]) == ("snoozed", "2050-01-01T10:00:00Z")
    status, told = nora("post", f"{at}/snooze", {"until": "2020-01-01T10:00:00Z"})
    assert (status, codes(told)) == (422, [("until", "past")])
    assert (
        nora.post(f"{at}/assign", {"member": world.camille.pk}, expected=200)["assignee"] == world.camille.pk
    )
    assert nora("post", f"{at}/assign", {"member": world.stranger.pk})[0] == 404


def test_many_are_put_aside_at_once_or_none(nora: Caller, world: World, veille: Portal) -> None:
    conversation = begun(world, veille)
    some = {"conversations": [conversation.pk]}
    assert nora.post("/conversations/done", some, expected=200) == {"changed": 1}
    assert nora.post("/conversations/done", some, expected=200) == {"changed": 0}
    assert nora.post("/conversations/reopen", some, expected=200) == {"changed": 1}
    moved = {**some, "until": "2050-01-01T10:00:00Z"}
    assert nora.post("/conversations/snooze", moved, expected=200) == {"changed": 1}
    assert nora.post("/conversations/spam", some, expected=200) == {"changed": 1}
    assert nora.post("/conversations/assign", {**some, "member": None}, expected=200) == {"changed": 0}
    assert nora("post", "/conversations/done", {"conversations": [conversation.pk, 999_999]})[0] == 404
    stranger = caller(world.stranger)
    assert stranger("post", "/conversations/reopen", some)[0] == 404
    conversation.refresh_from_db()
    assert conversation.state == "spam"


def test_a_draft_is_kept_and_thrown_away(nora: Caller, world: World, veille: Portal) -> None:
    at = f"/drafts/{veille.partner.pk}"
    none = {"mpid": veille.partner.pk, "text": "", "files": [], "saved_at": None}
    assert nora.get(at) == none
    assert nora("put", at, {"text": "Bon"})[1]["text"] == "Bon"
    assert nora.get(at)["text"] == "Bon"
    assert caller(world.camille).get(at) == none
    assert nora("put", at, {"text": ""}) == (200, none)
    assert caller(world.stranger)("put", "/drafts/999999", {"text": "Hi"})[0] == 404


def test_messages_to_many_are_previewed_sent_and_told(nora: Caller, world: World, veille: Portal) -> None:
    quiet = factories.prospect(world.nora, "Quiet")
    body = {"audience": {"prospects": [veille.prospect.pk, quiet.pk]}, "text": "Hello {mpname}"}
    assert nora.post("/message-runs/preview", body, expected=200) == {
        "count": 1,
        "held": [{"reason": "messaging_off", "count": 1, "names": ["Quiet"]}],
    }
    status, told = nora("post", "/message-runs", {**body, "text": "Hi {adcode_1}"})
    assert (status, codes(told)) == (422, [("text", "adcode")])
    status, told = nora("post", "/message-runs", {**body, "audience": {"prospects": [quiet.pk]}})
    assert (status, codes(told)) == (422, [("audience", "nobody_left")])
    made = nora.post("/message-runs", body)
    assert (made["state"], made["total"], made["done"]) == ("queued", 1, 0)
    carry_out(MessageRun.objects.get().pk)
    assert nora.get(f"/message-runs/{made['id']}")["state"] == "done"
    rows = nora.get(f"/message-runs/{made['id']}/rows")["items"]
    assert rows == [
        {"prospect": veille.prospect.pk, "state": "sent", "reason": "", "message": Message.objects.get().pk},
        {"prospect": quiet.pk, "state": "held", "reason": "messaging_off", "message": None},
    ]


def test_a_page_asks_as_often_for_three_as_for_one(nora: Caller, world: World, veille: Portal) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            nora.get("/conversations")
        return len(queries)

    begun(world, veille)
    asked()
    few = asked()
    for name in ("Two", "Three"):
        partner = factories.partner(None, name, has_messaging=True)
        factories.prospect(world.nora, name, partner=partner)
        talk(world.camille, partner)
    assert asked() == few
