"""A relay is connected in a real browser: its form, its page with the webhook, in English and French."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from overture.mailboxes.models import Mailbox, MailboxRelay
from tests.browser.conftest import Visit
from tests.browser.test_mailboxes import _look
from tests.fakes.relays import KEY, relaying
from tests.world import World

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_relay_is_connected_and_shows_where_its_events_go(live: World, visit: Visit, settings: Any) -> None:
    with relaying() as server, visit(live.camille) as page:
        settings.OVERTURE_RELAY_URL = server.url
        page.goto("/w/halden/settings/mailboxes/new")
        page.get_by_role("link", name="Mailgun").click()
        page.get_by_label("Address").fill("hello@halden.example")
        page.get_by_label("Region").select_option("eu")
        page.get_by_label("Sending domain").fill("mail.halden.example")
        page.get_by_label("API key").fill("a wrong one")
        page.get_by_role("button", name="Test and connect").click()
        expect(page.get_by_text("Enter the key, without spaces.")).to_be_visible()
        page.get_by_label("API key").fill("a-wrong-one")
        page.get_by_role("button", name="Test and connect").click()
        expect(page.get_by_text("Mailgun does not accept the key.")).to_be_visible()
        _look(page, "relay-refused")
        page.get_by_label("API key").fill(KEY)
        page.get_by_role("button", name="Test and connect").click()
        expect(page.get_by_text("hello@halden.example is connected.")).to_be_visible()
        expect(page.get_by_text("Events are refused until the signing key is entered")).to_be_visible()
        _look(page, "relay-connected")
        page.get_by_label("Signing key of webhooks").fill("a-signing-key")
        page.get_by_role("button", name="Test and save").click()
        expect(page.get_by_text("Events are refused")).to_have_count(0)
        assert KEY not in page.content()
        page.goto("/w/halden/settings/mailboxes")
        _look(page, "relay-list")
    assert Mailbox.objects.get().kind == "mailgun"


def test_page_of_a_relay_in_french(live: World, visit: Visit) -> None:
    box = Mailbox.objects.create(
        workspace=live.brand, address="hello@halden.example", address_key="n" * 32, kind="amazon_ses",
        host="email.eu-west-1.amazonaws.com", port=443, security="tls",
    )  # fmt: skip
    MailboxRelay.objects.create(mailbox=box, region="eu-west-1", last_event_at="2026-11-26T10:00:00Z")
    with visit(live.camille, locale="fr") as page:
        page.goto(f"/w/halden/settings/mailboxes/{box.pk}")
        expect(page.get_by_text("Événements reçus")).to_be_visible()
        _look(page, "relay-fr")
        page.goto("/w/halden/settings/mailboxes/new")
        expect(page.get_by_role("heading", name="Un relais pour tout l’espace de travail")).to_be_visible()
        _look(page, "relays-fr")
