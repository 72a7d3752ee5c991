"""Files on the site: sent in, seen in their state, handed out with every defence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from overture.activity.models import Activity
from overture.conversations.models import Conversation, Message
from overture.files.models import Attachment
from overture.files.scan import scan_due
from tests import factories
from tests.fakes.scanner import EICAR
from tests.files import samples
from tests.world import World

SignIn = Callable[..., Client]
AT = "/w/halden/files"


def sent(client: Client, *given: tuple[str, bytes], **headers: str) -> Any:
    each = [SimpleUploadedFile(name, content) for name, content in given]
    return client.post(AT, {"files": each}, headers=headers)


def read(client: Client, url: str) -> bytes:
    return b"".join(client.get(url).streaming_content)  # type: ignore[attr-defined]


def test_several_files_are_kept_and_each_has_its_chip(world: World, scanner: Any, as_member: SignIn) -> None:
    client = as_member(world.nora)
    answer = sent(client, ("a.csv", samples.CSV), ("b.exe", b"MZ"), ("c.png", samples.picture()))
    first, second = Attachment.objects.order_by("pk")
    assert (answer.status_code, [first.name, second.name]) == (422, ["a.csv", "c.png"])
    assert (first.member, first.workspace, first.user) == (world.nora, world.brand, None)
    html = answer.content.decode()
    assert html.count('class="file scanning"') == 2
    assert f'name="attachments" value="{first.pk}" checked' in html
    assert "Files named .exe cannot be attached." in html
    assert f'hx-get="{AT}/{first.pk}?side=yours&amp;chosen=1&amp;seen=pending"' in html


def test_an_answer_in_json_says_the_same(world: World, files: Path, as_member: SignIn) -> None:
    answer = sent(as_member(world.nora), ("a.csv", samples.CSV), accept="application/json")
    made = Attachment.objects.get()
    assert (answer.status_code, answer.json()) == (
        201,
        {"files": [{"id": made.pk, "name": "a.csv", "state": "pending", "url": f"{AT}/{made.pk}"}]},
    )
    answer = sent(as_member(world.nora), ("a.csv", b""), accept="application/json")
    assert answer.json()["files"][0]["problem"].startswith("The file is empty.")


def test_a_chip_tells_the_state_to_each_side(world: World, scanner: Any, as_member: SignIn) -> None:
    client = as_member(world.nora)
    sent(client, ("a.csv", EICAR + b"\n"), ("c.png", samples.picture()))
    bad, good = Attachment.objects.order_by("pk")
    pending = client.get(f"{AT}/{good.pk}").content.decode()
    assert "opens in a few seconds" in pending
    assert 'hx-trigger="load delay:400ms, every 1500ms"' in pending
    unchanged = client.get(f"{AT}/{good.pk}?side=yours&seen=pending")
    assert (unchanged.status_code, unchanged.content) == (204, b"")
    assert "then delivered" in client.get(f"{AT}/{good.pk}?side=yours").content.decode()
    scan_due()
    clean = client.get(f"{AT}/{good.pk}?seen=pending").content.decode()
    assert "hx-get" not in clean
    assert f'href="{AT}/{good.pk}/c.png"' in clean
    assert "Blocked, virus found." in client.get(f"{AT}/{bad.pk}").content.decode()
    assert "Check your computer" in client.get(f"{AT}/{bad.pk}?side=yours").content.decode()


def test_a_chip_says_that_the_scanner_is_away(world: World, files: Path, as_member: SignIn) -> None:
    client = as_member(world.nora)
    sent(client, ("a.csv", samples.CSV))
    scan_due()
    html = client.get(f"{AT}/{Attachment.objects.get().pk}").content.decode()
    assert "Waiting for the scanner." in html
    assert 'hx-trigger="every 5s"' in html
    assert "seen=late" in html


def test_a_file_is_handed_out_with_every_defence(world: World, scanner: Any, as_member: SignIn) -> None:
    client = as_member(world.nora)
    sent(client, ('Tarifs "été" 2026.csv', samples.CSV))
    made = Attachment.objects.get()
    assert client.get(f"{AT}/{made.pk}/x.csv").status_code == 409
    scan_due()
    answer = client.get(f"{AT}/{made.pk}/whatever.html")
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content) == samples.CSV
    kept = {
        name: answer.headers.get(name)
        for name in (
            "Content-Type",
            "Content-Disposition",
            "X-Content-Type-Options",
            "Content-Security-Policy",
            "Cache-Control",
            "Cross-Origin-Resource-Policy",
            "X-Frame-Options",
        )
    }
    assert kept == {
        "Content-Type": "text/csv",
        "Content-Disposition": 'attachment; filename="Tarifs _ete_ 2026.csv"; '
        "filename*=UTF-8''Tarifs%20_%C3%A9t%C3%A9_%202026.csv",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "private, no-store",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Frame-Options": "DENY",
    }


def test_a_preview_is_a_picture_of_ours(world: World, scanner: Any, as_member: SignIn) -> None:
    client = as_member(world.nora)
    sent(client, ("c.pdf", samples.document()), ("a.csv", samples.CSV))
    scan_due()
    document, table = Attachment.objects.order_by("pk")
    answer = client.get(f"{AT}/{document.pk}/preview")
    assert (answer.headers["Content-Type"], answer.headers["Content-Disposition"]) == ("image/webp", "inline")
    assert b"".join(answer.streaming_content)[8:12] == b"WEBP"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert client.get(f"{AT}/{table.pk}/preview").status_code == 404


def test_a_file_opens_for_whom_its_message_reached(world: World, scanner: Any, as_member: SignIn) -> None:
    """What a colleague chose and has not sent is theirs alone; so is what a partner has not sent yet."""
    sent(as_member(world.nora), ("a.csv", samples.CSV))
    scan_due()
    made = Attachment.objects.get()
    url = f"{AT}/{made.pk}/a.csv"
    assert read(as_member(world.nora), url) == samples.CSV
    assert as_member(world.camille).get(url).status_code == 404
    partner = factories.partner()
    conversation = Conversation.objects.create(workspace=world.brand, partner=partner)
    message = Message.objects.create(conversation=conversation, side="brand", member=world.nora, text="x")
    message.attachments.add(made)
    assert read(as_member(world.camille), url) == samples.CSV
    other = f"/w/{world.other_brand.slug}/files/{made.pk}/a.csv"
    assert as_member(world.stranger).get(other).status_code == 404


def test_a_viewer_sends_nothing_in(world: World, files: Path, as_member: SignIn) -> None:
    assert sent(as_member(world.victor), ("a.csv", samples.CSV)).status_code == 403
    assert not Attachment.objects.exists()


def test_the_operator_sees_what_was_blocked_and_lets_it_go(
    world: World, scanner: Any, files: Path, as_member: SignIn
) -> None:
    world.nora.user.is_operator = True
    world.nora.user.save()
    client = as_member(world.nora)
    sent(client, ("bad.csv", EICAR))
    assert "Nothing was blocked" in client.get("/w/halden/quarantine").content.decode()
    scan_due()
    html = client.get("/w/halden/quarantine").content.decode()
    assert "bad.csv" in html
    assert "Eicar-Test-Signature" in html
    stored = Attachment.objects.get().stored
    answer = client.post(f"/w/halden/quarantine/{stored.pk}/delete")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/w/halden/quarantine")
    stored.refresh_from_db()
    assert (stored.state, stored.deleted_at is not None) == ("infected", True)
    assert [path for path in files.rglob("*") if path.is_file()] == []
    assert Activity.objects.get(verb="file_blocked").facts["name"] == "bad.csv"


def test_the_quarantine_costs_the_same_for_any_number(world: World, scanner: Any, as_member: SignIn) -> None:
    world.nora.user.is_operator = True
    world.nora.user.save()
    client = as_member(world.nora)
    costs = []
    for rows in (1, 3):
        sent(client, *((f"{number}.csv", EICAR + bytes([65 + number])) for number in range(rows)))
        scan_due()
        client.get("/w/halden/quarantine")
        with CaptureQueriesContext(connection) as queries:
            html = client.get("/w/halden/quarantine").content.decode()
        assert html.count('data-dialog="delete-') == rows
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_a_request_beyond_any_limit_is_refused_unread(
    world: World, files: Path, as_member: SignIn, settings: Any
) -> None:
    settings.OVERTURE_FILE_LIMIT_MB, settings.OVERTURE_FILES_PER_MESSAGE = 1, 1
    settings.OVERTURE_IMPORT_BYTES = 1024
    client = as_member(world.nora)
    client.raise_request_exception = False
    assert sent(client, ("a.csv", b"a,b\n" * 400_000)).status_code == 422
    assert sent(client, ("a.csv", b"a,b\n" * 2_000_000)).status_code == 400
    assert not Attachment.objects.exists()
