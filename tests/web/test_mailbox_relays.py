"""Connecting a relay, its page and its API: who may, what is asked, and what is never shown again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from overture.mailboxes.models import Mailbox, MailboxRelay
from overture.mailboxes.relays.hook import hook_url
from overture.mailboxes.relays.kinds import KINDS
from overture.mailboxes.secret import opened, rotate
from tests.api.caller import Caller, caller
from tests.fakes.relay_events import MAILGUN_SIGNING, SIGNING
from tests.fakes.relays import KEY, Relays, relaying
from tests.web.signed_in import client_of
from tests.world import World

CODES = tuple(KINDS)
NEW = "/w/halden/settings/mailboxes/relay?kind="
SECRETS = {"mailgun": MAILGUN_SIGNING, "resend": SIGNING}


@pytest.fixture
def relays(settings: Any) -> Iterator[Relays]:
    with relaying() as server:
        settings.OVERTURE_RELAY_URL = server.url
        yield server


def asked(who: Caller, method: str, path: str, body: Any = None, status: int = 200) -> Any:
    found, answer = who(method, path, body)
    assert found == status, answer
    return answer


def fields(code: str, **more: Any) -> dict[str, Any]:
    """What the API takes for a relay."""
    given = {
        "region": "eu-west-1" if code == "amazon_ses" else "eu", "domain": "mail.halden.example",
        "key_id": KEY, "api_key": KEY, "stream": "broadcast", "signing_key": SECRETS.get(code, ""),
    }  # fmt: skip
    return {name: text for name, text in given.items() if name in KINDS[code].fields} | more


def typed(code: str, **more: Any) -> dict[str, Any]:
    """What the form sends."""
    usual = {
        "address": "hello@halden.example", "sender_name": "Halden & Rowe", "per_minute": 60, "per_hour": 2000,
        "per_day": 10_000, "time_zone": "Europe/Paris",
    }  # fmt: skip
    return usual | fields(code) | more


@pytest.mark.parametrize("code", CODES)
def test_relay_is_connected_on_the_page_after_a_test(world: World, relays: Relays, code: str) -> None:
    client = client_of(world.camille)
    assert KINDS[code].name in client.get("/w/halden/settings/mailboxes/new").content.decode()
    assert client.get(NEW + code).status_code == 200
    wrong = client.post(NEW + code, typed(code, api_key="no-such-key", key_id="no-such-id"))
    assert "does not accept the key" in wrong.content.decode()
    assert Mailbox.objects.count() == 0
    only = client.post(NEW + code, typed(code, test="1"))
    assert "The connection works." in only.content.decode()
    assert Mailbox.objects.count() == 0
    page = client.post(NEW + code, typed(code), follow=True)
    box = Mailbox.objects.get()
    assert (box.kind, box.owner, box.state, box.reads) == (code, None, "connected", False)
    assert box.largest_message == KINDS[code].largest
    assert (box.secret, KEY in str(MailboxRelay.objects.values())) == ("", code == "amazon_ses")  # its key_id
    assert opened(box, box.relay.api_key, "relay") == KEY
    text = page.content.decode()
    assert page.redirect_chain[-1][0] == f"/w/halden/settings/mailboxes/{box.pk}"
    assert hook_url(box) in text
    assert "No events yet." in text
    assert KINDS[code].events[0] in text
    assert "Signature by Overture" not in text
    assert page.headers["Cache-Control"] == "no-store"
    secret = opened(box, box.relay.hook_secret, "relay-hook")
    assert (f":{secret}@" in text) == (not KINDS[code].signs)
    if code != "amazon_ses":
        assert KEY not in text
    assert relays.taken == []


@pytest.mark.parametrize("code", CODES)
def test_api_connects_checks_and_never_tells_a_key(world: World, relays: Relays, code: str) -> None:
    camille = caller(world.camille)
    made = camille.post("/mailboxes", {"kind": code, "address": "hello@halden.example", **fields(code)}, 201)
    assert (made["kind"], made["scope"], made["owner"]) == (code, "workspace", None)
    assert made["relay"]["has_api_key"] is True
    assert made["relay"]["has_signing_key"] is KINDS[code].signs
    assert made["relay"]["last_event_at"] is None
    assert KEY not in str({**made["relay"], "key_id": ""})
    path = f"/mailboxes/{made['id']}"
    assert camille.post(f"{path}/check", {}, 200)["code"] == "ok"
    hook = camille.get(f"{path}/webhook")
    assert hook["events"] == list(KINDS[code].events)
    renewed = camille.post(f"{path}/webhook", {}, 201)
    assert (renewed["url"] == hook["url"]) == KINDS[code].signs
    relays.faults = {"": 503}
    if code != "mailgun":
        assert camille.post(f"{path}/check", {}, 200)["code"] == "relay_down"
    for who, status in ((world.victor, 403), (world.stranger, 404)):
        asked(caller(who), "get", f"{path}/webhook", None, status)
        caller(who).post(f"{path}/webhook", {}, status)
        asked(caller(who), "patch", path, {"api_key": "theirs"}, status)
    assert opened(Mailbox.objects.get(), MailboxRelay.objects.get().api_key, "relay") == KEY


def test_a_relay_is_for_those_who_manage_mailboxes(world: World) -> None:
    for who in (world.victor,):
        body = {"kind": "postmark", "address": "hello@halden.example", "api_key": KEY}
        caller(who).post("/mailboxes", body, 403)
        assert client_of(who).get(NEW + "postmark").status_code == 403
        assert client_of(who).post(NEW + "postmark", typed("postmark")).status_code == 403
    assert Mailbox.objects.count() == 0


@pytest.mark.parametrize(
    ("code", "change", "field"),
    [
        ("amazon_ses", {"region": "eu-west-1.evil.example/"}, "region"),
        ("amazon_ses", {"region": ""}, "region"),
        ("amazon_ses", {"key_id": "a b"}, "key_id"),
        ("mailgun", {"region": "moon"}, "region"),
        ("mailgun", {"domain": "halden.example/x"}, "domain"),
        ("postmark", {"api_key": "two\r\nlines"}, "api_key"),
        ("postmark", {"api_key": ""}, "api_key"),
        ("postmark", {"stream": "a/b"}, "stream"),
        ("postmark", {"domain": "halden.example"}, "domain"),
        ("resend", {"signing_key": "whsec_%%%"}, "signing_key"),
        ("brevo", {"host": "evil.example"}, "host"),
        ("brevo", {"scope": "personal"}, "scope"),
        ("brevo", {"reads": True, "imap_host": "imap.halden.example"}, "imap_username"),
    ],
)
def test_what_cannot_stand_is_named(world: World, code: str, change: dict[str, Any], field: str) -> None:
    body = {"kind": code, "address": "hello@halden.example", **fields(code), **change}
    said = caller(world.nora).post("/mailboxes", body, 422)
    assert [each["field"] for each in said["errors"]] == [field]
    assert Mailbox.objects.count() == 0
    assert MailboxRelay.objects.count() == 0


def test_fields_of_a_relay_are_nothing_for_a_server(world: World) -> None:
    body = {"address": "hello@halden.example", "host": "smtp.halden.example", "api_key": KEY}
    said = caller(world.nora).post("/mailboxes", body, 422)
    assert [each["field"] for each in said["errors"]] == ["api_key"]
    caller(world.nora).post("/mailboxes", {"address": "hello@halden.example"}, 422)


def test_key_stays_until_it_is_entered_and_goes_nowhere_else(world: World) -> None:
    nora = caller(world.nora)
    body = {"kind": "mailgun", "address": "hello@halden.example", **fields("mailgun")}
    path = f"/mailboxes/{nora.post('/mailboxes', body, 201)['id']}"
    assert asked(nora, "patch", path, {"per_day": 7})["per_day"] == 7
    assert opened(Mailbox.objects.get(), MailboxRelay.objects.get().api_key, "relay") == KEY
    for change in ({"region": "us"}, {"domain": "other.halden.example"}):
        said = asked(nora, "patch", path, change, 422)
        assert [each["field"] for each in said["errors"]] == ["api_key"]
    assert asked(nora, "patch", path, {"host": "evil.example"}, 422)["errors"][0]["field"] == "host"
    changed = asked(nora, "patch", path, {"region": "us", "api_key": "another"})
    assert (changed["relay"]["region"], changed["host"]) == ("us", "api.mailgun.net")
    assert opened(Mailbox.objects.get(), MailboxRelay.objects.get().api_key, "relay") == "another"
    assert asked(nora, "patch", path, {"signing_key": ""})["relay"]["has_signing_key"] is False


def test_page_keeps_the_key_that_is_not_entered_again(world: World, relays: Relays) -> None:
    client = client_of(world.nora)
    client.post(NEW + "postmark", typed("postmark"))
    box = Mailbox.objects.get()
    Mailbox.objects.update(state="disconnected", reason="relay_key", reason_words="401 no")
    assert "Postmark does not accept the key." in client.get("/w/halden/settings/mailboxes").content.decode()
    path = f"/w/halden/settings/mailboxes/{box.pk}"
    client.post(path, typed("postmark", api_key="", stream="outbound"))
    box.refresh_from_db()
    assert (box.relay.stream, opened(box, box.relay.api_key, "relay")) == ("outbound", KEY)
    assert (box.state, box.reason) == ("connected", "")
    before = hook_url(box)
    client.post(f"{path}/webhook")
    box.relay.refresh_from_db()
    assert hook_url(box) != before
    assert client.get(f"{path}/webhook").status_code == 405


def test_what_is_removed_forgets_its_keys_and_secrets_rotate(world: World, settings: Any) -> None:
    from overture.lib.secrets import new_key

    nora = caller(world.nora)
    body = {"kind": "resend", "address": "hello@halden.example", **fields("resend")}
    number = nora.post("/mailboxes", body, 201)["id"]
    settings.ENCRYPTION_KEYS = f"{new_key('second')} {settings.ENCRYPTION_KEYS}"
    assert rotate() == 3
    assert opened(Mailbox.objects.get(), MailboxRelay.objects.get().api_key, "relay") == KEY
    asked(nora, "delete", f"/mailboxes/{number}", None, 204)
    kept = MailboxRelay.objects.get()
    assert (kept.api_key, kept.signing_key, kept.hook_secret) == ("", "", "")
