"""Prospects in a real browser: choosing over pages and filters, panel, keys, no accessibility fault."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from overture.prospects.models import Prospect, Selection, SelectionRow, Stage
from tests import factories
from tests.browser.axe import faults
from tests.browser.conftest import Visit
from tests.world import World

pytestmark = [pytest.mark.slow, pytest.mark.browser]

LIST = "/w/halden/prospects"


@pytest.fixture
def cast(live: World) -> World:
    for number in range(60):
        factories.prospect(live.nora, f"Prospect {number:02}", stage=Stage.NEW)
    for number in range(3):
        factories.prospect(live.nora, f"Joined {number}", stage=Stage.JOINED)
    return live


@pytest.fixture
def tab(cast: World, visit: Visit) -> Iterator[Page]:
    with visit(cast.nora, viewport={"width": 1440, "height": 900}) as page:
        errors: list[str] = []
        page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
        yield page
        assert errors == []


def box(tab: Page, name: str) -> Any:
    return tab.get_by_label(f"Select {name}", exact=True)


def chosen() -> list[str]:
    rows = SelectionRow.objects.order_by("prospect__name")
    return [row.prospect.name for row in rows.select_related("prospect")]


def told(tab: Page, text: str) -> None:
    """What the bulk bar says, beside its link to what is not shown."""
    expect(tab.locator("#bulk output")).to_contain_text(text)


def test_ticking_saves_at_once_and_stays_over_pages_sorts_and_reloads(tab: Page) -> None:
    tab.goto(f"{LIST}?sort=name&stage=new")
    box(tab, "Prospect 01").check()
    box(tab, "Prospect 03").check()
    told(tab, "2 selected")
    number = Selection.objects.get().pk
    assert tab.url.endswith(f"?sort=name&stage=new&selection={number}")
    tab.get_by_label("Next page").click()
    expect(box(tab, "Prospect 55")).to_be_visible()
    box(tab, "Prospect 55").check()
    told(tab, "3 selected")
    # The bar lies over the column heads, so the menu sorts as well.
    tab.get_by_role("button", name="More for this list").click()
    tab.locator("#list-menu").get_by_role("link", name="Name").click()
    expect(box(tab, "Prospect 59")).to_be_visible()
    expect(box(tab, "Prospect 55")).to_be_checked()
    tab.reload()
    told(tab, "3 selected")
    assert (chosen(), Selection.objects.count()) == (["Prospect 01", "Prospect 03", "Prospect 55"], 1)


def test_leaving_the_page_waits_for_what_is_being_saved(tab: Page) -> None:
    def slowly(route: Route) -> None:
        tab.wait_for_timeout(400)
        route.continue_()

    tab.goto(f"{LIST}?sort=name&stage=new")
    tab.route("**/prospects/select**", slowly)
    box(tab, "Prospect 01").check()
    tab.get_by_label("Next page").click()
    expect(box(tab, "Prospect 55")).to_be_visible()
    told(tab, "1 selected")
    assert chosen() == ["Prospect 01"]


def test_quick_clicks_make_one_selection(tab: Page) -> None:
    tab.goto(f"{LIST}?sort=name&stage=new")
    boxes = "document.querySelectorAll('#list tbody .check input')"
    tab.evaluate(f"[...{boxes}].slice(0, 8).forEach((box) => box.click())")
    told(tab, "8 selected")
    assert (len(chosen()), Selection.objects.count()) == (8, 1)


def test_head_takes_the_page_then_all_that_match_until_the_filter_changes(tab: Page) -> None:
    tab.goto(f"{LIST}?sort=name&stage=new")
    head = tab.get_by_label("Select all 50 on this page")
    box(tab, "Prospect 01").check()
    assert head.evaluate("box => box.indeterminate")
    head.check()
    told(tab, "50 selected")
    tab.get_by_role("button", name="Select all 60 prospects that match").click()
    told(tab, "60 selected")
    expect(head).to_be_checked()
    assert chosen() == []
    tab.get_by_label("Search", exact=True).fill("Prospect 0")
    expect(tab.get_by_role("status").filter(has_text="The filter changed")).to_be_visible()
    expect(tab.locator("#bulk output")).to_have_count(0)
    tab.get_by_role("button", name="Undo").click()
    told(tab, "60 selected")


def test_shift_click_and_shift_x_save_a_range_in_one_request(tab: Page) -> None:
    posts: list[str] = []
    tab.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    tab.goto(f"{LIST}?sort=name&stage=new")
    box(tab, "Prospect 02").click()
    box(tab, "Prospect 06").click(modifiers=["Shift"])
    told(tab, "5 selected")
    assert len(posts) == 2
    for _ in range(3):
        tab.keyboard.press("j")
    tab.keyboard.press("Shift+X")
    told(tab, "8 selected")
    assert len(posts) == 3


def test_hidden_ones_are_counted_and_shown(tab: Page) -> None:
    tab.goto(f"{LIST}?sort=name")
    box(tab, "Joined 0").check()
    told(tab, "1 selected")
    tab.get_by_role("button", name="Stage", exact=True).click()
    tab.get_by_label("New 60").check()
    tab.get_by_role("button", name="Show", exact=True).click()
    expect(tab.locator("#count")).to_have_text("60 of 63")
    tab.get_by_role("link", name="1 selected one is not shown").click()
    expect(tab.locator("#list tbody .who a")).to_have_text(["Joined 0"])
    tab.get_by_label("Show all again").click()
    expect(tab.locator("#count")).to_have_text("60 of 63")
    told(tab, "1 selected")


def test_search_types_ahead_and_keeps_the_focus(tab: Page) -> None:
    tab.goto(LIST)
    field = tab.get_by_label("Search", exact=True)
    field.press_sequentially("prospect 07", delay=20)
    expect(tab.locator("#list tbody .who a")).to_have_text(["Prospect 07"])
    expect(field).to_be_focused()
    assert tab.url.endswith("?q=prospect+07")
    tab.go_back()
    expect(tab.locator("#count")).to_have_text("63")


def test_panel_opens_beside_the_list_changes_the_row_and_closes(tab: Page) -> None:
    tab.goto(f"{LIST}?sort=name&stage=new")
    tab.get_by_role("link", name="Prospect 02").click()
    panel = tab.locator("#side .slideover")
    expect(panel.get_by_role("heading", name="Prospect 02")).to_be_visible()
    number = Prospect.objects.get(name="Prospect 02").pk
    assert tab.url.endswith(f"{LIST}/{number}?stage=new&sort=name")
    panel.get_by_label("Stage").select_option("negotiating")
    expect(tab.locator(f"#row-{number} .stage")).to_have_text("Negotiating")
    panel.get_by_label("Notes").fill("Call on Monday")
    panel.get_by_role("button", name="Add note").click()
    expect(panel.get_by_text("Call on Monday")).to_be_visible()
    tab.locator("#panel-title").click()
    tab.keyboard.press("ArrowDown")
    expect(panel.get_by_role("heading", name="Prospect 03")).to_be_visible()
    tab.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    expect(tab.get_by_role("link", name="Prospect 03")).to_be_focused()
    tab.go_back()
    expect(panel.get_by_role("heading", name="Prospect 03")).to_be_visible()


def test_bulk_archive_offers_undo(tab: Page) -> None:
    tab.goto(f"{LIST}?sort=name&stage=joined")
    tab.get_by_label("Select all 3 on this page").check()
    told(tab, "3 selected")
    tab.locator("#bulk").get_by_role("button", name="Archive").click()
    expect(tab.get_by_role("heading", name="Nothing matches")).to_be_visible()
    tab.get_by_role("button", name="Undo").click()
    expect(tab.locator("#count")).to_have_text("3 of 63")


def test_choosing_works_without_script(cast: World, visit: Visit) -> None:
    with visit(cast.nora, java_script_enabled=False) as page:
        page.goto(f"{LIST}?sort=name&stage=new")
        box(page, "Prospect 01").check()
        page.get_by_role("button", name="Select what is ticked").click()
        expect(page.locator("#bulk output")).to_have_text("1 selected")
        page.get_by_label("Next page").click()
        page.get_by_label("Select all 10 on this page").check()
        page.get_by_role("button", name="Select what is ticked").click()
        expect(page.locator("#bulk output")).to_have_text("11 selected")


def test_no_page_has_an_accessibility_fault_or_scrolls_sideways(tab: Page) -> None:
    number = Prospect.objects.get(name="Prospect 02").pk
    pages = (
        f"{LIST}?stage=new&sort=name",
        f"{LIST}?q=nothing",
        f"{LIST}/{number}",
        f"{LIST}/new",
        f"{LIST}/filters?menu=stage",
        f"{LIST}/{number}/contacts/new",
        "/w/halden/partners",
        "/w/halden/groups",
        "/w/halden/imports",
        "/w/halden/imports/new",
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
