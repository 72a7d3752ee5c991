"""A marketplace in a real browser: search, filters, the record and its keys, choosing over pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from overture.directory.models import Partner
from overture.marketplace.models import NotInterested
from overture.prospects.models import Prospect
from tests import factories
from tests.browser.axe import faults
from tests.browser.conftest import Visit
from tests.world import World

pytestmark = [pytest.mark.slow, pytest.mark.browser]

MARKET = "/w/halden/marketplace"
COUNTRIES = ("FR", "BE", "DE", "ES", "IT", "NL", "PT", "SE")


@pytest.fixture
def cast(live: World, indexed: Callable[[], Any]) -> World:
    for number in range(30):
        factories.partner(
            name=f"Partner {number:02}",
            about="Notes on linen and other cloth." if number < 3 else "Notes on travel.",
            category="Travel" if number % 3 else "Fashion",
            audience=100_000 - number,
            audience_countries={COUNTRIES[number % 8]: 80},
        )
    indexed()
    return live


@pytest.fixture
def tab(cast: World, visit: Visit) -> Iterator[Page]:
    with visit(cast.nora, viewport={"width": 1440, "height": 900}) as page:
        errors: list[str] = []
        page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
        yield page
        assert errors == []


def number_of(name: str) -> int:
    return int(Partner.objects.get(name=name).pk)


def tick(tab: Page, name: str) -> None:
    tab.get_by_label(f"Select {name}", exact=True).check()


def test_search_and_filters_follow_at_once_and_keep_focus_and_place(tab: Page) -> None:
    tab.goto(MARKET)
    tab.keyboard.press("/")
    field = tab.get_by_label("Search", exact=True)
    expect(field).to_be_focused()
    field.press_sequentially("linen", delay=20)
    expect(tab.locator(".tile")).to_have_count(3)
    expect(tab.locator(".tile mark").first).to_have_text("linen")
    assert tab.url.endswith(f"{MARKET}?q=linen")
    field.fill("")
    expect(tab.locator(".tile")).to_have_count(24)
    tab.get_by_text("2 more").click()
    box = tab.locator("#f-country-SE")
    box.check()
    expect(tab.get_by_label("Remove the filter Audience in: Sweden")).to_be_visible()
    expect(box).to_be_focused()
    tab.locator("#f-category-Fashion").check()
    expect(tab.locator(".results-head")).to_contain_text("1 partner")
    assert tab.url.endswith(f"{MARKET}?country=SE&category=Fashion")
    tab.get_by_label("Remove the filter Category: Fashion").click()
    expect(tab.locator(".results-head")).to_contain_text("3 partners")
    expect(tab.locator("#f-category-Fashion")).not_to_be_checked()
    tab.go_back()
    expect(tab.locator(".results-head")).to_contain_text("1 partner")
    expect(tab.locator("#f-category-Fashion")).to_be_checked()


def test_record_opens_beside_the_tiles_follows_the_arrows_and_closes(tab: Page) -> None:
    tab.goto(MARKET)
    panel = tab.locator("#side .slideover")
    tab.get_by_role("link", name="Partner 03").click()
    expect(panel.get_by_role("heading", name="Partner 03")).to_be_visible()
    assert tab.url.endswith(f"{MARKET}/{number_of('Partner 03')}")
    tab.keyboard.press("ArrowRight")
    expect(panel.get_by_role("heading", name="Partner 04")).to_be_visible()
    # Two stand beside each other next to the record.
    tab.keyboard.press("ArrowDown")
    expect(panel.get_by_role("heading", name="Partner 06")).to_be_visible()
    expect(tab.locator(".tile[aria-current]")).to_contain_text("Partner 06")
    panel.get_by_role("button", name="Mark as prospect").click()
    expect(panel.get_by_role("link", name="Open the prospect")).to_be_focused()
    expect(tab.locator(".tile[aria-current] .stage")).to_have_text("New")
    assert Prospect.objects.get().name == "Partner 06"
    tab.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    expect(tab.get_by_role("link", name="Partner 06")).to_be_focused()
    tab.go_back()
    expect(panel.get_by_role("heading", name="Partner 06")).to_be_visible()
    tab.wait_for_load_state()  # the page is loaded anew, and its scripts come last
    tab.keyboard.press("m")
    expect(tab.get_by_role("status").filter(has_text="not turned messages on")).to_be_visible()


def test_a_tile_menu_hides_who_is_not_wanted_and_offers_undo(tab: Page) -> None:
    tab.goto(MARKET)
    tab.get_by_label("More for Partner 01").click()
    tab.get_by_role("button", name="Not interested").click()
    expect(tab.get_by_role("link", name="Partner 01")).to_have_count(0)
    expect(tab.get_by_role("link", name="Partner 02")).to_be_focused()
    tab.get_by_role("button", name="Undo").click()
    expect(tab.get_by_role("link", name="Partner 01")).to_be_visible()
    assert NotInterested.objects.count() == 0


def test_tiles_chosen_on_two_pages_are_emailed(tab: Page) -> None:
    tab.goto(MARKET)
    tab.keyboard.press("j")
    tab.keyboard.press("x")
    expect(tab.locator("#bulk output")).to_have_text("1 selected")
    tick(tab, "Partner 05")
    tab.get_by_label("Next page").click()
    expect(tab.get_by_role("link", name="Partner 25")).to_be_visible()
    tick(tab, "Partner 25")
    expect(tab.locator("#bulk output")).to_have_text("3 selected")
    expect(tab.get_by_role("button", name="Select all 30 that match")).to_be_visible()
    tab.locator("#bulk").get_by_role("button", name="Email").click()
    expect(tab.get_by_role("textbox", name="Subject")).to_be_visible()
    assert sorted(Prospect.objects.values_list("name", flat=True)) == [
        "Partner 00",
        "Partner 05",
        "Partner 25",
    ]


def test_filters_are_a_sheet_on_a_narrow_screen(cast: World, visit: Visit) -> None:
    with visit(cast.nora, viewport={"width": 390, "height": 844}) as page:
        page.goto(MARKET)
        box = page.locator("#f-category-Fashion")
        expect(box).to_be_hidden()
        page.get_by_role("link", name="Filters", exact=True).click()
        box.check()
        page.get_by_role("link", name="Show 10 matches").click()
        expect(box).to_be_hidden()
        expect(page.get_by_role("link", name="Filters 1")).to_be_focused()
        assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_filters_and_choosing_work_without_script(cast: World, visit: Visit) -> None:
    with visit(cast.nora, java_script_enabled=False) as page:
        page.goto(f"{MARKET}?category=Fashion")
        tick(page, "Partner 03")
        page.get_by_role("button", name="Select what is ticked").click()
        expect(page.locator("#bulk output")).to_have_text("1 selected")
        page.locator("#f-country-FR").check()
        page.get_by_role("button", name="Show", exact=True).click()
        expect(page.locator("#bulk output")).to_have_text("1 selected")
        expect(page.get_by_label("Remove the filter Audience in: France")).to_be_visible()


def test_no_page_has_an_accessibility_fault_or_scrolls_sideways(tab: Page) -> None:
    number = number_of("Partner 02")
    pages = (
        f"{MARKET}?q=linen",
        f"{MARKET}/{number}?category=Fashion",
        f"{MARKET}?q=zzz",
        f"{MARKET}/searches",
    )
    found = []
    for width, theme in ((1440, "light"), (390, "dark")):
        tab.set_viewport_size({"width": width, "height": 844})
        tab.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        for path in pages:
            tab.goto(path)
            found += [(path, width, *fault) for fault in faults(tab)]
            if tab.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found.append((path, width, "scrolls sideways", []))
    assert found == []
