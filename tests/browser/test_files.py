"""Files between two people, with a real scanner: sent, seen, blocked; chosen, dropped, pasted, taken out."""

from __future__ import annotations

import base64
import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from overture.conversations.models import Message
from overture.files.models import Attachment, StoredFile
from overture.files.scan import scan_due
from overture.files.standing import look
from tests.browser.axe import faults
from tests.browser.conftest import Visit
from tests.conversations.cast import portal, talk
from tests.fakes.scanner import EICAR, FOUND
from tests.files import samples
from tests.world import World

pytestmark = [pytest.mark.slow, pytest.mark.browser]
SHOTS = os.environ.get("OVERTURE_SHOTS", "")


def shot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"))


def given(name: str, content: bytes) -> Any:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def scan() -> None:
    StoredFile.objects.filter(state="pending").update(due_at=None)
    scan_due()


def test_two_people_send_each_other_files(live: World, scanner: Any, visit: Visit) -> None:
    veille = portal(live)
    conversation, _ = talk(live.nora, veille.partner, "Could you send last year’s layout?")
    look()
    elise: Any = SimpleNamespace(user=veille.elise)
    at = f"/partner/{veille.partner.pk}/inbox/{conversation.pk}"
    with visit(live.nora) as brand, visit(elise, locale="fr") as partner:
        partner.goto(at)
        photograph = samples.picture("JPEG", size=(900, 600))
        partner.locator("input[type=file]").set_input_files(
            [given("layout.jpg", photograph), given("rates.pdf", samples.document()), given("x.zip", b"PK")]
        )
        expect(partner.locator(".reply .file.scanning")).to_have_count(2)
        expect(partner.locator(".reply .file.refused")).to_contain_text("ne peuvent pas être joints")
        shot(partner, "files-chosen-fr")
        partner.locator("#reply-text").fill("Here it is.")
        partner.locator(".reply button.primary").click()
        expect(partner.locator(".msg .file.scanning")).to_have_count(2)
        brand.goto(f"/w/halden/inbox/{conversation.pk}")
        expect(brand.locator(".msg .file.scanning")).to_have_count(2)
        shot(brand, "files-scanning")
        scan()
        # The chips ask for themselves.
        expect(brand.locator(".msg .file.clean")).to_have_count(2)
        expect(partner.locator(".msg .file.clean")).to_have_count(2)
        shot(brand, "files-clean")
        with brand.expect_download() as caught:
            brand.locator(".msg .file.clean a[download]").first.click()
        assert caught.value.suggested_filename == "layout.jpg"
        assert brand.locator(".look img").first.evaluate("image => image.naturalWidth") == 640
        assert faults(brand) == []
        # Something bad, of the brand this time: both are told, in their own words.
        brand.locator("input[type=file]").set_input_files([given("list.csv", EICAR)])
        expect(brand.locator(".reply .file.scanning")).to_have_count(1)
        brand.locator("#reply-text").fill("Our list.")
        brand.locator(".reply button.primary").click()
        expect(brand.locator(".msg .file.scanning")).to_have_count(1)
        partner.reload()
        scan()
        expect(brand.locator(".msg .file.blocked")).to_contain_text("Not delivered, virus found.")
        expect(partner.locator(".msg .file.blocked")).to_contain_text("Bloqué, virus détecté.")
        expect(partner.locator(".file.blocked a")).to_have_count(0)
        shot(brand, "files-blocked")
        shot(partner, "files-blocked-fr")
    blocked = Attachment.objects.get(name="list.csv")
    assert (blocked.state, Message.objects.get(attachments=blocked).text) == ("infected", "Our list.")


