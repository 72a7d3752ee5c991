"""The composer in a browser: how tests open it, write in it and see what was saved."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page

from overture.delivery.models import Mailing


def write(page: Page, mailing: Mailing, pane: str = "") -> None:
    page.goto(f"/w/halden/emails/{mailing.pk}/write{pane}")
    page.wait_for_selector("html[data-composer=ready]")


def content(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Content")


def saved(mailing: Mailing, page: Page) -> Mailing:
    with page.expect_response(re.compile("/draft$")):
        pass
    mailing.refresh_from_db()
    return mailing


def current(mailing: Mailing) -> str:
    mailing.refresh_from_db()
    return mailing.content
