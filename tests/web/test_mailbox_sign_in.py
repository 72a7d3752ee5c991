"""Connecting a mailbox by signing in at its provider, as a browser goes: there, back, what can go wrong."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from django.test import Client

from overture.accounts.access import make_token
from overture.mailboxes.models import Mailbox, MailboxGrant
from overture.mailboxes.secret import imap_password_of
from overture.mailboxes.tokens import access_token_of
from tests.delivery.test_oauth_sending import _Live
from tests.fakes.oauth_server import OAuthServer, authorizing, settings_for
from tests.fakes.recording_smtp import Behaviour, RecordingSMTP
from tests.servers.dovecot import PASSWORD, Dovecot
from tests.web.signed_in import client_of
from tests.world import World

pytestmark = pytest.mark.slow
GOOGLE = "/w/halden/settings/mailboxes/sign-in?provider=google"
FORM = {"scope": "personal", "address": "nora@halden.example", "sender_name": "Nora", "reads": "on"}


class Servers(NamedTuple):
    oauth: OAuthServer
    smtp: RecordingSMTP
    imap: Dovecot


@pytest.fixture(scope="module")
def real() -> Iterator[tuple[OAuthServer, Dovecot]]:
    folder = Path(tempfile.mkdtemp(prefix="dovecot-"))
    with authorizing() as server:
        dovecot = Dovecot(folder, introspection=f"{server.url}/introspect")
        dovecot.start()
        yield server, dovecot
        dovecot.kill()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def servers(
    real: tuple[OAuthServer, Dovecot], settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Servers]:
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
    server, dovecot = real
    server.is_denied, server.signs_in_as, server.granted_scope = False, "", ""
    with RecordingSMTP(tmp_path / "log", Behaviour(tokens=_Live(server), mechanisms="XOAUTH2")) as smtp:
        settings.OVERTURE_OAUTH = settings_for(server, smtp.port, dovecot.imap)
        yield Servers(server, smtp, dovecot)


def _back(client: Client, form: dict[str, str], path: str = GOOGLE) -> str:
    """Sends the form, goes to the provider, and answers the way back it points to."""
    going = client.post(path, form)
    assert going.status_code == 302, going.content.decode()
    back = requests.get(going["Location"], allow_redirects=False, timeout=5).headers["Location"]
    return back.removeprefix("https://overture.test")


def test_mailbox_is_connected_by_signing_in(world: World, servers: Servers) -> None:
    client = client_of(world.nora)
    assert GOOGLE in client.get("/w/halden/settings/mailboxes/new").content.decode()
    page = client.get(GOOGLE)
    # Browsers take the way to the provider for a place the form is sent to.
    assert f"form-action 'self' {servers.oauth.url};" in page["Content-Security-Policy"] + ";"
    answer = client.get(_back(client, FORM))
    assert answer["Location"] == "/w/halden/settings/mailboxes"
    mailbox = Mailbox.objects.get()
    assert (mailbox.owner, mailbox.provider, mailbox.reads, mailbox.state) == (
        world.nora,
        "google",
        True,
        "connected",
    )
    assert servers.oauth.user_of(access_token_of(mailbox)) == "nora@halden.example"
    shown = client.get("/w/halden/settings/mailboxes").content.decode()
    assert "Google" in shown
    assert "Being read for the first time" in shown
    tested = client.post(f"/w/halden/settings/mailboxes/{mailbox.pk}/test")
    assert tested.context["finding"].code == "ok"
    # What the provider gives is not asked for again.
    assert "imap_host" not in tested.context["form"].fields
    kept = {"sender_name": "N", "per_minute": 1, "per_hour": 2, "per_day": 3, "time_zone": "Europe/Paris"}
    assert client.post(f"/w/halden/settings/mailboxes/{mailbox.pk}", kept).status_code == 302
    mailbox.refresh_from_db()
    assert (mailbox.per_day, mailbox.reads, mailbox.imap_port) == (3, False, servers.imap.imap)


def test_way_back_is_good_once_and_in_one_browser(world: World, servers: Servers) -> None:
    client, other = client_of(world.nora), client_of(world.nora)
    back = _back(client, FORM)
    assert other.get(back).status_code == 400
    assert client_of(world.stranger).get(back).status_code == 400
    assert client.get(back.replace("state=", "state=x")).status_code == 400
    assert client.get(back).status_code == 302
    assert client.get(back).status_code == 400
    assert Mailbox.objects.count() == 1
    assert Client().get(back).status_code == 302  # to the sign-in of Overture
    assert Mailbox.objects.count() == 1


def test_person_who_says_no_or_is_another_is_told(world: World, servers: Servers) -> None:
    client = client_of(world.nora)
    servers.oauth.is_denied = True
    answer = client.get(_back(client, FORM))
    assert (answer.status_code, answer.context["finding"].code) == (422, "not_allowed")
    servers.oauth.is_denied, servers.oauth.signs_in_as = False, "bob@halden.example"
    answer = client.get(_back(client, FORM))
    assert answer.context["finding"].title == "127.0.0.1 does not take this sign-in for this address."
    assert not Mailbox.objects.exists()
    assert not MailboxGrant.objects.exists()
    # Bob's grant may be in use by another mailbox: it stands.
    assert not servers.oauth.grants[-1].is_over


def test_signing_in_again_is_the_same_mailbox(world: World, servers: Servers) -> None:
    client = client_of(world.nora)
    client.get(_back(client, FORM))
    mailbox = Mailbox.objects.get()
    Mailbox.objects.update(state="reconnect", reason="grant_refused", reason_words="invalid_grant")
    shown = client.get("/w/halden/settings/mailboxes").content.decode()
    assert "Google no longer lets Overture use this mailbox." in shown
    path = f"/w/halden/settings/mailboxes/{mailbox.pk}/sign-in"
    assert path in shown
    assert "nora@halden.example" in client.get(path).content.decode()
    assert client_of(world.camille).post(path).status_code == 404
    client.get(_back(client, {"reads": "on"}, path))
    mailbox.refresh_from_db()
    assert (Mailbox.objects.count(), mailbox.state, mailbox.reads) == (1, "connected", True)


def test_mailbox_of_the_workspace_needs_its_permission(world: World, servers: Servers) -> None:
    assert client_of(world.victor).get(GOOGLE).status_code == 403
    client = client_of(world.camille)
    client.get(_back(client, FORM | {"scope": "workspace"}))
    assert Mailbox.objects.get().owner is None


def test_removing_gives_back_what_was_granted(world: World, servers: Servers) -> None:
    client = client_of(world.nora)
    client.get(_back(client, FORM))
    answer = client.post(f"/w/halden/settings/mailboxes/{Mailbox.objects.get().pk}/remove", follow=True)
    assert "is given back and deleted" in answer.content.decode()
    assert servers.oauth.grants[-1].is_over
    assert not MailboxGrant.objects.exists()


def test_provider_that_is_not_set_up_is_not_there(world: World) -> None:
    client = client_of(world.nora)
    assert client.get(GOOGLE)["Location"] == "/w/halden/settings/mailboxes/new"
    assert GOOGLE not in client.get("/w/halden/settings/mailboxes/new").content.decode()


def test_api_names_the_page_where_a_person_signs_in(world: World, servers: Servers, settings: Any) -> None:
    token = make_token(world.nora, "test")[1]
    client = Client(headers={"Authorization": f"Bearer {token}"})

    def ask(path: str, body: dict[str, Any]) -> Any:
        return client.post(f"/api/v1/mailboxes{path}", body, content_type="application/json")

    assert ask("/sign-in", {"provider": "google"}).json() == {"url": f"https://overture.test{GOOGLE}"}
    browser = client_of(world.nora)
    browser.get(_back(browser, FORM))
    mailbox = Mailbox.objects.get()
    shown = client.get(f"/api/v1/mailboxes/{mailbox.pk}").json()
    assert (shown["provider"], shown["reads"], shown["has_password"]) == ("google", True, False)
    page = f"https://overture.test/w/halden/settings/mailboxes/{mailbox.pk}/sign-in"
    assert ask(f"/{mailbox.pk}/sign-in", {}).json() == {"url": page}
    moved = client.patch(
        f"/api/v1/mailboxes/{mailbox.pk}", {"host": "evil.example"}, content_type="application/json"
    )
    assert moved.status_code == 422
    settings.OVERTURE_OAUTH = {}
    assert ask("/sign-in", {"provider": "google"}).status_code == 409


def test_mailbox_with_a_password_is_tested_both_ways(world: World, servers: Servers, tmp_path: Path) -> None:
    servers.imap.add_user("lena@halden.example")
    client, new = client_of(world.nora), "/w/halden/settings/mailboxes/new"
    with RecordingSMTP(tmp_path / "other", Behaviour(users={"lena": "pw"})) as smtp:
        form = FORM | {
            "address": "lena@halden.example", "host": "127.0.0.1", "port": smtp.port, "security": "none",
            "username": "lena", "password": "pw", "per_minute": 1, "per_hour": 2, "per_day": 3,
            "time_zone": "Europe/Paris", "imap_host": "127.0.0.1", "imap_port": servers.imap.imap,
            "imap_security": "none",
        }  # fmt: skip
        # Without its own, the password of sending is used for reading: wrong here.
        finding = client.post(new, form).context["finding"]
        assert (finding.code, finding.title) == ("auth_535", "The server for reading refused the sign-in.")
        form |= {"imap_username": "lena@halden.example", "imap_password": PASSWORD}
        assert client.post(new, form).status_code == 302
        mailbox = Mailbox.objects.get()
        chosen = (mailbox.reads, mailbox.imap_port, mailbox.shares_other_mail)
        assert chosen == (True, servers.imap.imap, False)
        # Kept passwords are tested where they belong.
        kept = form | {"password": "", "imap_password": "", "shares_other_mail": "on"}
        assert client.post(f"{new.removesuffix('new')}{mailbox.pk}", kept).status_code == 302
        finding = client.post(f"{new.removesuffix('new')}{mailbox.pk}/test").context["finding"]
        assert finding.code == "ok"
    mailbox.refresh_from_db()
    assert (mailbox.shares_other_mail, imap_password_of(mailbox)) == (True, PASSWORD)


def test_query_of_the_way_there_carries_no_secret(world: World, servers: Servers) -> None:
    client = client_of(world.nora)
    asked = dict(parse_qsl(urlsplit(client.post(GOOGLE, FORM)["Location"]).query))
    ways = client.session["signing_in"]
    assert ways[asked["state"]]["verifier"] not in str(asked)
    for _ in range(9):
        client.post(GOOGLE, FORM)
    assert len(client.session["signing_in"]) == 5
