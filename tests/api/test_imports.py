"""Imports through the API: sent in, carried out by the job, told row by row."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from overture.prospects.carry_out import carry_out
from overture.prospects.models import Import, Prospect
from tests.api.caller import Caller

SHEET = "company,email,country\nMaison Lin,jo@lin.example,France\nBrume,broken,BE\n"


def send(caller: Caller, text: str = SHEET, **fields: Any) -> tuple[int, Any]:
    file = SimpleUploadedFile("sheet.csv", text.encode())
    headers = {"authorization": f"Bearer {caller.token}"}
    response = Client().post("/api/v1/imports", {"file": file, **fields}, headers=headers)
    return response.status_code, response.json()


def test_import_is_queued_then_told_row_by_row(nora: Caller) -> None:
    status, begun = send(nora)
    assert (status, begun) == (202, {"id": Import.objects.get().pk})
    waiting = nora.get(f"/imports/{begun['id']}")
    assert (waiting["status"], waiting["rows"], waiting["errors"]) == ("queued", 0, [])
    carry_out(begun["id"])
    told = nora.get(f"/imports/{begun['id']}")
    fixed = ("status", "rows", "created", "updated", "unchanged", "refused")
    assert [told[name] for name in fixed] == ["done", 2, 1, 0, 0, 1]
    error = {"line": 3, "column": "email", "message": "“broken” is not an email address."}
    assert told["errors"] == [error]
    assert nora.get(f"/imports/{begun['id']}/refused")["items"] == [error]
    assert Prospect.objects.get().name == "Maison Lin"
    listed = {name: value for name, value in told.items() if name not in {"errors", "columns", "mapping"}}
    assert nora.get("/imports")["items"] == [listed]


def test_dry_run_makes_nothing_and_may_be_repeated_for_real(nora: Caller) -> None:
    begun = send(nora, dry_run="true")[1]
    carry_out(begun["id"])
    told = nora.get(f"/imports/{begun['id']}")
    assert (told["dry_run"], told["created"], Prospect.objects.count()) == (True, 1, 0)
    again = nora.post(f"/imports/{begun['id']}/again", {}, 202)
    carry_out(again["id"])
    assert (nora.get(f"/imports/{again['id']}")["dry_run"], Prospect.objects.count()) == (False, 1)


def test_mapping_says_what_a_heading_means(nora: Caller) -> None:
    begun = send(
        nora, "firm x,post\nMaison,jo@lin.example\n", mapping='{"firm x": "company", "1": "address"}'
    )[1]
    assert nora.get(f"/imports/{begun['id']}")["mapping"] == {"0": "company", "1": "address"}


@pytest.mark.parametrize(
    ("text", "fields", "fault"),
    [
        (SHEET, {"mapping": "company"}, ("mapping", "bad_mapping")),
        (SHEET, {"mapping": '{"nothing": "company"}'}, ("mapping", "unknown_column")),
        (SHEET, {"mapping": '{"company": "shoe size"}'}, ("mapping", "unknown_field")),
        (SHEET, {"dry_run": "perhaps"}, ("dry_run", "bool_parsing")),
        (SHEET, {"dryrun": "1"}, ("dryrun", "extra_forbidden")),
        (" ", {}, ("file", "empty")),
    ],
)
def test_what_cannot_be_imported_is_refused_at_once(
    nora: Caller, text: str, fields: dict[str, str], fault: tuple[str, str]
) -> None:
    status, told = send(nora, text, **fields)
    assert (status, [(each["field"], each["code"]) for each in told["errors"]]) == (422, [fault])
    assert Import.objects.count() == 0


def test_file_is_needed(nora: Caller) -> None:
    response = Client().post("/api/v1/imports", {}, headers={"authorization": f"Bearer {nora.token}"})
    assert (response.status_code, response.json()["errors"][0]["field"]) == (422, "file")


def test_file_too_large_is_refused(nora: Caller, settings: Any) -> None:
    settings.OVERTURE_IMPORT_BYTES = 10
    assert send(nora)[0] == 413


def test_refused_rows_come_as_a_file_to_mend(nora: Caller) -> None:
    begun = send(nora)[1]
    carry_out(begun["id"])
    headers = {"authorization": f"Bearer {nora.token}"}
    answer = Client().get(f"/api/v1/imports/{begun['id']}/refused.csv", headers=headers)
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert lines == [
        "Refused because,company,email,country",
        "3: “broken” is not an email address.,Brume,broken,BE",
    ]


def test_viewer_imports_nothing(victor: Caller) -> None:
    assert (send(victor)[0], Import.objects.count()) == (403, 0)


def test_undo_takes_back_what_it_made_once(nora: Caller) -> None:
    begun = send(nora)[1]
    assert nora.post(f"/imports/{begun['id']}/undo", expected=409)["errors"][0]["code"] == "not_done"
    carry_out(begun["id"])
    assert nora.post(f"/imports/{begun['id']}/undo", expected=200) == {"removed": 1, "restored": 0, "kept": 0}
    assert (Prospect.objects.count(), nora.get(f"/imports/{begun['id']}")["undone_at"][-1]) == (0, "Z")
    assert nora.post(f"/imports/{begun['id']}/undo", expected=409)["errors"][0]["code"] == "undone"
