"""Files in the composer as a person attaches them, and webhooks as an administrator sees them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from overture.delivery.attached import files_of
from overture.delivery.models import Mailing
from overture.files.scan import scan_due
from tests.browser.axe import faults
from tests.browser.conftest import Visit
from tests.delivery.workers import until
from tests.files import samples
from tests.web.letters import letter, three
from tests.webhooks.cast import hook
from tests.world import World

pytestmark = [pytest.mark.slow, pytest.mark.browser]


@pytest.fixture
def mailing(live: World, scanner: Any) -> Mailing:
    return letter(live.nora, *three(live.nora), subject="Rates for {mpname}", content="<p>Hello</p>")


@pytest.fixture
def page(live: World, visit: Visit, mailing: Mailing) -> Iterator[Page]:
    with visit(live.nora) as opened:
        opened.goto(f"/w/halden/emails/{mailing.pk}/write")
        opened.wait_for_selector("html[data-composer=ready]")
        yield opened


def names(mailing: Mailing) -> list[str]:
    return [each.name for each in files_of(mailing)]


def attach(page: Page, *files: tuple[str, bytes]) -> None:
    given: Any = [
        {"name": name, "mimeType": "application/octet-stream", "buffer": data} for name, data in files
    ]
    page.locator("input[type=file]").set_input_files(given)


def test_files_are_attached_saved_scanned_and_taken_out(page: Page, mailing: Mailing) -> None:
    attach(page, ("prices.pdf", samples.document()), ("partners.csv", samples.CSV))
    expect(page.locator(".file.scanning")).to_have_count(2)
    until(lambda: names(mailing) == ["prices.pdf", "partners.csv"], 20, "the files saved")
    expect(page.locator("#preflight")).to_contain_text("prices.pdf is being scanned")
    scan_due()
    expect(page.locator(".file.clean")).to_have_count(2, timeout=10_000)
    expect(page.locator("#preflight")).not_to_contain_text("is being scanned")
    assert faults(page) == []
    page.locator(".file", has_text="prices.pdf").get_by_title("Take it out").click()
    until(lambda: names(mailing) == ["partners.csv"], 20, "the file taken out")
    page.reload()
    expect(page.locator(".file.clean b").first).to_have_text("partners.csv")


def test_refused_file_says_why_and_spoils_nothing(page: Page, mailing: Mailing) -> None:
    attach(page, ("a.exe", b"MZ"), ("partners.csv", samples.CSV))
    expect(page.locator(".file.refused")).to_contain_text("Files named .exe cannot be attached.")
    expect(page.locator(".file.scanning")).to_have_count(1)
    until(lambda: names(mailing) == ["partners.csv"], 20, "the file saved")


def test_button_of_the_format_bar_opens_the_choice(page: Page) -> None:
    with page.expect_file_chooser():
        page.locator(".formatbar .attach").click()


def test_checking_at_once_waits_for_the_file(page: Page, mailing: Mailing) -> None:
    attach(page, ("partners.csv", samples.CSV))
    page.get_by_role("button", name="Check 3 emails").click()
    page.wait_for_url(re.compile("/manifest$"))
    expect(page.locator(".manifest-facts")).to_contain_text("partners.csv is being scanned")
    expect(page.locator(".file.scanning")).to_have_count(1)
    assert faults(page) == []
    scan_due()
    expect(page.locator(".file.clean")).to_have_count(1, timeout=10_000)


def test_composer_with_files_fits_a_phone(
    live: World, visit: Visit, mailing: Mailing, tmp_path: Path
) -> None:
    with visit(live.nora, viewport={"width": 390, "height": 844}) as page:
        page.goto(f"/w/halden/emails/{mailing.pk}/write")
        page.wait_for_selector("html[data-composer=ready]")
        attach(page, ("a-very-long-name-of-a-file-that-goes-on-and-on-and-on-2038.csv", samples.CSV))
        expect(page.locator(".file.scanning")).to_have_count(1)
        assert page.evaluate("document.documentElement.scrollWidth") == 390


@pytest.mark.parametrize("locale", ["en", "fr"])
def test_webhook_is_added_and_looked_at(live: World, visit: Visit, locale: str) -> None:
    failed = hook(live.nora, "https://hooks.example/" + "a" * 120)
    with visit(live.nora, locale=locale, viewport={"width": 390, "height": 844}) as page:
        page.goto("/w/halden/settings/webhooks/new")
        page.locator("[name=url]").fill("https://hooks.example/in")
        assert faults(page) == []
        page.locator("form button.primary").click()
        expect(page.locator(".code pre")).to_contain_text("whsec_")
        assert faults(page) == []
        for path in ("", f"/{failed.pk}"):
            page.goto(f"/w/halden/settings/webhooks{path}")
            assert faults(page) == []
            assert page.evaluate("document.documentElement.scrollWidth") == 390
