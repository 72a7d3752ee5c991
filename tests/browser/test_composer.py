"""The composer's editor in a real browser: chips, menus, a draft that is never lost, panes, axe."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from overture.delivery.approve import send
from overture.delivery.models import Delivery, Mailing
from overture.delivery.prepare import prepare
from tests.browser.axe import faults
from tests.browser.composing import content, saved, write
from tests.browser.conftest import Visit
from tests.delivery.workers import until
from tests.web.letters import letter, three
from tests.world import World

pytestmark = [pytest.mark.slow, pytest.mark.browser]


@pytest.fixture
def mailing(live: World) -> Mailing:
    return letter(live.nora, *three(live.nora), subject="", content="")


@pytest.fixture
def page(live: World, visit: Visit, mailing: Mailing) -> Iterator[Page]:
    with visit(live.nora) as opened:
        write(opened, mailing)
        yield opened


def test_token_typed_becomes_a_chip_and_one_backspace_removes_it(page: Page, mailing: Mailing) -> None:
    content(page).click()
    page.keyboard.type("Hello {firstName|there}, {{braces}} {FirstName}")
    assert saved(mailing, "{FirstName}").content == (
        '<p>Hello <span data-token="firstName">{firstName|there}</span>, {{braces}} {FirstName}</p>'
    )
    chips = content(page).locator("[data-token]")
    expect(chips).to_have_text(["{firstName}or “there”"])
    for _letter in ", {{braces}} {FirstName}":
        page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    expect(chips).to_have_count(0)
    expect(content(page)).to_have_text("Hello")


def test_token_is_inserted_by_the_menu_with_a_fallback(page: Page, mailing: Mailing) -> None:
    page.get_by_role("textbox", name="Subject").click()
    page.get_by_role("button", name="Insert token").first.click()
    page.get_by_label("Find a token").fill("first")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 of 3 recipients will see this.")).to_be_visible()
    page.get_by_label("If {firstName} is empty, write").fill("a } b")
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Subject").locator("[data-token]")).to_have_text(
        "{firstName}or “a } b”"
    )
    until(lambda: Mailing.objects.get().subject == r"{firstName|a \} b}", 20, "the save of the subject")


def test_tokens_pasted_become_chips(page: Page, mailing: Mailing) -> None:
    content(page).click()
    page.evaluate("""() => {
        const data = new DataTransfer();
        data.setData("text/plain", "Dear {mpname}, {{not}} {lastName|}");
        const paste = new ClipboardEvent("paste", {clipboardData: data, bubbles: true});
        document.activeElement.dispatchEvent(paste);
    }""")
    expect(content(page).locator("[data-token]")).to_have_text(["{mpname}", "{lastName}or nothing"])


def test_content_written_elsewhere_opens_with_chips_and_unchanged_words(page: Page, mailing: Mailing) -> None:
    Mailing.objects.update(content="<p>Dear\n{mpname},</p>\n<ul>\n<li>one</li>\n</ul>")
    write(page, mailing)
    expect(content(page).locator("[data-token]")).to_have_text(["{mpname}"])
    expect(content(page).locator("p")).to_have_text(["Dear {mpname},", "one"])


def test_preview_and_preflight_follow_what_is_written(page: Page, mailing: Mailing) -> None:
    content(page).click()
    page.keyboard.type("Hello {firstName|there}")
    expect(page.locator("#preview mark")).to_have_text("Signe")
    expect(page.locator("#preflight")).to_contain_text("1 of 3 have no first name")
    page.get_by_label("Next recipient").click()
    expect(page.locator("#preview mark")).to_have_text("Anne")
    content(page).click()
    page.keyboard.press("End")
    page.keyboard.type(" {FirstName}")
    expect(page.locator("#preflight")).to_contain_text("Did you mean {firstName}?")
    expect(page.locator("#preview .pick")).to_contain_text("2 of 3")


def test_reply_to_that_is_no_address_is_named_beside_it(page: Page, mailing: Mailing) -> None:
    field = page.get_by_label("Reply-to")
    field.fill("nora@halden")
    expect(page.locator("#reply_to_error")).to_be_visible()
    expect(field).to_have_attribute("aria-invalid", "true")
    field.fill("press@halden.example")
    expect(page.locator("#reply_to_error")).to_be_hidden()


def test_format_and_link(page: Page, mailing: Mailing) -> None:
    content(page).click()
    page.get_by_role("button", name="List", exact=True).click()
    page.keyboard.type("one")
    saved(mailing, "one")
    page.get_by_role("button", name="Link").click()
    page.get_by_label("Address of the link").fill("halden.example/x")
    page.keyboard.press("Enter")
    kept = saved(mailing, 'href="https://halden.example/x"').content
    assert kept.startswith("<ul><li><p>one")


def test_narrow_sheet_shows_one_pane_at_a_time(live: World, visit: Visit, mailing: Mailing) -> None:
    with visit(live.nora, viewport={"width": 390, "height": 844}) as page:
        write(page, mailing)
        expect(page.locator("#write")).to_be_visible()
        expect(page.locator("#preflight")).to_be_hidden()
        page.get_by_role("link", name="Preflight").click()
        expect(page.locator("#write")).to_be_hidden()
        expect(page.locator("#preflight")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_everything_works_without_javascript(live: World, visit: Visit, mailing: Mailing) -> None:
    with visit(live.nora, java_script_enabled=False) as page:
        page.goto(f"/w/halden/emails/{mailing.pk}/write")
        page.get_by_label("Subject").fill("For {mpname}")
        page.get_by_label("Content").fill("<p>Hello {firstName|there}</p>")
        page.get_by_role("button", name="Check 3 emails").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Check before sending")
        page.get_by_label("Next recipient").click()
        expect(page.locator("#preview h3")).to_have_text("For Sel Lin")
        page.get_by_role("button", name="Send to 3").click()
        expect(page.locator("#prog")).to_contain_text("0 of 3 handled")
        page.get_by_role("button", name="Pause").click()
        page.get_by_role("button", name="Cancel sending").click()
        expect(page.locator("#mailing-state")).to_have_text("Cancelled")


def test_progress_that_takes_long_to_count_is_asked_for_less_often(live: World, visit: Visit) -> None:
    made = letter(live.nora, *three(live.nora))
    send(live.nora, made, prepare(live.nora, made).pk)
    asked: list[str] = []

    def late(route: Route) -> None:
        asked.append(route.request.url)
        time.sleep(1)
        route.continue_()

    with visit(live.nora) as page:
        page.route(re.compile(r"/progress(\?|$)"), late)
        page.goto(f"/w/halden/emails/{made.pk}")
        with page.expect_response(re.compile(r"/progress(\?|$)")):
            pass
        page.wait_for_timeout(3000)
        assert len(asked) == 1


def test_progress_is_live_and_asks_before_it_cancels(live: World, visit: Visit) -> None:
    made = letter(live.nora, *three(live.nora))
    send(live.nora, made, prepare(live.nora, made).pk)
    with visit(live.nora) as page:
        page.goto(f"/w/halden/emails/{made.pk}")
        page.get_by_role("button", name="Cancel sending").click()
        expect(page.get_by_role("dialog")).to_contain_text(
            "The other 3 recipients will not receive this email."
        )
        page.get_by_role("button", name="Keep sending").click()
        first = Delivery.objects.earliest("pk")
        Delivery.objects.filter(pk=first.pk).update(state="sent", sent_at=timezone.now())
        expect(page.locator("#prog")).to_contain_text("1 of 3 handled", timeout=8000)
        Delivery.objects.update(state="sent", sent_at=timezone.now())
        Mailing.objects.update(state="done", done_at=timezone.now())
        expect(page.locator("#mailing-state")).to_have_text("Done", timeout=8000)
        expect(page.locator("[data-live]")).to_have_count(0)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_page_of_emails_has_an_accessibility_fault(
    live: World, visit: Visit, mailing: Mailing, theme: str
) -> None:
    ready, sent = (letter(live.nora, *three(live.nora)) for _each in range(2))
    prepare(live.nora, ready)
    send(live.nora, sent, prepare(live.nora, sent).pk)
    home = "/w/halden/emails"
    paths = [home, f"{home}?show=done", f"{home}/{mailing.pk}/write", f"{home}/{ready.pk}/manifest"]
    live.nora.user.theme = theme
    live.nora.user.save()
    with visit(live.nora) as page:
        for path in [*paths, f"{home}/{sent.pk}", f"{home}/{sent.pk}?prospect=0"]:
            page.goto(path)
            page.wait_for_load_state("networkidle")
            assert (path, faults(page)) == (path, [])
