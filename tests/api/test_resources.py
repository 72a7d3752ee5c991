"""Ads, mailboxes, suppressions, workspace, selections: each operation answers what it did."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from overture.ads.models import Ad
from overture.delivery.models import Suppression
from overture.mailboxes.models import Mailbox
from tests import factories
from tests.api.caller import Caller
from tests.api.test_mailings import MAILBOX
from tests.world import World

TEXT = {"name": "Winter", "kind": "text", "text": "See it", "landing_page": "https://brand.example/w"}


def codes(told: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each["field"], each["code"]) for each in told["errors"]]


def test_ad_is_active_at_once_in_the_first_program_unless_it_says_otherwise(
    nora: Caller, world: World
) -> None:
    made = nora.post("/ads", TEXT)
    number = Ad.objects.get().pk
    assert made | {"active_from": "", "created_at": ""} == {
        "id": number,
        "name": "Winter",
        "kind": "text",
        "text": "See it",
        "image": "",
        "width": None,
        "height": None,
        "alt": "",
        "landing_page": "https://brand.example/w",
        "program": world.program.pk,
        "active_from": "",
        "active_to": None,
        "is_active": True,
        "clicks": 0,
        "token": f"{{adcode_{number}}}",
        "created_at": "",
    }
    assert nora.get(f"/ads/{number}") == made
    assert nora.get("/ads") == {"items": [made], "next": None, "total": 1}


def test_ad_takes_empty_and_null_for_what_its_kind_has_not(nora: Caller) -> None:
    empty = {"image": "", "width": None, "height": None, "alt": None, "program": None, "active_from": None}
    assert nora.post("/ads", TEXT | empty)["image"] == ""
    banner = {
        "kind": "banner",
        "text": None,
        "image": "https://brand.example/b.png",
        "width": 300,
        "height": 250,
    }
    assert nora.post("/ads", TEXT | banner)["width"] == 300


def test_ad_is_changed_and_ended(nora: Caller) -> None:
    number = nora.post("/ads", TEXT)["id"]
    status, edited = nora(
        "patch", f"/ads/{number}", {"text": "Look", "active_to": "2090-01-31T12:00:00+02:00"}
    )
    assert (status, edited["text"], edited["name"], edited["active_to"]) == (
        200,
        "Look",
        "Winter",
        "2090-01-31T10:00:00Z",
    )
    assert nora("patch", f"/ads/{number}", {"active_to": None})[1]["active_to"] is None
    assert nora.post(f"/ads/{number}/end", expected=200)["is_active"] is False


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"landing_page": "javascript:alert(1)"}, ("landing_page", "bad_url")),
        ({"active_to": "yesterday"}, ("active_to", "bad_moment")),
        ({"active_to": "2001-01-01T00:00:00Z"}, ("active_to", "ends_before_start")),
        ({"kind": "coupon"}, ("kind", "literal_error")),
        ({"program": 999_999}, ("program", "unknown")),
        ({"text": ""}, ("text", "required")),
    ],
)
def test_ad_that_cannot_be_is_refused_by_name(
    nora: Caller, said: dict[str, Any], fault: tuple[str, str]
) -> None:
    assert codes(nora.post("/ads", TEXT | said, 422)) == [fault]
    assert Ad.objects.count() == 0


def test_ad_takes_a_moment_of_any_offset_and_tells_it_in_utc(nora: Caller) -> None:
    made = nora.post("/ads", TEXT | {"active_to": "2090-01-01T00:00:00+23:59"}, 201)
    assert made["active_to"] == "2089-12-31T00:01:00Z"


def test_program_of_another_workspace_is_none_of_ours(nora: Caller, world: World) -> None:
    theirs = world.other_brand.programs.get()
    assert codes(nora.post("/ads", TEXT | {"program": theirs.pk}, 422)) == [("program", "unknown")]


def test_mailbox_is_told_without_its_password(nora: Caller, world: World) -> None:
    given = {"username": "nora", "password": "s3cret", "per_minute": 7, "per_hour": 8, "per_day": 9}
    made = nora.post("/mailboxes", MAILBOX | given)
    assert "s3cret" not in nora.response.content.decode()
    assert made | {"id": 0, "created_at": ""} == {
        "id": 0,
        "kind": "smtp",
        "address": "nora@halden.example",
        "sender_name": "",
        "host": "127.0.0.1",
        "port": 2525,
        "security": "none",
        "username": "nora",
        "has_password": True,
        "provider": "",
        "reads": False,
        "imap_host": "",
        "imap_port": 993,
        "imap_security": "tls",
        "imap_username": "",
        "shares_other_mail": False,
        "appends_sent": False,
        "per_minute": 7,
        "per_hour": 8,
        "per_day": 9,
        "scope": "workspace",
        "owner": None,
        "time_zone": "Europe/Paris",
        "state": "connected",
        "reason": "",
        "reason_words": "",
        "used_today": 0,
        "folders": [],
        "read_up_to": None,
        "reading_reason": "",
        "reading_reason_words": "",
        "domain_says": {},
        "domain_asked_at": None,
        "relay": None,
        "created_at": "",
    }
    assert nora.get(f"/mailboxes/{made['id']}") == made
    assert nora.get("/mailboxes")["items"] == [made]


def test_mailbox_needs_an_address_and_a_host_and_has_defaults_for_the_rest(
    nora: Caller, world: World
) -> None:
    made = nora.post("/mailboxes", {"address": "a@brand.example", "host": "smtp.brand.example"})
    defaults = (
        "port",
        "security",
        "username",
        "has_password",
        "per_minute",
        "per_hour",
        "per_day",
        "scope",
        "time_zone",
    )
    assert [made[name] for name in defaults] == [587, "starttls", "", False, 30, 200, 500, "personal", "UTC"]
    assert made["owner"] == world.nora.pk


def test_limits_of_a_mailbox_have_no_upper_bound(nora: Caller) -> None:
    assert nora.post("/mailboxes", MAILBOX)["per_minute"] == 2_147_483_647
    assert codes(nora.post("/mailboxes", MAILBOX | {"per_day": 0}, 422)) == [
        ("per_day", "greater_than_equal")
    ]


def test_mailbox_keeps_its_password_until_its_server_changes(nora: Caller) -> None:
    number = nora.post("/mailboxes", MAILBOX | {"username": "nora", "password": "s3cret"})["id"]
    secret = Mailbox.objects.get().secret
    assert nora("patch", f"/mailboxes/{number}", {"per_day": 50})[1]["per_day"] == 50
    assert Mailbox.objects.get().secret == secret
    status, told = nora("patch", f"/mailboxes/{number}", {"host": "evil.example"})
    assert (status, codes(told)) == (422, [("password", "password_again")])


def test_mailbox_that_is_removed_is_gone(nora: Caller) -> None:
    number = nora.post("/mailboxes", MAILBOX)["id"]
    assert nora("delete", f"/mailboxes/{number}") == (204, None)
    assert nora("get", f"/mailboxes/{number}")[0] == 404
    assert nora.get("/mailboxes")["total"] == 0


def test_check_says_what_is_in_the_way(nora: Caller) -> None:
    number = nora.post("/mailboxes", MAILBOX | {"port": 1})["id"]
    found = nora.post(f"/mailboxes/{number}/check", expected=200)
    assert (found["is_well"], found["code"], found["title"]) == (
        False, "refused", "127.0.0.1 refused the connection on port 1.",
    )  # fmt: skip


def test_personal_mailbox_of_a_colleague_is_hidden_from_others(nora: Caller, victor: Caller) -> None:
    number = nora.post("/mailboxes", MAILBOX | {"scope": "personal"})["id"]
    assert victor("get", f"/mailboxes/{number}")[0] == 404
    assert victor.get("/mailboxes")["total"] == 0


def test_suppression_is_added_once_found_and_lifted_with_a_reason(nora: Caller) -> None:
    made = nora.post("/suppressions", {"address": "Jo@X.example", "note": "asked by phone"})
    assert (made["address"], made["reason"], made["note"]) == ("Jo@x.example", "by_hand", "asked by phone")
    assert nora.post("/suppressions", {"address": "jo@x.example"}, 200)["id"] == made["id"]
    assert nora.get("/suppressions?q=jo@")["items"] == [made]
    assert nora.get("/suppressions?q=zz")["items"] == []
    assert nora.get("/suppressions?reason=bounced")["items"] == []
    status, told = nora("delete", f"/suppressions/{made['id']}")
    assert (status, codes(told)) == (422, [("reason", "missing")])
    assert nora("delete", f"/suppressions/{made['id']}?reason=asked+again") == (204, None)
    assert Suppression.objects.get().lifted_because == "asked again"
    assert nora.get("/suppressions")["items"] == []
    assert nora("get", f"/suppressions/{made['id']}")[0] == 404


def test_suppression_is_lifted_by_address_with_a_body(nora: Caller) -> None:
    nora.post("/suppressions", {"address": "jo@x.example"})
    assert nora("delete", "/suppressions", {"address": "JO@x.example", "reason": "wrote to us"}) == (
        204,
        None,
    )
    assert Suppression.objects.get().lifted_because == "wrote to us"
    assert nora("delete", "/suppressions?address=jo@x.example&reason=again")[0] == 404


def test_suppression_needs_an_address(nora: Caller) -> None:
    assert codes(nora.post("/suppressions", {"address": "jo"}, 422)) == [("address", "no_at")]


def test_workspace_is_read_and_changed(nora: Caller, victor: Caller) -> None:
    before = victor.get("/workspace")
    assert before == {
        "name": "Halden & Rowe",
        "slug": "halden",
        "postal_address": "Halden & Rowe, 4 rue du Lin, 75011 Paris",
        "contact_days": 7,
        "time_zone": "UTC",
        "is_open_to_partners": False,
    }
    said = {"postal_address": "1 Quay\nBergen", "contact_days": 0}
    assert nora("patch", "/workspace", said) == (200, before | said)
    assert nora.get("/workspace") == before | said
    status, told = nora("patch", "/workspace", {"contact_days": 366})
    assert (status, codes(told)) == (422, [("contact_days", "less_than_equal")])


def test_programs_and_members_are_listed(nora: Caller, world: World) -> None:
    assert [(each["id"], each["kind"]) for each in nora.get("/programs")["items"]] == [
        (world.program.pk, "both")
    ]
    assert [(each["name"], each["role"], each["is_you"]) for each in nora.get("/members")["items"]] == [
        ("Nora Lindqvist", "administrator", True),
        ("Camille Dupré", "manager", False),
        ("Victor Hale", "viewer", False),
    ]


def test_selection_carries_an_audience(nora: Caller, world: World) -> None:
    rows = [factories.prospect(world.nora, f"Maison {number}") for number in range(3)]
    made = nora.post("/selections", {"from": "prospects"})
    assert made == {"id": made["id"], "from": "prospects", "filter": None, "count": 0}
    road = f"/selections/{made['id']}"
    ids = [row.pk for row in rows]
    assert nora.post(f"{road}/choose", {"prospects": ids[:2]}, 200)["count"] == 2
    assert nora.post(f"{road}/drop", {"prospects": ids[:1]}, 200)["count"] == 1
    everything = nora.post(f"{road}/all", {"filter": {"stage": ["new"]}}, 200)
    assert (everything["count"], everything["filter"]) == (3, {"stage": ["new"]})
    assert nora.get(road) == everything
    mailing = nora.post("/mailings", {"audience": {"selection": made["id"]}, "subject": "s", "content": "c"})
    assert mailing["audience"] == {"selection": made["id"]}
    assert nora.post(f"{road}/clear", expected=200)["count"] == 0


def test_selection_of_a_colleague_is_none_of_ours(nora: Caller, victor: Caller) -> None:
    assert nora("get", f"/selections/{victor.post('/selections', {})['id']}")[0] == 404


def test_lists_ask_the_database_no_more_for_more_rows(nora: Caller, world: World) -> None:
    for number in range(3):
        nora.post("/ads", TEXT)
        nora.post("/mailboxes", MAILBOX | {"address": f"a{number}@x.example"})
        nora.post("/suppressions", {"address": f"a{number}@x.example"})
    for path in ("/ads", "/mailboxes", "/suppressions", "/members"):
        asked = []
        for limit in (1, 3):
            with CaptureQueriesContext(connection) as seen:
                assert len(nora.get(f"{path}?limit={limit}")["items"]) == limit
            asked.append(len(seen))
        assert asked[0] == asked[1], path


def test_programs_are_made_and_changed_by_administrators(nora: Caller, victor: Caller) -> None:
    made = nora.post("/programs", {"name": "Creators", "kind": "creator"})
    assert (made["name"], made["kind"]) == ("Creators", "creator")
    status, told = nora("patch", f"/programs/{made['id']}", {"kind": "both"})
    assert (status, told) == (200, made | {"kind": "both"})
    assert victor.get(f"/programs/{made['id']}") == told
    assert victor("post", "/programs", {"name": "x"})[0] == 403
    assert codes(nora.post("/programs", {"name": " "}, 422)) == [("name", "empty")]
