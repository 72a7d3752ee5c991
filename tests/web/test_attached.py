"""Files in the composer, on the manifest and while an e-mail is sent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from overture.delivery.models import Mailing
from overture.files.models import Attachment, StoredFile
from overture.files.scan import scan_due
from overture.mailboxes.models import Mailbox
from tests.files import samples
from tests.web.letters import mailbox, person
from tests.world import World

pytestmark = pytest.mark.django_db
HOME = "/w/halden/emails"


@pytest.fixture
def page(world: World, files: Path, as_member: Any) -> tuple[Any, str, Mailing]:
    """A client of Nora's, the address of a draft of hers, and the draft; to one prospect."""
    mailbox(world.nora)
    client = as_member(world.nora)
    client.post(f"{HOME}/new", {"prospect": person(world.nora, "Hus Hav", "Signe").pk})
    made = Mailing.objects.get()
    return client, f"{HOME}/{made.pk}", made


def given(**more: Any) -> dict[str, Any]:
    return {"subject": "Hello", "content": "<p>Hello</p>", "with_files": "1"} | more


def upload(name: str = "partners.csv", content: bytes = samples.CSV) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_form_is_one_that_can_carry_files(page: tuple[Any, str, Mailing]) -> None:
    client, at, _ = page
    html = client.get(f"{at}/write").content.decode()
    assert 'enctype="multipart/form-data"' in html
    assert '<input type="hidden" name="with_files" value="1">' in html
    assert 'data-url="/w/halden/files"' in html


def test_file_comes_with_the_form_and_stays(page: tuple[Any, str, Mailing]) -> None:
    """Without JavaScript; the same form saves it, keeps it, takes it out."""
    client, at, made = page
    client.post(f"{at}/write", given(files=[upload(), upload("a.pdf", samples.document())]))
    names = [each.name for each in made.attachments.order_by("pk")]
    assert names == ["partners.csv", "a.pdf"]
    html = client.get(f"{at}/write").content.decode()
    first, second = made.attachments.order_by("pk")
    assert f'name="attachments" value="{first.pk}" checked' in html
    client.post(f"{at}/write", given(attachments=[second.pk]))
    assert [each.name for each in made.attachments.all()] == ["a.pdf"]
    client.post(f"{at}/draft", {"subject": "Other"})
    assert made.attachments.count() == 1
    client.post(f"{at}/draft", given())
    assert made.attachments.count() == 0


def test_refused_file_is_named_and_all_the_rest_is_kept(page: tuple[Any, str, Mailing]) -> None:
    client, at, made = page
    for path in ("write", "manifest"):
        answer = client.post(f"{at}/{path}", given(subject=path, files=[upload(), upload("b.exe", b"MZ")]))
        assert answer.status_code == 422
        html = answer.content.decode()
        assert "Files named .exe cannot be attached." in html
        assert html.count('<div class="file scanning"') == 1
        made.refresh_from_db()
        assert (made.subject, made.attachments.count(), made.state) == (path, 1, "draft")


def test_file_of_somebody_else_is_not_attached(
    page: tuple[Any, str, Mailing], world: World, as_member: Any
) -> None:
    client, at, made = page
    as_member(world.camille).post("/w/halden/files", {"files": upload()})
    theirs = Attachment.objects.get()
    answer = client.post(f"{at}/draft", given(subject="Kept", attachments=[theirs.pk]))
    assert list(answer.json()["errors"]) == ["attachments"]
    made.refresh_from_db()
    assert (made.subject, made.attachments.count()) == ("Kept", 0)


def test_checks_tell_of_the_files(page: tuple[Any, str, Mailing], scanner: Any) -> None:
    client, at, made = page
    client.post(f"{at}/write", given(files=[upload()]))

    def checks() -> str:
        html: str = client.get(f"{at}/preflight").content.decode()
        return html

    assert "partners.csv is being scanned" in checks()
    assert "You can send already: it leaves once the file is found clean." in checks()
    assert f"1 file, {len(samples.CSV)} bytes" in checks()
    scan_due()
    assert "is being scanned" not in checks()
    Mailbox.objects.update(host="smtp.gmail.com")
    assert "smtp.gmail.com takes 25.0 MB." in checks()
    StoredFile.objects.update(size=25 * 1024 * 1024)
    too_large = (
        "With these files an email has 34.2 MB (they grow by a third on the way); smtp.gmail.com takes"
    )
    assert too_large in checks()
    refused = client.post(f"{at}/manifest", given(attachments=[made.attachments.get().pk]))
    assert refused.status_code == 422
    assert too_large in refused.content.decode()
    StoredFile.objects.update(size=42, state="infected")
    assert "A virus was found in partners.csv. Take it out: it is never sent." in checks()
    made.refresh_from_db()
    assert made.state == "draft"


def test_manifest_and_progress_show_what_it_carries(page: tuple[Any, str, Mailing]) -> None:
    client, at, made = page
    client.post(f"{at}/manifest", given(files=[upload()]))
    html = client.get(f"{at}/manifest").content.decode()
    assert "partners.csv is being scanned" in html
    assert 'class="file scanning"' in html
    made.refresh_from_db()
    client.post(f"{at}/send", {"manifest": made.manifest_id})
    html = client.get(at).content.decode()
    assert "Waiting for the virus scan of partners.csv; begins by itself when it is clean." in html
    assert 'class="file scanning"' in html


def test_file_blocked_after_the_check_stops_send(page: tuple[Any, str, Mailing]) -> None:
    client, at, made = page
    client.post(f"{at}/manifest", given(files=[upload()]))
    made.refresh_from_db()
    StoredFile.objects.update(state="infected")
    answer = client.post(f"{at}/send", {"manifest": made.manifest_id})
    assert answer.status_code == 409
    assert "A file was blocked since it was checked." in answer.content.decode()


def test_deleted_draft_comes_back_with_its_files(page: tuple[Any, str, Mailing]) -> None:
    client, at, _ = page
    client.post(f"{at}/write", given(files=[upload()]))
    client.post(f"{at}/discard")
    client.post(f"{HOME}/restore")
    assert [each.name for each in Mailing.objects.get().attachments.all()] == ["partners.csv"]


@pytest.mark.parametrize("path", ["write", "manifest", ""])
def test_pages_ask_as_often_for_three_files_as_for_one(page: tuple[Any, str, Mailing], path: str) -> None:
    client, at, made = page

    def asked(count: int) -> int:
        new = [upload(f"{n}.csv", samples.CSV + b"x" * n) for n in range(count)]
        client.post(f"{at}/manifest", given(files=new))
        if path == "":
            Mailing.objects.update(state="sending")
        client.get(f"{at}/{path}".rstrip("/"))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"{at}/{path}".rstrip("/")).status_code == 200
        Mailing.objects.update(state="draft")
        return len(queries)

    assert asked(1) == asked(3)
    assert made.attachments.count() == 3
