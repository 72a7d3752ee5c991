"""Send later in a real browser: with its own field for date and time, by keyboard, and without JavaScript."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from overture.delivery.models import Mailing
from overture.delivery.prepare import prepare
from overture.mailboxes.models import Mailbox
from tests.browser.axe import faults
from tests.browser.conftest import Visit
from tests.delivery.workers import data_folder, until, worker
from tests.fakes.recording_smtp import RecordingSMTP
from tests.web.letters import letter, three
from tests.world import World

pytestmark = [pytest.mark.slow, pytest.mark.browser]
WORDS = {
    "en": ("Send later", "Schedule", "Starts on ", "Change the time", "This time has passed"),
    "fr": ("Envoyer plus tard", "Programmer", "Départ le ", "Changer l’heure", "Cette heure est passée"),
}


def ready(world: World, port: int = 9) -> Mailing:
    made = letter(world.nora, *three(world.nora))
    Mailbox.objects.update(port=port, security="none", time_zone="Europe/Paris")
    prepare(world.nora, made)
    return made


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("has_script", [True, False])
def test_time_is_chosen_refused_and_changed(
    live: World, visit: Visit, language: str, has_script: bool
) -> None:
    later, schedule, starts, change, passed = WORDS[language]
    mailing = ready(live)
    with visit(live.nora, locale=language, java_script_enabled=has_script) as page:
        page.goto(f"/w/halden/emails/{mailing.pk}/manifest")
        page.get_by_text(later, exact=True).click()
        page.get_by_role("button", name=schedule, exact=True).click()
        expect(page.get_by_text(starts)).to_be_visible()
        assert Mailing.objects.get().state == "scheduled"
        open_form(page, change)
        # The field itself refuses what has passed; a page that stood open for long does not.
        page.locator("[name=at]").evaluate("field => field.removeAttribute('min')") if has_script else None
        page.locator("[name=at]").fill("2020-01-01T10:00" if has_script else "")
        if has_script:
            page.get_by_role("button", name=change, exact=True).click()
            expect(page.get_by_text(passed)).to_be_visible()
            expect(page.locator("[name=at]")).to_have_value("2020-01-01T10:00")
            assert faults(page) == []
        at = timezone.now() + timedelta(days=40)
        page.locator("[name=at]").fill(f"{at:%Y-%m-%d}T10:40")
        page.get_by_role("button", name=change, exact=True).click()
        expect(page.get_by_text("10:40 (Europe/Paris)")).to_be_visible()
    starts_at = Mailing.objects.get().starts_at
    assert starts_at
    assert abs(starts_at - at) < timedelta(days=1)


def test_open_form_is_not_taken_away_while_one_chooses(live: World, visit: Visit) -> None:
    mailing = ready(live)
    with visit(live.nora) as page:
        page.goto(f"/w/halden/emails/{mailing.pk}/manifest")
        page.get_by_text("Send later", exact=True).click()
        page.get_by_role("button", name="Schedule", exact=True).click()
        open_form(page, "Change the time")
        page.locator("[name=at]").fill("2031-01-01T10:00")
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        page.wait_for_timeout(1000)
        expect(page.locator("[name=at]")).to_have_value("2031-01-01T10:00")
        page.get_by_text("Change the time", exact=True).first.click()
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        expect(page.locator("[name=at]")).not_to_have_value("2031-01-01T10:00")


def test_page_that_waits_sees_it_begin_and_end(live: World, visit: Visit, tmp_path: Path) -> None:
    with RecordingSMTP(tmp_path / "log") as server, worker(data_folder(tmp_path)):
        mailing = ready(live, server.port)
        with visit(live.nora) as page:
            page.goto(f"/w/halden/emails/{mailing.pk}/manifest")
            page.get_by_text("Send later", exact=True).click()
            page.get_by_role("button", name="Schedule", exact=True).click()
            expect(page.get_by_text("Starts on ")).to_be_visible()
            Mailing.objects.update(starts_at=timezone.now())
            until(lambda: Mailing.objects.get().state == "done", 60, "the end")
            page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
            expect(page.get_by_text("3 of 3 handled")).to_be_visible()
            expect(page.get_by_text("Starts on ")).to_have_count(0)
        assert len(server.messages()) == 3


def open_form(page: Page, change: str) -> None:
    page.locator("details.later > summary").get_by_text(change).click()
    expect(page.locator("[name=at]")).to_be_visible()
