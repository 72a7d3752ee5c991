"""Files of e-mails through the API: sent in, attached, told with their state and size."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from overture.files.models import StoredFile
from overture.files.scan import scan_due
from tests import factories
from tests.api.caller import Caller
from tests.api.test_mailings import MAILBOX
from tests.files import samples
from tests.world import World


@pytest.fixture(autouse=True)
def _kept_apart(files: Path) -> None:
    pass


def sent_in(who: Caller, name: str = "partners.csv", content: bytes = samples.CSV) -> int:
    headers = {"authorization": f"Bearer {who.token}"}
    answer = Client().post("/api/v1/files", {"file": SimpleUploadedFile(name, content)}, headers=headers)
    assert answer.status_code == 201, answer.content
    number: int = answer.json()["id"]
    return number


def draft(world: World, who: Caller, **fields: Any) -> Any:
    factories.prospect(world.nora, "Maison", "jo@p.example")
    who.post("/mailboxes", MAILBOX)
    body = {"subject": "Hello", "content": "<p>Hello</p>", "audience": {"filter": {}}}
    return who.post("/mailings", body | fields)


def test_files_are_attached_and_told(world: World, nora: Caller, scanner: Any) -> None:
    first, second = sent_in(nora), sent_in(nora, "a.pdf", samples.document())
    mailing = draft(world, nora, attachments=[second, first])
    assert [(each["id"], each["name"], each["state"]) for each in mailing["attachments"]] == [
        (second, "a.pdf", "pending"),
        (first, "partners.csv", "pending"),
    ]
    path = f"/mailings/{mailing['id']}"
    manifest = nora.post(f"{path}/manifest", expected=200)
    assert manifest["attachments"] == mailing["attachments"]
    assert "files_pending" in manifest["warnings"]
    assert manifest["largest_message"] is None
    assert manifest["message_size"] > sum(each["size"] for each in manifest["attachments"])
    sent = nora.post(f"{path}/send", {"manifest": manifest["id"], "undo_seconds": 0}, expected=200)
    assert sent["reason"] == "files_pending"
    assert sent["waits_because"].startswith("Waiting for the virus scan of a.pdf, partners.csv;")
    scan_due()
    assert [each["state"] for each in nora.get(path)["attachments"]] == ["clean", "clean"]


def test_what_is_left_out_stays(world: World, nora: Caller) -> None:
    number = sent_in(nora)
    path = f"/mailings/{draft(world, nora, attachments=[number])['id']}"
    assert len(nora("patch", path, {"subject": "Other"})[1]["attachments"]) == 1
    assert nora("patch", path, {"attachments": []})[1]["attachments"] == []


def test_refusals_name_the_field(world: World, nora: Caller, stranger: Caller) -> None:
    path = f"/mailings/{draft(world, nora)['id']}"
    for numbers in ([2**40], [sent_in(stranger)]):
        status, answer = nora("patch", path, {"attachments": numbers})
        assert (status, [(each["field"], each["code"]) for each in answer["errors"]]) == (
            422,
            [("attachments", "unknown_file")],
        )
    number = sent_in(nora)
    nora("patch", path, {"attachments": [number]})
    StoredFile.objects.filter(attachments=number).update(state="infected")
    answer = nora.post(f"{path}/manifest", expected=422)
    assert answer["detail"] == "A virus was found in partners.csv. Take it out: it is never sent."


def test_blocked_after_prepare_is_told_as_changed(world: World, nora: Caller) -> None:
    path = f"/mailings/{draft(world, nora, attachments=[sent_in(nora)])['id']}"
    manifest = nora.post(f"{path}/manifest", expected=200)
    StoredFile.objects.update(state="unscannable")
    answer = nora.post(f"{path}/send", {"manifest": manifest["id"]}, expected=409)
    assert answer["changed"] == ["files"]
