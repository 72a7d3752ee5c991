"""A draft that is left at any moment: nothing typed is lost, and nothing older comes back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

import pytest
from django.db import transaction
from playwright.sync_api import Dialog, Page, Route, expect

from overture.delivery.draft import edit
from overture.delivery.models import Mailing
from tests.browser.composing import content, current, saved, type_in, write
from tests.browser.conftest import Visit
from tests.delivery.workers import until
from tests.web.letters import letter, three
from tests.world import World

pytestmark = [pytest.mark.slow, pytest.mark.browser]
SAVES = re.compile("/draft$")
# More than 64 kB no browser takes along from a page that is left. Few paragraphs: each takes time to draw.
LARGE = "<p>long</p>" + f"<p>{'word ' * 1000}</p>" * 16


@pytest.fixture
def mailing(live: World) -> Mailing:
    return letter(live.nora, *three(live.nora), subject="", content="")


@pytest.fixture
def page(live: World, visit: Visit, mailing: Mailing) -> Iterator[Page]:
    with visit(live.nora) as opened:
        write(opened, mailing)
        yield opened


def go_to_the_start(page: Page) -> None:
    content(page).click()
    # The editor puts its own caret a moment after it has got the focus.
    page.wait_for_timeout(100)
    page.keyboard.press("Control+Home")


def type_and_leave(page: Page, words: str, *, is_lost: bool) -> None:
    """No save arrives that is sent while typing; nor, with `is_lost`, what the browser takes along."""
    page.route(SAVES, lambda _route: None)
    if is_lost:
        page.evaluate("navigator.sendBeacon = () => true")
    type_in(page, words)
    page.goto("/w/halden/emails")
    page.unroute_all()


def test_draft_is_there_after_a_reload_and_after_leaving_at_once(page: Page, mailing: Mailing) -> None:
    content(page).click()
    type_in(page, "One {mpname} ")
    saved(mailing, "{mpname}</span> ")
    type_in(page, "two")
    page.goto("/w/halden/emails")
    write(page, mailing)
    expect(content(page)).to_have_text("One {mpname} two")
    expect(content(page).locator("[data-token]")).to_have_count(1)
    content(page).press("Control+End")
    type_in(page, " three")
    page.reload()
    expect(content(page)).to_have_text("One {mpname} two three")


@pytest.mark.parametrize("next_page", ["Emails", "Check 3 emails"])
def test_save_that_arrives_after_the_page_was_left_changes_nothing(
    page: Page, mailing: Mailing, next_page: str
) -> None:
    held: list[Route] = []
    page.route(SAVES, lambda route: held.append(route), times=1)
    content(page).click()
    with page.expect_request(SAVES):
        page.keyboard.type("One ")
    type_in(page, "two")
    role: Literal["button", "link"] = "button" if "Check" in next_page else "link"
    page.get_by_role(role, name=next_page, exact=True).click()
    until(lambda: current(mailing) == "<p>One two</p>")
    late = held[0].request
    kept = {"Content-Type": late.headers["content-type"], "Referer": late.headers["referer"]}
    assert page.request.post(late.url, data=late.post_data_buffer, headers=kept).status == 200
    assert current(mailing) == "<p>One two</p>"


@pytest.mark.parametrize("is_new", [True, False])
def test_draft_opened_before_its_last_save_is_answered_has_what_was_typed(
    page: Page, mailing: Mailing, is_new: bool
) -> None:
    content(page).click()
    if not is_new:
        type_in(page, "One {mpname} ")
        saved(mailing, "{mpname}</span> ")
    with transaction.atomic():
        Mailing.objects.select_for_update().get(pk=mailing.pk)
        type_in(page, "two")
        page.goto("/w/halden/emails")
        page.goto(f"/w/halden/emails/{mailing.pk}/write")
    expect(content(page)).to_have_text("two" if is_new else "One {mpname} two")


@pytest.mark.parametrize("is_large", [False, True])
def test_draft_whose_last_save_got_lost_is_given_back_in_the_same_tab(
    page: Page, mailing: Mailing, is_large: bool
) -> None:
    edit(mailing.author, mailing, content=LARGE if is_large else "<p>long</p>")
    write(page, mailing)
    go_to_the_start(page)
    type_and_leave(page, "two ", is_lost=not is_large)
    assert current(mailing).startswith("<p>long</p>")
    page.goto(f"/w/halden/emails/{mailing.pk}/write")
    expect(content(page).locator("p").first).to_have_text("two long")
    assert current(mailing).startswith("<p>two long</p>")


@pytest.mark.parametrize("status", [413, 400])
def test_draft_that_the_server_refuses_is_put_back_for_its_author_to_mend(
    page: Page, mailing: Mailing, status: int
) -> None:
    _leave_unsaved(page, **{"Sender name": "Nora of Halden"})
    page.route(SAVES, lambda route: route.fulfill(status=status, body=""))
    write(page, mailing)
    expect(content(page)).to_have_text("One {mpname}")
    expect(page.get_by_label("Sender name")).to_have_value("Nora of Halden")
    expect(page.locator("[data-saved]")).to_have_text("Not saved. It is tried again.")
    assert current(mailing) == ""
    page.unroute_all()
    assert "{mpname}" in saved(mailing, "One ").content
    assert mailing.sender_name == "Nora of Halden"


def test_draft_with_a_field_that_is_refused_is_put_back_and_the_field_is_named(
    page: Page, mailing: Mailing
) -> None:
    _leave_unsaved(page, **{"Reply-to": "nora@halden"})
    write(page, mailing)
    expect(content(page)).to_have_text("One {mpname}")
    expect(page.get_by_label("Reply-to")).to_have_value("nora@halden")
    expect(page.locator("#reply_to_error")).to_be_visible()
    page.get_by_label("Reply-to").fill("nora@halden.example")
    expect(page.locator("#reply_to_error")).to_be_hidden()
    until(lambda: Mailing.objects.get().reply_to == "nora@halden.example", 20, "the address mended")


def _leave_unsaved(page: Page, **fields: str) -> None:
    page.route(SAVES, lambda _route: None)
    for label, value in fields.items():
        page.get_by_label(label).fill(value)
    content(page).click()
    type_and_leave(page, "One {mpname}", is_lost=True)


def test_draft_that_somebody_else_saved_later_stands(live: World, page: Page, mailing: Mailing) -> None:
    content(page).click()
    type_in(page, "One ")
    saved(mailing, "One ")
    type_and_leave(page, "two", is_lost=True)
    edit(live.camille, mailing, content="<p>Later</p>")
    write(page, mailing)
    expect(content(page)).to_have_text("Later")
    assert current(mailing) == "<p>Later</p>"


@pytest.mark.parametrize("is_large", [False, True])
def test_browser_asks_before_what_was_typed_last_would_be_lost(
    page: Page, mailing: Mailing, is_large: bool
) -> None:
    asked: list[Dialog] = []
    page.on("dialog", lambda dialog: (asked.append(dialog), dialog.dismiss()))
    edit(mailing.author, mailing, content=LARGE if is_large else "<p>long</p>")
    write(page, mailing)
    page.route(SAVES, lambda route: None if is_large else route.abort())
    go_to_the_start(page)
    type_in(page, "two ")
    expect(content(page).locator("p").first).to_have_text("two long")
    if not is_large:
        expect(page.locator("[data-saved]")).to_have_text("Not saved. It is tried again.")
    with page.expect_event("dialog"):
        page.close(run_before_unload=True)
    # The form carries everything itself.
    page.get_by_role("button", name="Check 3 emails").click()
    # Waiting in the browser's own way, so that requests held for us are answered meanwhile.
    until(lambda: page.wait_for_timeout(20) or current(mailing).startswith("<p>two long</p>"), seconds=10)
    assert [each.type for each in asked] == ["beforeunload"]


def test_draft_come_back_to_is_as_it_was_last_saved(page: Page, mailing: Mailing) -> None:
    # Again, with the cookies that the first page set: only then a browser may show what it has stored.
    write(page, mailing)
    content(page).click()
    with page.expect_response(re.compile("/preview")):
        page.keyboard.insert_text("One")
    page.goto("/w/halden/emails")
    edit(mailing.author, mailing, content="<p>Two</p>")
    page.go_back()
    expect(content(page)).to_have_text("Two")
    edit(mailing.author, mailing, content="<p>Three</p>")
    # A browser may keep the whole page and show that, and says so.
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    expect(content(page)).to_have_text("Three")
