"""What axe has to say about a page: faults of accessibility, contrast among them."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page

# Without preload: axe would copy the stylesheet inline, which the policy refuses.
# Of what has no fault nothing is asked: a selector for each element that passes took most of the time.
OPTIONS = {"preload": False, "resultTypes": ["violations"]}


def faults(page: Page) -> list[tuple[str, list[str]]]:
    """Each with the elements that have it. A page still on its way is awaited: a part has no heading yet."""
    page.wait_for_load_state()
    found = Axe().run(page, options=OPTIONS).response["violations"]
    return [(fault["id"], [node["html"] for node in fault["nodes"]]) for fault in found]
