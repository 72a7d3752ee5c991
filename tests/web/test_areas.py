"""Mailboxes, ads and suppressions on their pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from overture.accounts.access import make_token
from overture.accounts.invite import invite
from overture.accounts.models import Program
from overture.ads.details import Details as AdDetails
from overture.ads.make import make
from overture.ads.models import Ad, AdClick
from overture.delivery.models import Suppression
from overture.delivery.suppress import suppress
from overture.lib import addresses
from overture.mailboxes.connect import connect
from overture.mailboxes.details import Details
from overture.mailboxes.models import Mailbox
from overture.mailboxes.secret import password_of
from tests import factories
from tests.fakes.recording_smtp import Behaviour, RecordingSMTP
from tests.web.signed_in import client_of
from tests.world import World, member

FORM = {
    "scope": "workspace",
    "address": "nora@halden.example",
    "sender_name": "Nora",
    "host": "127.0.0.1",
    "security": "none",
    "username": "",
    "password": "",
    "per_minute": 30,
    "per_hour": 200,
    "per_day": 500,
    "time_zone": "Europe/Paris",
}
NEW = "/w/halden/settings/mailboxes/new"


def test_mailbox_is_tested_and_connected(world: World, tmp_path: Path) -> None:
    client = client_of(world.nora)
    with RecordingSMTP(tmp_path / "log", Behaviour()) as server:
        form = FORM | {"port": server.port}
        answer = client.post(NEW, form | {"test": "1"})
        assert (answer.context["finding"].code, Mailbox.objects.count()) == ("ok", 0)
        assert client.post(NEW, form)["Location"] == "/w/halden/settings/mailboxes"
    mailbox = Mailbox.objects.get()
    assert (mailbox.owner, mailbox.port, mailbox.time_zone) == (None, server.port, "Europe/Paris")


def test_mailbox_that_does_not_answer_is_saved_only_all_the_same(world: World) -> None:
    client, form = client_of(world.nora), FORM | {"port": 1, "scope": "personal"}
    answer = client.post(NEW, form)
    assert (answer.status_code, answer.context["finding"].code, Mailbox.objects.count()) == (
        200,
        "refused",
        0,
    )
    assert "Save all the same" in answer.content.decode()
    # It holds the password that was typed.
    assert answer["Cache-Control"] == "no-store"
    assert client.post(NEW, form | {"anyway": "1"}).status_code == 302
    assert Mailbox.objects.get().owner == world.nora


def test_mailbox_password_is_never_shown_again(world: World) -> None:
    mailbox = connect(world.nora, Details("nora@halden.example", "127.0.0.1", 1, "none", "nora", "s3cret"))
    client, path = client_of(world.nora), f"/w/halden/settings/mailboxes/{mailbox.pk}"
    assert "s3cret" not in client.get(path).content.decode()
    kept = FORM | {"port": 1, "username": "nora", "per_day": 9, "anyway": "1"}
    assert client.post(path, kept).status_code == 302
    mailbox.refresh_from_db()
    assert (mailbox.per_day, password_of(mailbox)) == (9, "s3cret")
    answer = client.post(path, kept | {"host": "mail.evil.example"})
    assert answer.context["form"].errors.keys() == {"password"}
    assert client.post(path, kept | {"host": "mail.halden.example", "password": "new"}).status_code == 302
    mailbox.refresh_from_db()
    assert (mailbox.host, password_of(mailbox)) == ("mail.halden.example", "new")


def test_mailbox_test_connects_again(world: World, tmp_path: Path) -> None:
    with RecordingSMTP(tmp_path / "log", Behaviour()) as server:
        mailbox = connect(world.nora, Details("nora@halden.example", "127.0.0.1", server.port, "none"))
        Mailbox.objects.filter(pk=mailbox.pk).update(
            state="disconnected", reason="auth_535", reason_words="535 no"
        )
        client = client_of(world.nora)
        page = client.get("/w/halden/settings/mailboxes").content.decode()
        assert "The server refused user name or password." in page
        tested = client.post(f"/w/halden/settings/mailboxes/{mailbox.pk}/test").content.decode()
    # The form beside the finding saves; it does not test again.
    assert f'action="/w/halden/settings/mailboxes/{mailbox.pk}"' in tested
    mailbox.refresh_from_db()
    assert (mailbox.state, mailbox.reason) == ("connected", "")


def test_mailbox_form_says_what_is_wrong(world: World) -> None:
    answer = client_of(world.nora).post(NEW, FORM | {"port": 587, "address": "nora", "per_day": 0})
    assert answer.context["form"].errors.keys() == {"per_day"}
    answer = client_of(world.nora).post(NEW, FORM | {"port": 587, "address": "nora"})
    assert answer.context["form"].errors.keys() == {"address"}


def test_presets_fill_the_form(world: World) -> None:
    client = client_of(world.camille)
    assert "?provider=gmail" in client.get(NEW).content.decode()
    form = client.get(f"{NEW}?provider=ovh").context["form"]
    assert (form["host"].value(), form["port"].value(), form["per_day"].value()) == (
        "ssl0.ovh.net",
        465,
        1000,
    )


def test_personal_mailbox_of_a_colleague_is_not_found(world: World) -> None:
    theirs = connect(world.nora, Details("nora@halden.example", "127.0.0.1", 1, is_personal=True))
    for path in ("", "/test", "/remove"):
        answer = client_of(world.camille).post(f"/w/halden/settings/mailboxes/{theirs.pk}{path}")
        assert answer.status_code == 404


AD = {"name": "Winter", "kind": "text", "landing_page": "https://brand.example/", "text": "Winter linen"}


def test_ad_is_made_edited_and_ended(world: World) -> None:
    client = client_of(world.camille)
    world.brand.time_zone = "Europe/Paris"
    world.brand.save()
    form = AD | {
        "program": world.program.pk,
        "active_from": "2026-01-31T09:00",
        "active_to": "2036-02-01T00:00",
    }
    made = client.post("/w/halden/ads/new", form)
    ad = Ad.objects.get()
    assert made["Location"] == f"/w/halden/ads/{ad.pk}"
    assert ad.active_from == datetime(2026, 1, 31, 8, tzinfo=UTC)
    page = client.get(made["Location"])
    assert (
        page.context["code"]
        == f'<a href="https://overture.test/c/MPID/{ad.pk}/{world.program.pk}">Winter linen</a>'
    )
    assert page.context["form"]["active_from"].value() == datetime(2026, 1, 31, 9)
    client.post(f"/w/halden/ads/{ad.pk}", form | {"name": "Winter 2"})
    client.post(f"/w/halden/ads/{ad.pk}/end")
    ad.refresh_from_db()
    assert (ad.name, ad.is_active()) == ("Winter 2", False)
    assert client_of(world.victor).get(f"/w/halden/ads/{ad.pk}").status_code == 200


def test_ad_form_says_what_is_wrong(world: World) -> None:
    client = client_of(world.nora)
    theirs = Program.objects.get(workspace=world.other_brand)
    for changed, field in (
        ({"landing_page": "javascript:alert(1)"}, "landing_page"),
        ({"text": ""}, "text"),
        ({"kind": "banner", "image": "http://brand.example/x.png"}, "image"),
        ({"program": theirs.pk}, "program"),
        ({"active_from": "2026-02-01T00:00", "active_to": "2026-01-01T00:00"}, "active_to"),
    ):
        answer = client.post("/w/halden/ads/new", AD | {"program": world.program.pk} | changed)
        assert answer.context["form"].errors.keys() == {field}
    assert not Ad.objects.exists()


def test_ads_list_counts_clicks(world: World) -> None:
    ad = make(world.nora, AdDetails("W", "text", "https://brand.example/", "W"))
    for _ in range(3):
        AdClick.objects.create(ad=ad, partner=factories.partner(), program=world.program)
    assert client_of(world.victor).get("/w/halden/ads").context["ads"] == [(ad, "active", 3)]


PAGE = "/w/halden/settings/suppressions"


def test_suppressions_are_added_line_by_line(world: World) -> None:
    client = client_of(world.camille)
    lines = "a@x.example\n\nAda <b@x.example>\nno address\nA@X.example\nc@@x.example"
    answer = client.post(f"{PAGE}/add", {"addresses": lines, "note": "asked by phone"})
    assert [(number, line) for number, line, _ in answer.context["refused"]] == [
        (4, "no address"),
        (6, "c@@x.example"),
    ]
    assert answer.context["form"]["addresses"].value() == "no address\nc@@x.example"
    rows = Suppression.objects.order_by("id").values_list("address", "note", "reason", "added_by")
    assert list(rows) == [(f"{a}@x.example", "asked by phone", "by_hand", world.camille.pk) for a in "ab"]
    assert "2 addresses added. 1 was there already." in answer.content.decode()


def test_suppression_is_lifted_with_a_reason_by_who_may(world: World) -> None:
    row, _ = suppress(world.nora, "a@x.example")
    path = f"{PAGE}/{row.pk}/lift"
    assert client_of(world.camille).post(path, {"because": "asked"}).status_code == 403
    assert client_of(world.nora).post(path, {"because": " "}).context["form"].errors.keys() == {"because"}
    assert client_of(world.nora).post(path, {"because": "asked again"}).status_code == 302
    row.refresh_from_db()
    assert (row.lifted_by, row.lifted_because) == (world.nora, "asked again")
    assert client_of(world.nora).get(path).status_code == 404


def _opted_out(world: World, address: str) -> Suppression:
    key = addresses.key(addresses.parse(address), _key())
    return Suppression.objects.create(
        workspace=world.brand, address=address, address_key=key, reason="opted_out"
    )


def _key() -> bytes:
    from django.conf import settings

    return settings.ADDRESS_KEY


def test_address_of_an_account_stays_hidden_from_page_search_and_export(world: World) -> None:
    account, joined, own = factories.partner(), factories.partner(), factories.partner(world.nora)
    for of, address in ((account, "secret@hus.example"), (joined, "open@hus.example")):
        factories.contact(of, address)
        _opted_out(world, address)
    factories.contact(own, "brought@hus.example", world.nora)
    _opted_out(world, "brought@hus.example")
    factories.prospect(world.nora, "J", partner=joined, stage="joined")
    client = client_of(world.nora)

    def found(query: str) -> list[str]:
        return [address for _row, address in client.get(f"{PAGE}?{query}").context["rows"]]

    assert found("") == ["brought@hus.example", "open@hus.example", "s•••@hus.example"]
    assert found("q=secret") == []
    assert found("q=ecret") == []
    assert found("q=open@HUS") == ["open@hus.example"]
    assert found("q=hus.example&reason=opted_out") == found("")
    assert found("reason=bounced") == []
    assert len(found("reason=nonsense&newer=x")) == 3
    exported = b"".join(client.get(f"{PAGE}.csv").streaming_content).decode()
    assert "secret@" not in exported
    assert [line.split(",")[0] for line in exported.splitlines()[1:]] == found("")
    assert client_of(world.victor).get(f"{PAGE}.csv").status_code == 403


def test_suppressions_are_paged_by_key(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("overture.web.newest_first.SIZE", 2)
    monkeypatch.setattr("overture.web.newest_first.newest_first.__defaults__", (2,))
    for name in "abcde":
        suppress(world.nora, f"{name}@x.example")
    client = client_of(world.nora)

    def page(query: str) -> tuple[str, list[str]]:
        shown = client.get(f"{PAGE}{query}").context
        here = shown["page"]
        links = {"first": here.first, "previous": here.previous, "next": here.next, "last": here.last}
        return "".join(address[0] for _row, address in shown["rows"]), [
            name for name, link in links.items() if link
        ]

    def follow(query: str, name: str) -> str:
        return str(getattr(client.get(f"{PAGE}{query}").context["page"], name))

    assert page("?reason=by_hand") == ("ed", ["next", "last"])
    second = follow("?reason=by_hand", "next")
    assert "reason=by_hand" in second
    assert page(second) == ("cb", ["first", "previous", "next", "last"])
    third = follow(second, "next")
    assert page(third) == ("a", ["first", "previous"])
    assert page(follow(third, "previous"))[0] == "cb"
    assert page(follow(second, "previous"))[0] == "ed"
    assert page(follow("", "last")) == ("ba", ["first", "previous"])


def _mailbox(world: World, name: str) -> None:
    connect(world.nora, Details(f"{name}@halden.example", "127.0.0.1", 1, is_personal=True))


ROWS: dict[str, Callable[[World, str], object]] = {
    "ads": lambda world, name: make(world.nora, AdDetails(name, "text", "https://brand.example/", name)),
    "settings/mailboxes": _mailbox,
    "settings/members": lambda world, name: (
        member(world.brand, f"{name}@halden.example", name, "viewer"),
        invite(world.nora, f"{name}@x.example", "viewer"),
    ),
    "settings/programs": lambda world, name: Program.objects.create(workspace=world.brand, name=name),
    "settings/suppressions": lambda world, name: suppress(world.nora, f"{name}@x.example"),
    "settings/tokens": lambda world, name: make_token(world.nora, name),
}


@pytest.mark.parametrize("path", ROWS)
def test_lists_ask_the_database_the_same_for_one_row_and_three(world: World, path: str) -> None:
    client = client_of(world.nora)
    asked = []
    for names in ("a", "bc"):
        for name in names:
            ROWS[path](world, name)
        client.get(f"/w/halden/{path}")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(f"/w/halden/{path}").status_code == 200
        asked.append(len(queries))
    assert asked[0] == asked[1]
    assert asked[0] <= 14


def test_pages_without_rows_say_what_to_do(world: World) -> None:
    for path in ("ads", "settings/mailboxes", "settings/suppressions"):
        assert 'class="empty"' in client_of(world.nora).get(f"/w/halden/{path}").content.decode()
    assert Client().get("/nowhere").status_code == 404
