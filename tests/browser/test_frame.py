"""The frame in a real browser: no accessibility fault, no sideways scroll, and its keys and layers work."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import faults
from tests.browser.conftest import Visit

PAGES = ("/look", "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/nowhere")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.templates.look_urls"),
]


@pytest.fixture
def tab(visit: Visit) -> Iterator[Page]:
    with visit(viewport={"width": 1280, "height": 800}) as page:
        yield page


def test_no_page_has_an_accessibility_fault_in_either_theme(tab: Page) -> None:
    tab.goto(PAGES[0])
    found = {(path, theme): faults(themed(tab, path, theme)) for theme in ("light", "dark") for path in PAGES}
    assert {where: what for where, what in found.items() if what} == {}


def themed(tab: Page, path: str, theme: str) -> Page:
    tab.context.add_cookies([{"name": "theme", "value": theme, "url": tab.url}])
    tab.goto(f"{path}?theme={theme}")
    return tab


def test_no_page_scrolls_sideways_from_320_pixels(tab: Page) -> None:
    wider = {
        (path, width) for path in PAGES for width in (320, 390, 768, 1088) if overflow(tab, path, width) > 0
    }
    assert wider == set()


def overflow(tab: Page, path: str, width: int) -> int:
    tab.set_viewport_size({"width": width, "height": 844})
    tab.goto(path)
    return int(tab.evaluate("document.documentElement.scrollWidth - innerWidth"))


def test_j_and_k_move_and_x_selects(tab: Page) -> None:
    tab.goto("/look")
    tab.keyboard.press("j")
    expect(tab.locator(".who a", has_text="Nordlys Deals")).to_be_focused()
    tab.keyboard.press("j")
    expect(tab.locator(".who a", has_text="Sel et Lin")).to_be_focused()
    tab.keyboard.press("x")
    expect(tab.get_by_label("Select Sel et Lin")).to_be_checked()
    tab.keyboard.press("k")
    expect(tab.locator(".who a", has_text="Nordlys Deals")).to_be_focused()


def test_single_keys_can_be_turned_off(tab: Page) -> None:
    tab.goto("/look?quiet")
    tab.keyboard.press("j")
    expect(tab.locator(".who a", has_text="Nordlys Deals")).not_to_be_focused()


def test_keys_typed_into_a_field_stay_text(tab: Page) -> None:
    tab.goto("/look")
    tab.keyboard.press("/")
    tab.keyboard.type("jx")
    expect(tab.locator(".page input[type=search]")).to_have_value("jx")


def test_dialog_closes_on_escape_and_returns_the_focus(tab: Page) -> None:
    tab.goto("/look")
    opener = tab.get_by_role("button", name="Open the dialog")
    opener.click()
    expect(tab.get_by_role("dialog", name="Cancel sending?")).to_be_visible()
    tab.keyboard.press("Escape")
    expect(tab.get_by_role("dialog", name="Cancel sending?")).to_be_hidden()
    expect(opener).to_be_focused()


def test_menu_opens_beside_its_button_and_moves_with_arrows(tab: Page) -> None:
    tab.goto("/look")
    opener = tab.get_by_role("button", name="More ways to send")
    opener.click()
    expect(tab.get_by_role("button", name="Tomorrow, 09:00")).to_be_focused()
    button, menu = opener.bounding_box(), tab.locator("#sample-menu").bounding_box()
    assert button
    assert menu
    assert abs(menu["y"] - (button["y"] + button["height"])) < 12
    tab.keyboard.press("ArrowDown")
    expect(tab.get_by_role("button", name="Message", exact=True)).to_be_focused()
    tab.keyboard.press("Escape")
    expect(tab.locator("#sample-menu")).to_be_hidden()


def test_drawer_opens_from_the_last_tab(tab: Page) -> None:
    tab.set_viewport_size({"width": 390, "height": 844})
    tab.goto("/look")
    expect(tab.locator(".nav")).to_be_hidden()
    tab.get_by_role("button", name="More", exact=True).last.click()
    expect(tab.locator(".nav")).to_be_visible()
    tab.keyboard.press("Escape")
    expect(tab.locator(".nav")).to_be_hidden()


def test_toast_offers_undo_stays_while_pointed_at_and_leaves(tab: Page) -> None:
    tab.clock.install()
    tab.goto("/look?message")
    toast = tab.locator(".toasts .toast")
    expect(toast.locator("form")).to_have_attribute("action", "/nowhere")
    toast.hover()
    tab.clock.run_for(7000)
    expect(toast).to_be_visible()
    tab.mouse.move(10, 10)
    tab.clock.run_for(7000)
    expect(toast).to_have_count(0)
