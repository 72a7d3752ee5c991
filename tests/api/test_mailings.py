"""The main road through the API, and what is refused along it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from overture.delivery.models import Delivery, Mailing
from tests import factories
from tests.api.caller import Caller
from tests.world import World

MAILBOX = {
    "kind": "smtp",
    "address": "nora@halden.example",
    "host": "127.0.0.1",
    "port": 2525,
    "security": "none",
    "username": "",
    "password": "",
    "per_minute": 10**12,
    "per_hour": 10**12,
    "per_day": 10**12,
    "scope": "workspace",
    "time_zone": "Europe/Paris",
}
NOTHING = {
    "queued": 0,
    "sending": 0,
    "deferred": 0,
    "sent": 0,
    "failed": 0,
    "skipped": 0,
    "cancelled": 0,
    "unknown": 0,
}


@pytest.fixture
def mailing(world: World, nora: Caller) -> dict[str, Any]:
    """To three prospects, one of them without an address."""
    for number in range(2):
        factories.prospect(world.nora, f"Maison {number}", f"jo{number}@p{number}.example")
    factories.prospect(world.nora, "Silent")
    nora.post("/mailboxes", MAILBOX)
    body = {
        "subject": "For {mpname}",
        "content": "<p>Hi {firstName|there}, {mpid}</p>",
        "audience": {"filter": {}},
    }
    made: dict[str, Any] = nora.post("/mailings", body)
    return made


def test_draft_answers_what_it_is_and_what_was_left_out(
    nora: Caller, mailing: dict[str, Any], world: World
) -> None:
    assert mailing | {"id": 0, "mailbox": 0, "created_at": "", "updated_at": ""} == {
        "id": 0,
        "attachments": [],
        "state": "draft",
        "reason": "",
        "reason_words": "",
        "reason_facts": {},
        "waits_because": "",
        "replies": {"address": MAILBOX["address"], "are_read": False, "read_up_to": None, "reason": ""},
        "mailbox": 0,
        "sender_name": "",
        "reply_to": "",
        "subject": "For {mpname}",
        "content": "<p>Hi {firstName|there}, {mpid}</p>",
        "language": "en",
        "contact_policy": "hold",
        "audience": {"filter": {}},
        "manifest": None,
        "author": world.nora.pk,
        "scheduled_at": None,
        "starts_at": None,
        "done_at": None,
        "created_at": "",
        "updated_at": "",
        "counts": NOTHING,
        "came_back": {"replied": 0, "delivered": 0, "bounced": 0, "complained": 0, "opted_out": 0},
    }
    assert mailing["created_at"].endswith("Z")
    assert nora.get(f"/mailings/{mailing['id']}") == mailing
    listed = {
        name: value
        for name, value in mailing.items()
        if name
        not in {"content", "audience", "attachments", "counts", "came_back", "waits_because", "replies"}
    }
    assert nora.get("/mailings") == {"items": [listed], "next": None, "total": 1}
    assert nora.get("/mailings?state=done")["items"] == []


def test_prepare_send_and_steer(nora: Caller, mailing: dict[str, Any]) -> None:
    road = f"/mailings/{mailing['id']}"
    manifest = nora.post(f"{road}/manifest", expected=200)
    assert manifest | {"id": 0, "finishes_at": "", "message_size": 0} == {
        "id": 0,
        "attachments": [],
        "message_size": 0,
        "largest_message": None,
        "recipients": 3,
        "queued": 2,
        "skipped": {"no_address": 1},
        "finishes_at": "",
        "warnings": [],
    }
    assert nora.get(f"{road}/manifest") == manifest
    sent = nora.post(f"{road}/send", {"manifest": manifest["id"], "undo_seconds": 60}, 200)
    assert (sent["state"], sent["counts"]) == ("sending", NOTHING | {"queued": 2, "skipped": 1})
    assert nora.post(f"{road}/undo", expected=200)["state"] == "prepared"
    nora.post(f"{road}/send", {"manifest": manifest["id"]}, 200)
    paused = nora.post(f"{road}/pause", expected=200)
    assert (paused["state"], paused["reason"], paused["leaving"]) == ("paused", "by_hand", 0)
    assert nora.post(f"{road}/resume", expected=200)["state"] == "sending"
    cancelled = nora.post(f"{road}/cancel", expected=200)
    assert (cancelled["state"], cancelled["counts"]) == (
        "cancelled",
        NOTHING | {"cancelled": 2, "skipped": 1},
    )
    told = nora.post(f"{road}/resume", expected=409)
    assert [each["code"] for each in told["errors"]] == ["over"]


def test_send_says_what_changed(nora: Caller, mailing: dict[str, Any]) -> None:
    road = f"/mailings/{mailing['id']}"
    manifest = nora.post(f"{road}/manifest", expected=200)
    edited = nora("patch", road, {"subject": "Another"})
    assert (edited[0], edited[1]["subject"], edited[1]["state"]) == (200, "Another", "draft")
    told = nora.post(f"{road}/send", {"manifest": manifest["id"]}, 409)
    assert (told["type"], told["changed"]) == ("urn:overture:problem:changed", ["draft"])
    assert told["detail"] == "The e-mail was edited since it was checked."
    assert Mailing.objects.get().state == "draft"


def test_preview_is_what_the_prospect_gets(nora: Caller, mailing: dict[str, Any]) -> None:
    nora.post(f"/mailings/{mailing['id']}/manifest", expected=200)
    row = Delivery.objects.get(company_name="Maison 1")
    told = nora.get(f"/mailings/{mailing['id']}/preview?prospect={row.prospect_id}")
    assert (told["subject"], told["held_back"], told["lacks"]) == ("For Maison 1", "", [])
    assert f"<p>Hi there, {row.mpid}</p>" in told["html"]
    assert f"Hi there, {row.mpid}" in told["text"]
    assert nora("get", f"/mailings/{mailing['id']}/preview?prospect=999999")[0] == 404
    assert nora("get", f"/mailings/{mailing['id']}/preview")[0] == 422


def test_deliveries_tell_where_each_recipient_stands(nora: Caller, mailing: dict[str, Any]) -> None:
    nora.post(f"/mailings/{mailing['id']}/manifest", expected=200)
    all_of_them = nora.get(f"/mailings/{mailing['id']}/deliveries")
    assert [
        (each["company_name"], each["address"], each["state"], each["reason"])
        for each in all_of_them["items"]
    ] == [
        ("Maison 0", "jo0@p0.example", "queued", ""),
        ("Maison 1", "jo1@p1.example", "queued", ""),
        ("Silent", "", "skipped", "no_address"),
    ]
    first = Delivery.objects.order_by("pk")[0]
    told = all_of_them["items"][0]
    assert (told["prospect"], told["attempts"], told["message_id"], told["smtp_reply"], told["sent_at"]) == (
        first.prospect_id, 0, None, "", None,
    )  # fmt: skip
    skipped = nora.get(f"/mailings/{mailing['id']}/deliveries?state=skipped")
    assert [each["company_name"] for each in skipped["items"]] == ["Silent"]
    assert nora("get", f"/mailings/{mailing['id']}/deliveries?state=lost")[0] == 422


def test_addresses_of_accounts_stay_hidden_in_the_servers_words_as_well(world: World, nora: Caller) -> None:
    partner = factories.partner(name="Listed")
    factories.contact(partner, "marie@listed.example")
    factories.prospect(world.nora, "Listed", partner=partner)
    nora.post("/mailboxes", MAILBOX)
    made = nora.post("/mailings", {"subject": "s", "content": "<p>c</p>", "audience": {"filter": {}}})
    nora.post(f"/mailings/{made['id']}/manifest", expected=200)
    Delivery.objects.update(
        state="failed", reason="550", attempts=1, smtp_reply="550 <Marie@listed.example> unknown"
    )
    told = nora.get(f"/mailings/{made['id']}/deliveries")["items"][0]
    assert (told["address"], told["smtp_reply"]) == (
        "m•••@listed.example",
        "550 <m•••@listed.example> unknown",
    )
    assert told["message_id"].endswith("@halden.example>")


@pytest.mark.parametrize(
    ("said", "field", "code"),
    [
        ({"audience": {"prospects": [999_999]}}, "audience", "unknown_prospects"),
        ({"audience": {"filter": {"stagee": ["new"]}}}, "audience", "bad_filter"),
        ({"audience": {}}, "audience", "bad_shape"),
        ({"mailbox": 999_999}, "mailbox", "not_usable"),
        ({"reply_to": "nora"}, "reply_to", "invalid"),
        ({"language": "de"}, "language", "literal_error"),
        ({"sender_name": "a\r\nBcc: b@x.example"}, "sender_name", "invalid"),
        ({"state": "done"}, "state", "extra_forbidden"),
    ],
)
def test_a_draft_that_cannot_be_is_refused_by_name(
    nora: Caller, mailing: dict[str, Any], said: dict[str, Any], field: str, code: str
) -> None:
    told = nora.post("/mailings", {"audience": {"filter": {}}} | said, 422)
    assert [(each["field"], each["code"]) for each in told["errors"]] == [(field, code)]
    assert Mailing.objects.count() == 1


def test_tokens_that_are_none_are_named_with_their_place(nora: Caller, mailing: dict[str, Any]) -> None:
    nora("patch", f"/mailings/{mailing['id']}", {"subject": "Hi {FirstName}"})
    told = nora.post(f"/mailings/{mailing['id']}/manifest", expected=422)
    assert told["errors"] == [
        {
            "field": "subject",
            "code": "unknown_token",
            "message": "{FirstName} is not a token. Did you mean {firstName}?",
        }
    ]
    assert told["positions"] == [{"field": "subject", "position": 3}]


def test_discard_takes_a_draft_away_and_nothing_sent(nora: Caller, mailing: dict[str, Any]) -> None:
    manifest = nora.post(f"/mailings/{mailing['id']}/manifest", expected=200)
    nora.post(f"/mailings/{mailing['id']}/send", {"manifest": manifest["id"]}, 200)
    assert nora("delete", f"/mailings/{mailing['id']}")[0] == 409
    other = nora.post("/mailings", {"audience": {"filter": {}}})
    assert nora("delete", f"/mailings/{other['id']}") == (204, None)
    assert nora("get", f"/mailings/{other['id']}")[0] == 404


def test_a_stranger_finds_no_mailing(stranger: Caller, mailing: dict[str, Any]) -> None:
    assert stranger.get("/mailings")["items"] == []
    for path in ("", "/deliveries", "/preview?prospect=1", "/manifest"):
        assert stranger("get", f"/mailings/{mailing['id']}{path}")[0] == 404
    assert stranger("post", f"/mailings/{mailing['id']}/send", {"manifest": 1})[0] == 404


def test_lists_ask_the_database_no_more_for_more_rows(nora: Caller, mailing: dict[str, Any]) -> None:
    nora.post(f"/mailings/{mailing['id']}/manifest", expected=200)
    for _number in range(2):
        nora.post("/mailings", {"audience": {"filter": {}}})
    for path in ("/mailings", f"/mailings/{mailing['id']}/deliveries", "/prospects"):
        asked = []
        for limit in (1, 3):
            with CaptureQueriesContext(connection) as seen:
                assert len(nora.get(f"{path}?limit={limit}")["items"]) == limit
            asked.append(len(seen))
        assert asked[0] == asked[1], path


def test_schedule_is_chosen_changed_and_begun_at_once(nora: Caller, mailing: dict[str, Any]) -> None:
    road = f"/mailings/{mailing['id']}"
    manifest = nora.post(f"{road}/manifest", expected=200)
    day = f"{timezone.now() + timedelta(days=30):%Y-%m-%d}"
    at, moment = f"{day}T10:40:00+01:00", f"{day}T09:40:00Z"
    told = nora.post(f"{road}/send", {"manifest": manifest["id"], "at": at}, 200)
    assert (told["state"], told["scheduled_at"], told["starts_at"]) == ("scheduled", moment, moment)
    assert told["waits_because"].startswith("Starts on ")
    assert nora.post(f"{road}/pause", expected=200)["state"] == "paused"
    assert nora.post(f"{road}/resume", expected=200)["state"] == "scheduled"
    told = nora.post(f"{road}/schedule", {"at": f"{day}T10:40:00-05:00"}, 200)
    assert told["starts_at"] == f"{day}T15:40:00Z"
    told = nora.post(f"{road}/schedule", {"at": None, "undo_seconds": 60}, 200)
    assert (told["state"], told["scheduled_at"]) == ("sending", None)
    told = nora.post(f"{road}/schedule", {"at": at}, 409)
    assert [each["code"] for each in told["errors"]] == ["not_scheduled"]
    assert nora.post(f"{road}/undo", expected=200)["starts_at"] is None


@pytest.mark.parametrize(
    ("at", "code"),
    [
        ("2020-01-01T00:00:00Z", "past"),
        ("2199-01-01T00:00:00Z", "too_far"),
        ("2027-01-01T00:00:00", "no_offset"),
        ("2027-01-01", "no_offset"),
        ("tomorrow", "bad_moment"),
        (1_900_000_000, "bad_moment"),
    ],
)
def test_moment_that_cannot_be_is_refused(nora: Caller, mailing: dict[str, Any], at: Any, code: str) -> None:
    road = f"/mailings/{mailing['id']}"
    manifest = nora.post(f"{road}/manifest", expected=200)
    told = nora.post(f"{road}/send", {"manifest": manifest["id"], "at": at}, 422)
    assert [(each["field"], each["code"]) for each in told["errors"]] == [("at", code)]
    assert Mailing.objects.get().state == "prepared"


def test_unknown_is_settled_one_or_all_and_sent_again_not_too_early(
    nora: Caller, mailing: dict[str, Any]
) -> None:
    road = f"/mailings/{mailing['id']}"
    manifest = nora.post(f"{road}/manifest", expected=200)
    nora.post(f"{road}/send", {"manifest": manifest["id"]}, 200)
    rows, until = Delivery.objects.filter(state="queued").order_by("pk"), timezone.now()
    numbers = [row.pk for row in rows]
    lease = "11111111-1111-4111-8111-111111111111"
    rows.update(state="unknown", lease=lease, leased_until=until, reason="dropped")
    told = nora.get(f"{road}/deliveries?state=unknown")["items"]
    assert [each["id"] for each in told] == numbers
    again = datetime.fromisoformat(told[0]["send_again_from"])
    assert abs(again - until - timedelta(minutes=15)) < timedelta(milliseconds=1)
    told = nora.post(f"{road}/unknown", {"left": False}, 409)
    assert [each["code"] for each in told["errors"]] == ["too_early"]
    assert nora.post(f"{road}/unknown", {"left": True, "deliveries": numbers[:1]}, 200) == {"resolved": 1}
    Delivery.objects.filter(state="unknown").update(leased_until=until - timedelta(minutes=16))
    assert nora.post(f"{road}/unknown", {"left": False}, 200) == {"resolved": 1}
    states = [Delivery.objects.get(pk=number).state for number in numbers]
    assert states == ["sent", "queued"]
    told = nora.post(f"{road}/unknown", {"left": True}, 409)
    assert [each["code"] for each in told["errors"]] == ["not_unknown"]
