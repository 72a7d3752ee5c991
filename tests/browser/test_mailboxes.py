"""A mailbox is connected in a real browser: to the provider and back under the strict policy; its pages."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from overture.mailboxes.models import Mailbox
from tests.browser.axe import faults
from tests.browser.conftest import Visit
from tests.delivery.test_oauth_sending import _Live
from tests.fakes.oauth_server import authorizing, settings_for
from tests.fakes.recording_smtp import Behaviour, RecordingSMTP
from tests.world import World

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("OVERTURE_SHOTS", "")


@pytest.fixture
def google(
    settings: Any, live_server: LiveServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Any]:
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
    settings.OVERTURE_BASE_URL = live_server.url
    with (
        authorizing() as server,
        RecordingSMTP(tmp_path / "log", Behaviour(tokens=_Live(server), mechanisms="XOAUTH2")) as smtp,
    ):
        settings.OVERTURE_OAUTH = settings_for(server, smtp.port)
        yield server


def _look(page: Page, name: str) -> None:
    """No accessibility fault, no sideways scroll on a telephone either."""
    assert faults(page) == []
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)
    page.set_viewport_size({"width": 360, "height": 800})
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}-narrow.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 900})
    assert wider <= 0


def test_mailbox_is_connected_by_signing_in_at_google(live: World, visit: Visit, google: Any) -> None:
    with visit(live.nora) as page:
        page.goto("/w/halden/settings/mailboxes/new")
        _look(page, "where")
        page.get_by_role("link", name="Sign in at Google").click()
        page.get_by_label("Address").fill("nora@halden.example")
        page.get_by_label("Read replies and bounces").uncheck()
        _look(page, "sign-in")
        page.get_by_role("button", name="Continue to Google").click()
        expect(page.get_by_text("nora@halden.example is connected.")).to_be_visible()
        _look(page, "connected")
        Mailbox.objects.update(
            state="reconnect",
            reason="grant_refused",
            reason_words="invalid_grant Token has been expired or revoked.",
            domain_says={"spf": "ok", "dkim": "unknown", "dmarc": "missing"},
        )
        page.reload()
        _look(page, "reconnect")
        page.get_by_role("link", name="Sign in again").first.click()
        _look(page, "sign-in-again")
        google.signs_in_as = "bob@halden.example"
        page.get_by_role("button", name="Continue to Google").click()
        expect(page.get_by_text("does not take this sign-in for this address")).to_be_visible()
        _look(page, "not-connected")
        google.signs_in_as = ""
        page.get_by_role("link", name="Sign in again").click()
        page.get_by_role("button", name="Continue to Google").click()
        expect(page.get_by_text("nora@halden.example is connected.")).to_be_visible()
    assert Mailbox.objects.get().state == "connected"


def test_pages_of_a_mailbox_in_french(live: World, visit: Visit, google: Any) -> None:
    box = Mailbox.objects.create(
        workspace=live.brand,
        address="nora@halden.example",
        address_key="n" * 32,
        host="smtp.halden.example",
        reads=True,
        imap_host="imap.halden.example",
        domain_says={"spf": "ok", "dkim": "unknown", "dmarc": "missing"},
    )
    with visit(live.nora, locale="fr") as page:
        page.goto(f"/w/halden/settings/mailboxes/{box.pk}")
        expect(page.get_by_role("heading", name="Santé")).to_be_visible()
        _look(page, "mailbox-fr")
        page.goto("/w/halden/settings/mailboxes")
        _look(page, "list-fr")
