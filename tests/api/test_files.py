"""/files: sent in, told, read when clean; and the operator's view of what was blocked."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from overture.accounts.models import User
from overture.files.models import Attachment
from overture.files.scan import scan_due
from tests.fakes.scanner import EICAR, FOUND
from tests.files import samples


def send(caller: Any, name: str, content: bytes, **more: str) -> tuple[int, Any]:
    answer = Client().post(
        "/api/v1/files",
        {"file": SimpleUploadedFile(name, content), **more},
        headers={"authorization": f"Bearer {caller.token}"},
    )
    return answer.status_code, answer.json()


def content_of(caller: Any, path: str) -> Any:
    return Client().get(f"/api/v1{path}", headers={"authorization": f"Bearer {caller.token}"})


def test_a_file_from_upload_to_content(nora: Any, scanner: Any) -> None:
    status, made = send(nora, "layout.png", samples.picture())
    shown = {
        "id": made["id"],
        "name": "layout.png",
        "type": "image/png",
        "size": made["size"],
        "state": "pending",
        "width": 40,
        "height": 30,
        "pages": None,
        "has_preview": True,
        "problem": "The file is still being scanned. It opens as soon as it is found clean.",
        "created_at": made["created_at"],
    }
    assert (status, made) == (201, shown)
    answer = content_of(nora, f"/files/{made['id']}/content")
    assert (answer.status_code, answer.json()["state"]) == (409, "pending")
    scan_due()
    assert nora.get(f"/files/{made['id']}") == shown | {"state": "clean", "problem": ""}
    answer = content_of(nora, f"/files/{made['id']}/content")
    body = b"".join(answer.streaming_content)
    assert (answer.headers["Content-Type"], len(body), body[:4]) == ("image/png", made["size"], b"\x89PNG")
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["Cache-Control"] == "private, no-store"
    answer = content_of(nora, f"/files/{made['id']}/preview")
    assert b"".join(answer.streaming_content)[8:12] == b"WEBP"


def test_what_is_refused_says_what_to_do(nora: Any, victor: Any, files: Any, settings: Any) -> None:
    settings.OVERTURE_FILE_LIMIT_MB = 1
    status, problem = send(nora, "a.zip", samples.zipped())
    assert (status, problem["errors"]) == (
        422,
        [
            {
                "field": "file",
                "code": "type",
                "message": "Files named .zip cannot be attached. Send a CSV, PDF, JPEG, PNG or GIF file.",
            }
        ],
    )
    assert send(nora, "a.csv", b"a,b\n" * 300_000)[0] == 413
    assert send(nora, "a.csv", samples.CSV, more="1")[0] == 422
    assert send(victor, "a.csv", samples.CSV)[0] == 403
    assert not Attachment.objects.exists()


def test_strangers_find_no_file(nora: Any, stranger: Any, scanner: Any) -> None:
    _, made = send(nora, "a.csv", samples.CSV)
    scan_due()
    for path in ("", "/content", "/preview"):
        assert stranger("get", f"/files/{made['id']}{path}")[0] == 404


def test_the_operator_sees_scanner_and_quarantine(nora: Any, world: Any, scanner: Any) -> None:
    assert nora("get", "/quarantine")[0] == 403
    assert nora("get", "/scanner")[0] == 403
    User.objects.filter(pk=world.nora.user_id).update(is_operator=True)
    _, made = send(nora, "bad.csv", EICAR)
    scanner_now = nora.get("/scanner")
    assert scanner_now | {"oldest_pending_at": ""} == {
        "answers": True,
        "version": "ClamAV 1.4.6",
        "problem": "",
        "has_official_signatures": False,
        "pending": 1,
        "oldest_pending_at": "",
    }
    scan_due()
    (blocked,) = nora.get("/quarantine")["items"]
    told = ("names", "workspaces", "given_by", "found", "size", "deleted_at")
    assert [blocked[name] for name in told] == [
        ["bad.csv"],
        ["Halden & Rowe"],
        ["Nora Lindqvist"],
        FOUND,
        68,
        None,
    ]
    assert nora("delete", f"/quarantine/{blocked['id']}") == (204, None)
    (gone,) = nora.get("/quarantine")["items"]
    assert (gone["deleted_at"] is None, gone["goes_at"]) == (False, None)
    assert nora.get(f"/files/{made['id']}")["state"] == "infected"
