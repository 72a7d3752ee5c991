"""Rows of a sheet for the directory: the same cells, read as an operator's upsert takes them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied

from overture.accounts.access import require_operator
from overture.activity.record import record
from overture.directory.details import check
from overture.directory.plan import Outcome, Plan, Row
from overture.directory.reading import DetailsError
from overture.directory.write import write
from overture.lib import csv_in
from overture.prospects import import_cells as cells
from overture.prospects import search
from overture.prospects.import_cells import CellError
from overture.prospects.import_fields import DIRECTORY_FIELDS, Field, Problem, Refused
from overture.prospects.import_headings import Mapping
from overture.prospects.import_rows import Reading, read
from overture.prospects.models import Import

_SLICE = 1_000
_LONGEST_NUMBER = 18
# What the directory calls otherwise, and the column it stands in.
_COLUMNS: dict[str, Field] = {"name": "company"}
_PERSON = ("first_name", "last_name", "full_name", "address")


@dataclass(frozen=True, slots=True)
class DirectoryRow:
    line: int
    row: Row
    mapping: Mapping


def read_directory_row(row: csv_in.Row, mapping: Mapping) -> DirectoryRow | Refused:
    """What the row says of a partner; empty cells say nothing, so they erase nothing."""
    return read(row, mapping, _values)


class DirectoryPlan:
    """A directory's plan fed with rows of a file: the same steps as a plan of prospects."""

    read = staticmethod(read_directory_row)

    def __init__(self, imported: Import) -> None:
        self.imported = imported
        self.created = self.updated = self.unchanged = 0
        self._plan = Plan()

    def __len__(self) -> int:
        return len(self._plan.targets)

    def add(self, rows: Iterable[tuple[DirectoryRow, Sequence[str]]]) -> list[Refused]:
        given = list(rows)
        outcomes = self._plan.add([each.row for each, _ in given])
        self.created += sum(each.state == "created" for each in outcomes)
        self.updated += sum(each.state == "updated" for each in outcomes)
        self.unchanged += sum(each.state == "unchanged" for each in outcomes)
        return [
            _refused(row, row_cells, outcome)
            for (row, row_cells), outcome in zip(given, outcomes, strict=True)
            if outcome.state == "refused"
        ]

    def finish(self) -> list[Refused]:
        return []

    def write(self, tell: Callable[[int], None]) -> None:
        member = self.imported.run.member
        if member is None:
            raise PermissionDenied
        require_operator(member.user)
        touched = write(self._plan, member.user_id, tell=tell)
        for start in range(0, len(touched), _SLICE):
            search.refresh_partners(touched[start : start + _SLICE])

    def record(self) -> None:
        record(
            "directory_imported",
            self.imported.workspace_id,
            self.imported.run.member,
            file=self.imported.file_name,
            imported=self.imported.pk,
            created=self.created,
            updated=self.updated,
        )


def _values(reading: Reading) -> DirectoryRow | None:
    address, name_there = reading.address()
    first_name, last_name = reading.person(name_there)
    said: dict[str, Any] = {
        "name": reading.text("company"),
        "kind": reading.read("kind", cells.read_kind, ""),
        "first_name": first_name,
        "last_name": last_name,
        "address": str(address or ""),
    }
    for field in DIRECTORY_FIELDS:
        if field not in (*_PERSON, *_COLUMNS.values(), "mpid", "kind"):
            said[field] = reading.read(field, _plain_text(field), "")
    details, errors = check({name: value for name, value in said.items() if value != ""})
    reading.problems += [_problem(reading.line, reading.mapping, error) for error in errors]
    number = reading.read("mpid", _read_number, None)
    if reading.problems:
        return None
    return DirectoryRow(reading.line, Row(details, number), reading.mapping)


def _plain_text(field: Field) -> Callable[[str], str]:
    """A website's formula leads somewhere, other formulas only have a label."""
    read_cell = {"website": cells.read_link, "about": cells.read_notes}.get(field, cells.read_value)

    def text_of(cell: str) -> str:
        text = read_cell(cell)
        return "" if cells.is_nothing(text) else text

    return text_of


def _read_number(cell: str) -> int | None:
    text = cells.read_link(cell)
    if cells.is_nothing(text):
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER):
        raise CellError("invalid_number")
    return int(text)


def _refused(row: DirectoryRow, row_cells: Sequence[str], outcome: Outcome) -> Refused:
    problems = tuple(_problem(row.line, row.mapping, error) for error in outcome.errors)
    return Refused(row.line, tuple(row_cells), problems)


def _problem(line: int, mapping: Mapping, error: DetailsError) -> Problem:
    field: Any = _COLUMNS.get(error.field, error.field)
    heading = mapping.heading_of(field) if field else ""
    return Problem(line, heading, error.code, error.value, error.params)
