"""bin/overture import: what it prints, and what it says when it cannot."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from overture.prospects.models import Prospect
from tests.world import World

SHEET = "Company,Email\nAcme,ann@acme.example\nBad,bob@@acme.example\n"


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("import", *arguments, stdout=out, stderr=io.StringIO())
    return out.getvalue()


@pytest.fixture
def sheet(tmp_path: Path) -> str:
    file = tmp_path / "sheet.csv"
    file.write_text(SHEET)
    return str(file)


def test_import_prints_counts_and_refused_rows(world: World, sheet: str) -> None:
    refused = "line 3: Email: “bob@@acme.example” is not an email address.\n"
    dry = run(sheet, "--workspace", "halden", "--dry-run")
    assert dry == "2 rows: 1 would be created, 0 would be updated, 0 unchanged, 1 refused\n" + refused
    assert Prospect.objects.count() == 0
    assert (
        run(sheet, "--workspace", "halden")
        == "2 rows: 1 created, 0 updated, 0 unchanged, 1 refused\n" + refused
    )
    assert Prospect.objects.get().workspace == world.brand
    again = run(sheet, "--workspace", "halden", "--member", "CAMILLE@halden.example")
    assert again == "2 rows: 0 created, 0 updated, 1 unchanged, 1 refused\n" + refused


def test_import_says_what_is_wrong(world: World, sheet: str, tmp_path: Path) -> None:
    empty = tmp_path / "empty.csv"
    empty.write_text("")
    nameless = tmp_path / "nameless.csv"
    nameless.write_text("Country\nFR\n")
    for arguments, words in (
        ((sheet, "--workspace", "nowhere"), "there is no workspace nowhere with an administrator"),
        (
            (sheet, "--workspace", "halden", "--member", "x@y.example"),
            "there is no workspace halden with x@y.example",
        ),
        (
            (str(tmp_path / "gone.csv"), "--workspace", "halden"),
            f"{tmp_path}/gone.csv: No such file or directory",
        ),
        ((str(empty), "--workspace", "halden"), f"{empty}: The file is empty."),
    ):
        with pytest.raises(CommandError) as caught:
            run(*arguments)
        assert str(caught.value) == words
    with pytest.raises(CommandError, match="No column gives a company"):
        run(str(nameless), "--workspace", "halden")