def test_files_are_dropped_pasted_taken_out_and_cancelled(live: World, files: Path, visit: Visit) -> None:
    veille = portal(live)
    conversation, _ = talk(live.nora, veille.partner)
    with visit(live.nora) as page:
        page.goto(f"/w/halden/inbox/{conversation.pk}")
        move(page, "drop", "dropped.csv", samples.CSV)
        expect(page.locator(".reply .file.scanning")).to_contain_text(["dropped.csv"])
        move(page, "paste", "pasted.csv", samples.CSV + b"x,y\n")
        expect(page.locator(".reply .file.scanning")).to_contain_text(["dropped.csv", "pasted.csv"])
        # Too large is said before a byte is sent.
        page.locator("file-upload").evaluate("upload => { upload.dataset.bytes = 10; }")
        page.locator("input[type=file]").set_input_files([given("large.csv", samples.CSV)])
        expect(page.locator(".reply .file.refused")).to_contain_text("larger than 25 MB")
        page.locator("[data-dismiss-file]").click()
        expect(page.locator(".reply .file.refused")).to_have_count(0)
        page.locator("file-upload").evaluate("upload => { upload.dataset.bytes = 1e9; }")
        # One that takes its time can be cancelled.
        page.route("**/files", lambda route: None)
        page.locator("input[type=file]").set_input_files([given("slow.csv", samples.CSV)])
        expect(page.locator(".reply .file.sending")).to_contain_text("slow.csv")
        page.locator("[data-cancel]").click()
        expect(page.locator(".reply .file")).to_have_count(2)
        page.unroute("**/files")
        # One that does not arrive says so.
        page.route("**/files", lambda route: route.abort())
        page.locator("input[type=file]").set_input_files([given("lost.csv", samples.CSV)])
        expect(page.locator(".reply .file.refused")).to_contain_text("It did not arrive.")
        page.unroute("**/files")
        page.locator(".reply .file.scanning", has_text="dropped.csv").locator("label").click()
        expect(page.locator(".reply .file.scanning")).to_contain_text(["pasted.csv"])
        page.locator(".reply button.primary").click()
        expect(page.locator(".msg .file.scanning")).to_contain_text(["pasted.csv"])
    sent = Message.objects.latest("pk")
    assert [each.name for each in sent.attachments.all()] == ["pasted.csv"]


def move(page: Page, how: str, name: str, content: bytes) -> None:
    """As the browser tells of a drop or a paste."""
    page.evaluate(
        """([how, name, content]) => {
            const moved = new DataTransfer();
            moved.items.add(new File([Uint8Array.from(atob(content), (c) => c.charCodeAt(0))], name));
            const options = { bubbles: true, cancelable: true, dataTransfer: moved, clipboardData: moved };
            const event = how === "paste" ? new ClipboardEvent(how, options) : new DragEvent(how, options);
            document.querySelector("#reply-text").dispatchEvent(event);
        }""",
        [how, name, base64.b64encode(content).decode()],
    )


def test_without_script_a_plain_form_does(live: World, scanner: Any, visit: Visit) -> None:
    veille = portal(live)
    conversation, _ = talk(live.nora, veille.partner)
    with visit(live.nora, java_script_enabled=False) as page:
        page.goto(f"/w/halden/inbox/{conversation.pk}")
        page.locator("input[type=file]").set_input_files(
            [given("a.csv", samples.CSV), given("b.png", samples.picture())]
        )
        page.locator("#reply-text").fill("Both.")
        page.locator(".reply button.primary").click()
        expect(page.locator(".msg .file.scanning")).to_contain_text(["a.csv", "b.png"])
        scan()
        page.reload()
        expect(page.locator(".msg .file.clean")).to_contain_text(["a.csv", "b.png"])
        shot(page, "files-without-script")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_quarantine_looks_like_the_rest(live: World, scanner: Any, visit: Visit, scheme: Any) -> None:
    live.nora.user.is_operator = True
    live.nora.user.save()
    from tests.files.test_keep import give

    give(live, EICAR, "guide-layout-2025.csv")
    give(live, samples.embedded(), "guide-layout-2025.pdf")
    scan()
    give(live, samples.CSV, "a.csv")
    with visit(live.nora, color_scheme=scheme) as page:
        page.goto("/w/halden/quarantine")
        expect(page.locator("tbody tr")).to_have_count(2)
        assert faults(page) == []
        shot(page, f"quarantine-{scheme}")
        page.locator("tbody tr").first.get_by_role("button", name="Delete now").click()
        asks = page.get_by_role("dialog")
        expect(asks).to_contain_text(f"Delete the file with {FOUND}?")
        assert faults(page) == []
        shot(page, f"quarantine-asks-{scheme}")
        asks.get_by_role("button", name="Keep it").click()
        assert StoredFile.objects.filter(deleted_at=None, state="infected").count() == 2
        page.locator("tbody tr").first.get_by_role("button", name="Delete now").click()
        asks.get_by_role("button", name="Delete now").click()
        expect(page.locator("tbody")).to_contain_text("deleted")
        assert StoredFile.objects.filter(deleted_at=None, state="infected").count() == 1
        page.set_viewport_size({"width": 390, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        shot(page, f"quarantine-390-{scheme}")
