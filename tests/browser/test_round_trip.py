"""A partner's whole round trip, all of it real: browser, worker, Postfix, Dovecot, and back."""

from __future__ import annotations

import email
import email.policy
import re
from email.message import EmailMessage
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from overture.mailboxes.models import Mailbox
from overture.prospects.models import Prospect
from overture.web import manifest
from tests import factories
from tests.browser.axe import faults
from tests.browser.conftest import Visit
from tests.browser.test_inbox import shot
from tests.delivery.workers import data_folder, until, worker
from tests.inbound.cast import NORA
from tests.inbound.samples import sample
from tests.servers.dovecot import PASSWORD
from tests.servers.road import Road, road
from tests.world import World

pytestmark = [pytest.mark.slow, pytest.mark.browser]
ELISE = "elise@x.example"


def test_connect_write_be_answered_and_answer(
    live: World, visit: Visit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(manifest, "UNDO_SECONDS", 1)
    factories.prospect(live.nora, "La Longue Veille", ELISE)
    with road() as way, worker(data_folder(tmp_path)), visit(live.nora) as page:
        connect(page, way)
        write_to_elise(page)
        first = arrived(way, 1)
        assert first["Subject"] == "A winter feature?"

        page.goto("/w/halden/inbox")
        expect(page.locator(".thread")).to_have_count(0)
        way.bring(NORA, ELISE, theirs("reply-gmail-html", first))
        # Nobody reloads: the list asks by itself.
        expect(page.locator(".thread.unread", has_text="La Longue Veille")).to_be_visible(timeout=60_000)
        page.locator(".thread").click()
        expect(page.locator(".msg", has_text="Yes, with *pleasure*.")).to_be_visible()
        expect(page.locator(".msg blockquote", has_text="On Tue, Nov 24")).to_be_hidden()
        way.bring(NORA, ELISE, theirs("reply-ios-en", first))
        expect(page.locator(".msg", has_text="send me two samples.")).to_be_visible(timeout=60_000)
        shot(page, "round-trip")
        assert faults(page) == []

        page.get_by_role("button", name="Answer by email").last.click()
        page.wait_for_url("**/write")
        write(page, "They are on their way.")
        second = arrived(way, 2)
    ours, last = str(first["Message-ID"]), "<reply-ios-en@mail.veille.example>"
    assert (second["To"], second["Subject"]) == (first["To"], "Re: A winter feature?")
    assert (second["In-Reply-To"], str(second["References"]).split()) == (last, [ours, last])
    assert "They are on their way." in part(second)
    assert Prospect.objects.get().stage == "negotiating"
    box = Mailbox.objects.get()
    assert (box.state, box.owner, PASSWORD in box.secret) == ("connected", live.nora, False)


def connect(page: Page, way: Road) -> None:
    way.dovecot.add_user(NORA)
    page.goto("/w/halden/settings/mailboxes/new?provider=other")
    fields = {
        "address": NORA, "username": NORA, "password": PASSWORD,
        "host": "127.0.0.1", "imap_host": "127.0.0.1",
        "port": way.postfix.port, "imap_port": way.dovecot.imap,
    }  # fmt: skip
    for name, value in fields.items():
        page.locator(f"[name={name}]").fill(str(value))
    for name in ("security", "imap_security"):
        page.locator(f"[name={name}]").select_option("none")
    page.locator("[name=reads]").check()
    page.get_by_role("button", name="Test and connect").click()
    expect(page.get_by_text(f"{NORA} is connected.")).to_be_visible()


def write_to_elise(page: Page) -> None:
    page.goto("/w/halden/prospects")
    page.locator("tbody input[type=checkbox]").check()
    page.get_by_role("button", name=re.compile("^Email 1$")).click()
    page.wait_for_url("**/write")
    page.locator("html[data-composer=ready]").wait_for()
    page.locator(".subject .ProseMirror, .subject[contenteditable]").first.click()
    page.keyboard.type("A winter feature?")
    write(page, "Would you write about them?")


def write(page: Page, words: str) -> None:
    page.locator("html[data-composer=ready]").wait_for()
    page.locator(".editor .ProseMirror").click()
    page.keyboard.type(words)
    page.get_by_role("button", name=re.compile("^Check")).click()
    page.get_by_role("button", name=re.compile("^Send")).click()
    page.wait_for_url(re.compile(r"/emails/\d+$"))


def arrived(way: Road, number: int) -> EmailMessage:
    """The letter of that number, as the far end got it."""
    until(lambda: len(way.far.messages()) == number, what=f"letter {number}")
    message = way.far.messages()[-1]
    assert message.recipients == [ELISE]
    return email.message_from_bytes(message.content, policy=email.policy.default)


def theirs(name: str, letter: EmailMessage) -> bytes:
    raw = sample(name, str(letter["Message-ID"]).strip("<>"))
    return raw.replace(b"elise@veille.example", ELISE.encode())


def part(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())
