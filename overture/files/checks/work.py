"""What the separate process does: check one file, or unpack one; it answers with what JSON can say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from overture.files.checks.document import check_document
from overture.files.checks.found import Found, TurnedDown
from overture.files.checks.inside import unpack
from overture.files.checks.picture import check_picture
from overture.files.checks.table import check_table


def work(asked: dict[str, Any]) -> dict[str, Any]:
    """`do` is check or unpack; `source` a file; `type` a FileType; `folder` is where results go."""
    source, folder = Path(asked["source"]), Path(asked["folder"])
    try:
        if asked["do"] == "unpack":
            unpack(source, folder / "parts")
            return {}
        return {"found": _check(source, asked["type"], folder).as_json()}
    except TurnedDown as refused:
        return {"refused": refused.code, "facts": refused.facts}
    except (MemoryError, RecursionError):
        return {"refused": "too_complex", "facts": {}}


def _check(source: Path, kind: str, folder: Path) -> Found:
    if kind == "csv":
        return check_table(source)
    return check_document(source, folder) if kind == "pdf" else check_picture(source, kind, folder)
