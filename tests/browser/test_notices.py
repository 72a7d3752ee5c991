"""Notices in a real browser: no accessibility fault, no sideways scroll, and following one reads it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from overture.notices import notices
from tests.browser.axe import faults
from tests.browser.conftest import Visit
from tests.world import World

pytestmark = [pytest.mark.slow, pytest.mark.browser]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_notices_are_followed_and_read(visit: Visit, live: World, theme: str) -> None:
    for name, partners in [
        ("Gardens in the north", ["Elm"]),
        ("Sea", ["Ash & Co", "Fir", "A " + "long " * 30]),
    ]:
        facts = {"marketplace": "partner", "query": "category=Gardens", "count": len(partners)}
        notices.notify(live.victor, "new_matches", name=name, partners=partners, **facts)
    type(live.victor.user).objects.filter(pk=live.victor.user_id).update(theme=theme)
    with visit(live.victor) as page:
        page.goto("/w/halden/notices")
        assert faults(page) == []
        for width in (320, 768, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        page.get_by_role("link", name="1 new match for “Gardens in the north”: Elm").click()
        expect(page).to_have_url(
            f"{page.url.partition('/w/')[0]}/w/halden/marketplace?category=Gardens&sort=newest"
        )
        page.goto("/w/halden/notices")
        expect(page.get_by_role("link", name="Notices 1")).to_be_visible()
        page.get_by_role("button", name="Mark all as read").click()
        expect(page.get_by_text("1 notice marked as read.")).to_be_visible()
        expect(page.get_by_text("Unread")).to_have_count(0)
