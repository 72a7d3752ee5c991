"""Received e-mails as a person sees them: folded, in their frame, answered, and to be placed."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from overture.conversations.models import Message
from overture.delivery.models import Mailing
from tests import factories
from tests.browser.axe import faults
from tests.browser.conftest import Visit
from tests.browser.test_inbox import shot
from tests.inbound.taking import come, sent
from tests.world import World

pytestmark = [pytest.mark.slow, pytest.mark.browser]


def test_a_reply_is_read_seen_as_it_came_and_answered(live: World, files: Path, visit: Visit) -> None:
    here = sent(live)
    come(here, "automatic-french", uid=1)
    come(here, "reply-apple-html", uid=2)
    come(here, "reply-with-docx", uid=3)
    thread = Message.objects.earliest("pk").conversation_id
    with visit(live.nora, locale="en") as page:
        page.goto(f"/w/halden/inbox/{thread}")
        expect(page.get_by_text("Automatic answer")).to_be_visible()
        expect(page.get_by_text("Happy to.")).to_be_visible()
        expect(page.get_by_text("Would you write about them?")).to_be_hidden()
        page.get_by_text("Quoted text").first.click()
        expect(page.get_by_text("Would you write about them?")).to_be_visible()
        shot(page, "received-thread")
        assert faults(page) == []
        page.get_by_role("link", name="Show as it came").click()
        frame = page.frame_locator("iframe")
        expect(frame.get_by_text("Happy to.")).to_be_visible()
        expect(frame.locator("body")).to_have_css("overflow-wrap", "anywhere")
        shot(page, "received-as-it-came")
        page.go_back()
        page.get_by_role("button", name="Answer by email").last.click()
        page.wait_for_url("**/write")
        shot(page, "received-answer")
    assert (
        Mailing.objects.filter(state="draft", in_reply_to="reply-with-docx@mail.veille.example").count() == 1
    )


def test_what_nothing_proves_is_placed(live: World, files: Path, visit: Visit) -> None:
    here = sent(live, shares_other_mail=True)
    factories.prospect(live.nora, "Another of hers", "elise@veille.example")
    come(here, "reply-plain", our_id="nobody@veille.example")
    come(here, "forged-bounce", uid=2)
    with visit(live.nora, locale="fr") as page:
        page.goto("/w/halden/inbox")
        page.get_by_role("link", name="2 e-mails à classer").click()
        shot(page, "to-place-fr")
        assert faults(page) == []
        page.get_by_role("link", name="Lire, classer ailleurs").click()
        expect(page.get_by_text("Gladly, from March on.")).to_be_visible()
        page.get_by_label("Trouver un prospect").fill("another")
        expect(page.get_by_role("button", name="Classer ici")).to_have_count(1)
        shot(page, "to-place-one-fr")
        page.set_viewport_size({"width": 390, "height": 844})
        shot(page, "to-place-one-fr-narrow")
        assert faults(page) == []
        page.set_viewport_size({"width": 1280, "height": 900})
        page.get_by_role("button", name="Ne concerne aucun partenaire").first.click()
        expect(page.get_by_role("heading", name="Ne concerne-t-il aucun partenaire")).to_be_visible()
        shot(page, "put-away-fr")
        page.get_by_role("button", name="Conserver").click()
        page.get_by_role("button", name="La Longue Veille").click()
        expect(page.get_by_text("Gladly, from March on.").first).to_be_visible()
