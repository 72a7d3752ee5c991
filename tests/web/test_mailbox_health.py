"""Finding a mailbox's servers from its address, and how it stands: pages and API."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from overture.mailboxes.connect import connect
from overture.mailboxes.details import Details
from overture.mailboxes.models import SendingCount
from tests.api.caller import caller
from tests.fakes.dns_server import Names
from tests.mailboxes.test_discover import names  # noqa: F401  # a fixture
from tests.web.signed_in import client_of
from tests.world import World

NEW = "/w/halden/settings/mailboxes/new"


def test_address_fills_the_form_with_its_servers(world: World, names: Names) -> None:  # noqa: F811
    names.add("halden.example", "MX", "10 mx1.mail.ovh.net.")
    form = client_of(world.nora).get(f"{NEW}?address=nora@halden.example").context["form"]
    shown = [form[name].value() for name in ("address", "host", "port", "security", "username", "reads")]
    assert shown == ["nora@halden.example", "ssl0.ovh.net", 465, "tls", "nora@halden.example", True]
    assert (form["imap_host"].value(), form["imap_port"].value()) == ("ssl0.ovh.net", 993)


def test_address_at_google_leads_to_signing_in(world: World, names: Names, settings: Any) -> None:  # noqa: F811
    names.add("halden.example", "MX", "10 aspmx.l.google.com.")
    client = client_of(world.nora)
    # Without a client of the operator there is the password.
    form = client.get(f"{NEW}?address=nora@halden.example").context["form"]
    assert form["host"].value() == "smtp.gmail.com"
    settings.OVERTURE_OAUTH["google"] = {**settings.OVERTURE_OAUTH["google"], "client_id": "x"}
    answer = client.get(f"{NEW}?address=nora@halden.example", follow=True)
    settings.OVERTURE_OAUTH["google"]["client_id"] = ""
    assert answer.context["form"]["address"].value() == "nora@halden.example"
    assert "Continue to Google" in answer.content.decode()


def test_address_nobody_knows_is_said(world: World, names: Names) -> None:  # noqa: F811
    page = client_of(world.nora).get(f"{NEW}?address=nora@halden.example")
    assert page.context["form"]["host"].value() == ""
    assert "No servers were found for this address" in page.content.decode()
    assert "Enter a full address" in client_of(world.nora).get(f"{NEW}?address=nora").content.decode()


def test_health_of_a_mailbox_is_shown(world: World, names: Names) -> None:  # noqa: F811
    names.add("halden.example", "TXT", '"v=spf1 -all"')
    mailbox = connect(world.nora, Details("nora@halden.example", "127.0.0.1", 1, "none"))
    SendingCount.objects.create(address_key=mailbox.address_key, second=timezone.now(), count=3)
    client, path = client_of(world.nora), f"/w/halden/settings/mailboxes/{mailbox.pk}"
    client.post(f"{path}/test")
    page = client.get(path).content.decode()
    assert "3 of 30 this minute, 3 of 200 this hour, 3 of 500 today" in page
    assert "Not seen here: they stay in the mailbox" in page
    records = client.get(path).context["health"]["records"]
    assert [(name, said) for name, _, said in records] == [
        ("SPF", "ok"),
        ("DKIM", "unknown"),
        ("DMARC", "missing"),
    ]
    assert "lacks DMARC: receivers may take" in client.get("/w/halden/settings/mailboxes").content.decode()


def test_api_finds_servers_and_tells_the_health(world: World, names: Names) -> None:  # noqa: F811
    nora = caller(world.nora)
    names.add("halden.example", "MX", "10 mx1.mail.ovh.net.")
    assert nora.post("/mailboxes/discover", {"address": "nora@halden.example"}, 200) == {
        "how": "preset",
        "provider": "",
        "username": "nora@halden.example",
        "smtp": {"host": "ssl0.ovh.net", "port": 465, "security": "tls"},
        "imap": {"host": "ssl0.ovh.net", "port": 993, "security": "tls"},
    }
    nora.post("/mailboxes/discover", {"address": "nora@nowhere.example"}, 404)
    nora.post("/mailboxes/discover", {"address": "nora"}, 422)
    mailbox = connect(world.nora, Details("nora@halden.example", "127.0.0.1", 1, "none"))
    nora.post(f"/mailboxes/{mailbox.pk}/check", {}, 200)
    assert nora.get(f"/mailboxes/{mailbox.pk}")["domain_says"] == {
        "spf": "missing",
        "dkim": "unknown",
        "dmarc": "missing",
    }


def test_key_to_sign_by_is_made_and_its_record_shown(world: World, names: Names) -> None:  # noqa: F811
    mailbox = connect(world.nora, Details("nora@halden.example", "127.0.0.1", 1, "none"))
    client, path = client_of(world.nora), f"/w/halden/settings/mailboxes/{mailbox.pk}"
    assert "Make a key" in client.get(path).content.decode()
    assert client.post(f"{path}/sign")["Location"] == path
    mailbox.refresh_from_db()
    page = client.get(path)
    key = page.context["health"]["key"]
    assert key.value.startswith("v=DKIM1; k=rsa; p=MII")
    assert f"{mailbox.dkim_selector}._domainkey.halden.example" in page.content.decode()
    assert "Nothing is signed yet" in page.content.decode()
    names.add(key.name, "TXT", f'"{key.value[:200]}" "{key.value[200:]}"')
    client.post(f"{path}/test")
    assert "The DNS has shown the key since" in client.get(path).content.decode()
    nora = caller(world.nora)
    told = nora.get(f"/mailboxes/{mailbox.pk}/dkim-key")
    assert (told["value"], told["seen_at"] is None) == (key.value, False)
    made = nora.post(f"/mailboxes/{mailbox.pk}/dkim-key")
    assert made["name"] != key.name
    assert made["seen_at"] is None
    client.post(f"{path}/sign-no-more")
    mailbox.refresh_from_db()
    assert mailbox.dkim_key == ""
    assert nora("get", f"/mailboxes/{mailbox.pk}/dkim-key")[0] == 404


def test_key_of_a_colleague_is_not_mine_to_make(world: World) -> None:
    theirs = connect(world.nora, Details("nora@halden.example", "127.0.0.1", 1, is_personal=True))
    for verb in ("sign", "sign-no-more"):
        answer = client_of(world.camille).post(f"/w/halden/settings/mailboxes/{theirs.pk}/{verb}")
        assert answer.status_code == 404
