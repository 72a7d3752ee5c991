"""The inbox as a person uses it: threads, a reply, drafts, keys, live without a reload, narrow screens."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from overture.conversations.answer import answer
from overture.conversations.models import Conversation, Message, MessageDraft
from overture.conversations.read import read
from overture.directory.models import PartnerUser
from overture.prospects.models import Note
from tests import factories
from tests.browser.axe import faults
from tests.browser.conftest import Visit
from tests.conversations.cast import Portal, portal, talk, user_of
from tests.delivery.workers import until
from tests.world import World

pytestmark = [pytest.mark.slow, pytest.mark.browser]
SHOTS = os.environ.get("OVERTURE_SHOTS", "")


def shot(page: Page, name: str) -> None:
    """For whoever wants to see it: OVERTURE_SHOTS=folder."""
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"))


def some_threads(world: World) -> Portal:
    """Two others, and La Longue Veille, who answered last."""
    for name, text in (
        ("Nordlys Deals", "Can you share EPC for Norway?"),
        ("Marlow Makes", "Rates attached"),
    ):
        partner = factories.partner(None, name, has_messaging=True)
        factories.prospect(world.nora, name, partner=partner, country="NO")
        conversation, _ = talk(world.nora, partner, "Hello")
        answer(user_of(partner, f"{partner.pk}@x.example", f"{name} desk"), conversation, text)
    veille = portal(world, website="https://lalongueveille.example")
    conversation, _ = talk(
        world.nora, veille.partner, "With pleasure. The rate card:\n- **10%** until 31 January\n- a flat fee"
    )
    read(conversation, user=veille.elise)
    answer(veille.elise, conversation, "Here is last year’s layout: https://veille.example/layout")
    return veille


def test_one_opens_a_thread_answers_and_reads_what_comes_in(live: World, visit: Visit) -> None:
    veille = some_threads(live)
    with visit(live.nora) as page:
        page.goto("/w/halden/inbox")
        expect(page.locator(".thread.unread")).to_have_count(3)
        shot(page, "inbox-list")
        page.locator(".thread", has_text="La Longue Veille").click()
        expect(page).to_have_url(re.compile(r"/w/halden/inbox/\d+$"))
        expect(page.locator(".msg")).to_have_count(2)
        expect(page.locator(".read")).to_have_text(re.compile(r"Read by Élise Vauquelin, \d\d:\d\d"))
        expect(page.locator(".thread.unread")).to_have_count(2)
        assert faults(page) == []
        shot(page, "inbox-thread")

        page.locator("#reply-text").fill("Thank you, no harm done.")
        page.keyboard.press("Control+Enter")

        expect(page.locator(".msg")).to_have_count(3)
        expect(page.locator("#reply-text")).to_have_value("")
        expect(page.locator("#reply-text")).to_be_focused()
        page.locator("#reply-text").fill("half a thou")
        page.wait_for_timeout(1500)
        conversation = Conversation.objects.get(partner=veille.partner)
        answer(veille.elise, conversation, "Merci, see you Tuesday")
        expect(page.locator(".msg").last).to_contain_text("see you Tuesday", timeout=20_000)
        # What is being written stays, and stands there again after a reload.
        expect(page.locator("#reply-text")).to_have_value("half a thou")
        page.reload()
        expect(page.locator("#reply-text")).to_have_value("half a thou")
    assert [each.text for each in MessageDraft.objects.all()] == ["half a thou"]
    assert Message.objects.filter(conversation=conversation).count() == 4


def test_reply_that_is_left_at_once_is_kept(live: World, visit: Visit) -> None:
    veille = some_threads(live)

    def draft() -> str:
        return "".join(MessageDraft.objects.values_list("text", flat=True))

    with visit(live.nora) as page:
        page.goto(f"/w/halden/inbox/{Conversation.objects.get(partner=veille.partner).pk}")
        page.locator("#reply-text").press_sequentially("half")
        page.locator(".thread", has_text="Marlow Makes").click()
        expect(page.locator(".conversation h1")).to_have_text("Marlow Makes")
        until(lambda: draft() == "half", seconds=10)
        page.locator(".thread", has_text="La Longue Veille").click()
        expect(page.locator("#reply-text")).to_have_value("half")
        page.locator("#reply-text").press("End")
        page.locator("#reply-text").press_sequentially(" a thought")
        page.goto("/w/halden/emails")
        until(lambda: draft() == "half a thought", seconds=10)


def test_reply_typed_on_while_its_draft_is_saved_is_saved_too(live: World, visit: Visit) -> None:
    veille, held = some_threads(live), list[Route]()
    with visit(live.nora) as page:
        page.goto(f"/w/halden/inbox/{Conversation.objects.get(partner=veille.partner).pk}")
        page.route(re.compile("/draft$"), lambda route: held.append(route), times=1)
        with page.expect_request(re.compile("/draft$")):
            page.locator("#reply-text").press_sequentially("half")
        page.locator("#reply-text").press_sequentially(" a thought")
        page.wait_for_timeout(1000)
        with page.expect_response(re.compile("/draft$")):
            held[0].continue_()
        until(lambda: MessageDraft.objects.get().text == "half a thought", seconds=5)


@pytest.mark.parametrize("side", ["brand", "partner"])
def test_reply_come_back_to_is_as_it_was_last_saved(live: World, visit: Visit, side: str) -> None:
    veille = some_threads(live)
    number = Conversation.objects.get(partner=veille.partner).pk
    elise = PartnerUser.objects.get(user=veille.elise)
    who: Any = live.nora if side == "brand" else elise
    inbox = "/w/halden/inbox" if side == "brand" else f"/partner/{elise.partner_id}/inbox"
    with visit(who) as page:
        # Again, with the cookies that the first page set: only then a browser may show what it has stored.
        for _time in range(2):
            page.goto(f"{inbox}/{number}")
        page.locator("#reply-text").fill("half")
        reply = page.locator("#reply-text")
        until(lambda: reply.evaluate("field => field.defaultValue") == "half", seconds=10)
        page.goto(inbox)
        MessageDraft.objects.update(text="half a thought")
        page.go_back()
        expect(page.locator("#reply-text")).to_have_value("half a thought")


def test_the_list_is_walked_and_put_aside_by_keys(live: World, visit: Visit) -> None:
    some_threads(live)
    with visit(live.nora) as page:
        page.goto("/w/halden/inbox")
        page.keyboard.press("j")
        expect(page.locator(".conversation h1")).to_have_text("La Longue Veille")
        page.keyboard.press("j")
        expect(page.locator(".conversation h1")).to_have_text("Marlow Makes")
        page.keyboard.press("r")
        expect(page.locator("#reply-text")).to_be_focused()
        page.keyboard.type("e")
        page.locator("#reply-text").fill("")
        page.locator("#reply-text").blur()
        page.keyboard.press("e")
        expect(page.locator(".toast")).to_contain_text("1 conversation is done.")
        expect(page.locator(".thread")).to_have_count(2)
        page.get_by_role("button", name="Undo").click()
        expect(page.locator(".thread")).to_have_count(3)
        # Several at once.
        page.locator(".thread-row").nth(0).hover()
        page.locator(".thread-row .check input").nth(0).check()
        page.locator(".thread-row .check input").nth(1).check()
        shot(page, "inbox-ticked")
        page.locator(".bulk").get_by_role("button", name="Done").click()
        expect(page.locator(".thread")).to_have_count(1)


def test_search_and_views_change_the_list_alone(live: World, visit: Visit) -> None:
    some_threads(live)
    with visit(live.nora) as page:
        page.goto("/w/halden/inbox")
        page.locator("#inbox-q").fill("norw")
        expect(page.locator(".thread b")).to_have_text(["Nordlys Deals"])
        expect(page).to_have_url(re.compile("q=norw"))
        expect(page.locator("#inbox-q")).to_be_focused()
        page.locator("#inbox-q").fill("nobody wrote this")
        expect(page.locator(".threads .empty")).to_contain_text("Nothing is found")
        page.locator("#inbox-q").fill("")
        expect(page.locator(".thread")).to_have_count(3)
        page.get_by_role("link", name="Creators").click()
        expect(page.locator(".thread")).to_have_count(0)


def test_a_colleague_is_named_in_a_note(live: World, visit: Visit) -> None:
    veille = some_threads(live)
    with visit(live.nora, viewport={"width": 1440, "height": 900}) as page:
        page.goto(f"/w/halden/inbox/{Conversation.objects.get(partner=veille.partner).pk}")
        page.locator("#summary-note").fill("")
        page.locator("#summary-note").press_sequentially("Please look, @cam")
        expect(page.locator(".names li")).to_have_text(["Camille Dupré"])
        page.keyboard.press("Enter")
        expect(page.locator("#summary-note")).to_have_value("Please look, @Camille Dupré ")
        page.get_by_role("button", name="Add note").click()
        expect(page.locator(".summary .notes li")).to_have_count(1)
        expect(page.locator(".summary .notes li")).to_contain_text("Please look, @Camille Dupré")
    assert [each.pk for each in Note.objects.get().mentions.all()] == [live.camille.pk]


def test_ones_own_message_is_edited_in_place(live: World, visit: Visit) -> None:
    veille = portal(live)
    conversation, _ = talk(live.nora, veille.partner, "Helo")
    with visit(live.nora) as page:
        page.goto(f"/w/halden/inbox/{conversation.pk}")
        page.locator(".msg").get_by_role("link", name="Edit").click()
        page.locator(".reply.edit textarea").fill("Hello")
        page.get_by_role("button", name="Save").click()
        expect(page.locator(".msg .bubble")).to_have_text(["Hello"])
        page.get_by_role("button", name="Withdraw").click()
        expect(page.locator(".msg .bubble")).to_have_text(["Message withdrawn"])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_narrow_screen_one_pane_is_seen(live: World, visit: Visit, scheme: str) -> None:
    veille = some_threads(live)
    with visit(live.nora, viewport={"width": 390, "height": 844}, locale="fr", color_scheme=scheme) as page:
        page.goto("/w/halden/inbox")
        expect(page.locator(".thread").first).to_be_visible()
        expect(page.locator(".conversation")).not_to_be_visible()
        shot(page, f"inbox-390-list-{scheme}")
        page.locator(".thread", has_text="La Longue Veille").click()
        expect(page.locator(".conversation h1")).to_be_visible()
        expect(page.locator(".threads")).not_to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        shot(page, f"inbox-390-thread-{scheme}")
        assert faults(page) == []
        page.get_by_role("link", name="Résumé").click()
        expect(page.locator(".summary h2").first).to_be_visible()
        expect(page.locator(".stream")).not_to_be_visible()
        shot(page, f"inbox-390-summary-{scheme}")
        page.locator(".summary").get_by_role("link", name="Conversation").click()
        expect(page.locator(".stream")).to_be_visible()
        page.get_by_role("link", name="Revenir aux conversations").click()
        expect(page.locator(".thread").first).to_be_visible()
    assert Conversation.objects.filter(partner=veille.partner).count() == 1


def test_everything_works_without_javascript(live: World, visit: Visit) -> None:
    veille = some_threads(live)
    with visit(live.nora, java_script_enabled=False) as page:
        page.goto("/w/halden/inbox")
        page.locator(".thread", has_text="La Longue Veille").click()
        page.locator("#reply-text").fill("Without script")
        page.locator("#reply").get_by_role("button", name="Send", exact=True).click()
        expect(page.locator(".msg").last).to_contain_text("Without script")
        page.get_by_role("button", name="Mark as done").click()
        expect(page.locator(".thread")).to_have_count(2)
        page.locator("#inbox-q").fill("norway")
        page.keyboard.press("Enter")
        expect(page.locator(".thread b")).to_have_text(["Nordlys Deals"])
    assert Conversation.objects.get(partner=veille.partner).state == "done"


@pytest.mark.parametrize("look", ["light", "dark", "fr"])
def test_the_page_looks_as_designed(live: World, visit: Visit, look: str) -> None:
    veille = some_threads(live)
    options = {"locale": "fr"} if look == "fr" else {"color_scheme": look}
    with visit(live.nora, viewport={"width": 1440, "height": 900}, **options) as page:
        page.goto(f"/w/halden/inbox/{Conversation.objects.get(partner=veille.partner).pk}")
        expect(page.locator(".msg")).to_have_count(2)
        assert faults(page) == []
        shot(page, f"inbox-1440-{look}")


def test_a_message_to_many_says_whom_it_reaches(live: World, visit: Visit) -> None:
    from overture.prospects import selection

    veille = some_threads(live)
    quiet = factories.prospect(live.nora, "Quiet")
    live.brand.contact_days = 0
    live.brand.save(update_fields=["contact_days"])
    chosen = selection.start(live.nora, "prospects")
    selection.choose(live.nora, chosen, [veille.prospect.pk, quiet.pk])
    with visit(live.nora, viewport={"width": 1440, "height": 900}) as page:
        page.goto(f"/w/halden/inbox/many/{chosen.pk}")
        page.locator("#many-text").press_sequentially("Hello {mpname}, **news**")
        expect(page.locator("#plan .bubble")).to_have_text("Hello La Longue Veille, news")
        expect(page.locator("#plan")).to_contain_text("Messages are turned off")
        assert faults(page) == []
        shot(page, "many")
        page.locator("#many-text").fill("Hello {Firstname}")
        expect(page.locator("#plan")).to_contain_text("Did you mean {firstName}?")
        page.locator("#many-text").fill("Hello {mpname}")
        page.get_by_role("button", name="Send to 1").click()
        expect(page.get_by_role("heading", name="Waiting for its turn")).to_be_visible()
