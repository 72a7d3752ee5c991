"""The partner's portal in a real browser, alone and with the brand at the same time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from overture.accounts.models import User, Workspace
from overture.conversations.answer import answer
from overture.conversations.models import Conversation, Message
from overture.directory.models import PartnerUser
from overture.files.drain import drain
from overture.files.models import StoredFile
from tests import factories
from tests.browser.axe import faults
from tests.browser.conftest import Visit
from tests.conversations.cast import file, talk
from tests.files.samples import embedded, picture
from tests.portal.people import person
from tests.world import World

pytestmark = [pytest.mark.slow, pytest.mark.browser]


@pytest.fixture
def mine(live: World) -> PartnerUser:
    """Élise, who has a thread with each of two brands."""
    mine = person()
    Workspace.objects.update(is_open_to_partners=True)
    factories.prospect(live.nora, partner=mine.partner)
    factories.prospect(live.stranger, partner=mine.partner)
    row, _ = talk(live.nora, mine.partner, "With **pleasure**. Could you send last year’s layout?")
    answer(mine.user, row, "Here it is.", [file("layout.pdf", "infected", user=mine.user)])
    talk(live.stranger, mine.partner, "Would a May issue suit you?")
    return mine


def _pages(mine: PartnerUser) -> list[str]:
    at = f"/partner/{mine.partner_id}"
    thread = f"{at}/inbox/{Conversation.objects.get(workspace__slug='halden').pk}"
    return [f"{at}/inbox", thread, f"{at}/brands", f"{at}/profile", f"{at}/people", f"{at}/settings"]


@pytest.mark.parametrize(("theme", "language"), [("light", "en"), ("dark", "fr")])
def test_no_page_has_an_accessibility_fault_or_scrolls_sideways(
    visit: Visit, mine: PartnerUser, theme: str, language: str
) -> None:
    User.objects.filter(pk=mine.user_id).update(theme=theme, language=language)
    with visit(mine, locale=language) as page:
        for path in [*_pages(mine), f"/partner/{mine.partner_id}/brands/northwind"]:
            page.set_viewport_size({"width": 1280, "height": 900})
            page.goto(path)
            assert faults(page) == [], path
            for width in (320, 390, 768):
                page.set_viewport_size({"width": width, "height": 844})
                assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, (path, width)
            page.set_viewport_size({"width": 390, "height": 844})
            assert faults(page) == [], (path, "narrow")


def test_public_pages_have_no_fault(visit: Visit, live: World) -> None:
    for theme in ("light", "dark"):
        with visit() as page:
            page.goto("/partner/sign-up")
            page.context.add_cookies([{"name": "theme", "value": theme, "url": page.url}])
            page.goto("/partner/sign-up")
            assert faults(page) == []
            page.get_by_role("button", name="Create the account").click()
            expect(page.get_by_label("Company or creator name")).to_be_focused()


def test_a_narrow_screen_shows_one_pane_at_a_time(visit: Visit, mine: PartnerUser) -> None:
    with visit(mine, viewport={"width": 390, "height": 844}) as page:
        page.goto(f"/partner/{mine.partner_id}/inbox")
        page.locator(".thread", has_text="Northwind").click()
        expect(page.get_by_text("Would a May issue suit you?").last).to_be_visible()
        expect(page.locator(".threads")).to_be_hidden()
        page.get_by_role("link", name="Back to threads").click()
        expect(page.locator(".threads")).to_be_visible()
        page.get_by_role("link", name="Profile").click()
        expect(page.get_by_role("heading", name="Profile", exact=True)).to_be_visible()


def test_messages_are_stopped_and_the_stop_is_taken_back(visit: Visit, mine: PartnerUser) -> None:
    with visit(mine) as page:
        page.goto(_pages(mine)[1])
        page.get_by_role("button", name="Stop messages").first.click()
        expect(
            page.get_by_text("You stopped messages with this brand. Allow them again to write.")
        ).to_be_visible()
        page.get_by_role("button", name="Undo").click()
        expect(page.locator("#reply-text")).to_be_visible()
    assert Conversation.objects.filter(blocked_at=None).count() == 2


def test_pages_work_without_script(visit: Visit, mine: PartnerUser) -> None:
    with visit(mine, java_script_enabled=False) as page:
        page.goto(f"/partner/{mine.partner_id}/inbox")
        page.locator(".thread", has_text="Halden").click()
        page.locator("#reply-text").fill("Without any script")
        page.get_by_role("button", name="Send").click()
        expect(page.locator(".msg.mine").last).to_contain_text("Without any script")
        page.goto(f"/partner/{mine.partner_id}/settings")
        page.get_by_label("Never").check()
        page.get_by_role("button", name="Save").first.click()
        expect(page.get_by_label("Never")).to_be_checked()


@pytest.fixture
def both(visit: Visit, mine: PartnerUser, live: World, scanner: Any) -> Iterator[tuple[Page, Page]]:
    """The brand and the partner, each before the same thread, and a scanner that scans."""
    number = Conversation.objects.get(workspace=live.brand).pk
    with visit(live.nora) as brand, visit(mine) as partner:
        brand.goto(f"/w/halden/inbox/{number}")
        partner.goto(f"/partner/{mine.partner_id}/inbox/{number}")
        yield brand, partner


def test_two_people_write_at_once_and_see_it_without_reload(both: tuple[Page, Page]) -> None:
    brand, partner = both
    brand.locator("#reply-text").fill("Are you *there*?")
    brand.get_by_role("button", name="Send").click()
    expect(partner.locator(".msg:not(.mine)").last).to_contain_text("Are you", timeout=15_000)
    # Read on the other side, and said so on this one.
    expect(brand.locator(".msg.mine .read").last).to_contain_text("Read by Élise Vauquelin", timeout=15_000)
    partner.locator("#reply-text").fill("Here I am")
    partner.get_by_role("button", name="Send").click()
    expect(brand.locator(".msg:not(.mine)").last).to_contain_text("Here I am", timeout=15_000)
    message = Message.objects.latest("pk")
    assert (message.text, message.side) == ("Here I am", "partner")


def test_a_clean_file_opens_and_a_virus_is_blocked_for_both(both: tuple[Page, Page]) -> None:
    brand, partner = both
    _attach(partner, "layout.png", picture())
    expect(partner.locator(".reply .file.scanning")).to_have_count(1, timeout=15_000)
    drain(lambda: False)
    # A chip that asks for its state takes its own place, and not that of the whole conversation.
    expect(partner.locator(".reply .file.clean")).to_have_count(1, timeout=15_000)
    _attach(partner, "rates.pdf", embedded())
    expect(partner.locator(".reply .file.scanning")).to_have_count(1, timeout=15_000)
    partner.locator("#reply-text").fill("Two files")
    partner.get_by_role("button", name="Send").click()
    expect(partner.locator(".msg.mine .file.scanning")).to_have_count(1)
    # Sent, and closed on both sides until it was scanned.
    expect(brand.locator(".msg:not(.mine) .file.scanning")).to_have_count(1, timeout=15_000)
    drain(lambda: False)
    expect(partner.get_by_text("Not delivered, virus found.").last).to_be_visible(timeout=15_000)
    expect(brand.get_by_text("Blocked, virus found.").last).to_be_visible(timeout=15_000)
    assert {each.type: each.state for each in StoredFile.objects.filter(sha256__regex="[a-f]")} == {
        "png": "clean",
        "pdf": "infected",
    }
    link = brand.locator(".msg:not(.mine) a[download]")
    expect(link).to_have_count(1, timeout=15_000)
    with brand.expect_download() as found:
        link.click()
    assert found.value.suggested_filename == "layout.png"
    # Nobody gets at the other one by its address.
    blocked = re.sub(r"\d+/layout.png$", "", str(link.get_attribute("href")))
    numbers = Message.objects.latest("pk").attachments.order_by("pk").values_list("pk", flat=True)
    for page, where in ((brand, blocked), (partner, f"{partner.url}/files/")):
        assert page.request.get(f"{where}{numbers[1]}/rates.pdf").status == 409


def _attach(page: Page, name: str, content: bytes) -> None:
    page.locator("input[type=file]").set_input_files(
        [{"name": name, "mimeType": "application/octet-stream", "buffer": content}]
    )
