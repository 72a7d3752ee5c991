"""The composer in a browser: how tests open it, write in it and see what was saved."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from overture.delivery.models import Mailing
from tests.delivery.workers import until


def write(page: Page, mailing: Mailing, pane: str = "") -> None:
    page.goto(f"/w/halden/emails/{mailing.pk}/write{pane}")
    page.wait_for_selector("html[data-composer=ready]")


def content(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Content")


def type_in(page: Page, words: str) -> None:
    """Until they stand there: the browser takes keys that are on their way with the page that is left."""
    page.keyboard.type(words)
    expect(content(page)).to_contain_text(words.strip())


def saved(mailing: Mailing, words: str) -> Mailing:
    """Once its content holds `words`; of a slow typist half of them may be saved before."""
    until(lambda: words in current(mailing), 20, f"the save of {words!r}")
    return mailing


def current(mailing: Mailing) -> str:
    mailing.refresh_from_db()
    return mailing.content
