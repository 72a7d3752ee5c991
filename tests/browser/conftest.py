"""A real Chromium, and people signed in to a live server, for the tests that go through the whole product."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

# This file is read before Django's apps are loaded: models come later.
if TYPE_CHECKING:
    from overture.accounts.models import Membership

Visit = Callable[..., AbstractContextManager[Page]]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # Playwright's loop makes Django think that it runs in async code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path="/usr/bin/chromium-headless-shell",
            args=["--no-sandbox", "--disable-gpu", "--disable-quic"],
        )
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def visit(browser: Browser, live_server: LiveServer) -> Visit:
    """`with visit(member, locale="fr") as page:`; script faults and refusals of the policy fail the test."""

    @contextmanager
    def open_page(member: Membership | None = None, **context: object) -> Iterator[Page]:
        # Without motion: what is read amid a transition is nobody's colour and nobody's place.
        still = {"locale": "en", "viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce"}
        options = still | context
        with closing(browser.new_context(base_url=live_server.url, **options)) as opened:  # type: ignore[arg-type]
            if member:
                opened.add_cookies([session_cookie(member, live_server.url)])
            page, faults = opened.new_page(), list[str]()
            page.on("pageerror", lambda error: faults.append(str(error)))
            page.on("console", lambda line: faults.append(line.text) if "Security" in line.text else None)
            yield page
        assert faults == []

    return open_page


def session_cookie(member: Membership, url: str) -> dict[str, str]:
    client = Client()
    client.force_login(member.user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return {
        "name": settings.SESSION_COOKIE_NAME,
        "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
        "url": url,
    }
