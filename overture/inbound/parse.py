"""Has a received mail read in a process apart, with limits on time, memory, parts and depth."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from overture.files import apart, store

MEMORY, SECONDS = 768 * 1024**2, 10
_readers = apart.Readers("overture.inbound.parsing.work", MEMORY, SECONDS)


@dataclass(frozen=True)
class Report:
    """What a server told of a mail. `what`: bounce, late, delivered or complaint; nothing of it is proven.

    `kind` of a bounce: hard, soft, blocked or unknown. `ids`: Message-IDs of the mail that it is about.
    """

    what: str
    kind: str
    words: str
    ids: tuple[str, ...]
    recipients: tuple[str, ...]


@dataclass(frozen=True)
class GivenFile:
    """`path` is there while the mail is open; None for one beyond the limit: only its name is known."""

    name: str
    type: str
    size: int
    path: Path | None


@dataclass(frozen=True)
class Parsed:
    """`problem`: "too_complex" where it could not be read within the limits."""

    text: str = ""
    quoted: str = ""
    html: str = ""
    report: Report | None = None
    is_automatic: bool = False
    away_until: date | None = None
    files: tuple[GivenFile, ...] = field(default_factory=tuple)
    problem: str = ""


@contextmanager
def opened(raw: bytes, day: date) -> Iterator[Parsed]:
    """The mail as it was read; `day` it came, for dates without a year. Its files go with the end."""
    with store.workplace() as folder:
        (folder / "given").write_bytes(raw)
        yield _parsed(_ask(folder, day), folder)


def _ask(folder: Path, day: date) -> dict[str, Any]:
    """What breaks a parser is read once more without all that takes long: its words are worth a try."""
    for do in ("parse", "plain"):
        try:
            return _readers.ask(do, folder, day=day.isoformat())
        except apart.NoAnswer:
            continue
    return {"problem": "too_complex"}


def _parsed(told: dict[str, Any], folder: Path) -> Parsed:
    if "problem" in told:
        return Parsed(problem=told["problem"])
    report, until = told["report"], told["away_until"]
    return Parsed(
        text=told["text"],
        quoted=told["quoted"],
        html=told["html"],
        report=_report(report) if report else None,
        is_automatic=told["is_automatic"],
        away_until=date.fromisoformat(until) if until else None,
        files=tuple(_file(each, folder) for each in told["files"]),
    )


def _report(told: dict[str, Any]) -> Report:
    return Report(told["what"], told["kind"], told["words"], tuple(told["ids"]), tuple(told["recipients"]))


def _file(told: dict[str, Any], folder: Path) -> GivenFile:
    path = folder / told["path"] if "path" in told else None
    return GivenFile(told["name"], told["type"], told["size"], path)
