"""Turns a row of a sheet into typed values, or says by line and column why not; no database, no Django."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from overture.lib import addresses, csv_in, websites
from overture.lib.addresses import Address, AddressError
from overture.lib.websites import Website, WebsiteError
from overture.prospects import import_cells as cells
from overture.prospects.import_cells import CellError
from overture.prospects.import_fields import Field, ImportRow, Problem, Refused
from overture.prospects.import_headings import Mapping

T = TypeVar("T")

# Errors of a single cell: nothing to anybody when the column is not read.
_ABOUT_ONE_CELL = frozenset({"undecodable", "nul", "cell_too_long"})


def read_row(row: csv_in.Row, mapping: Mapping) -> ImportRow | Refused:
    """The row's values. A row with a problem is refused as a whole, with all its problems."""
    return read(row, mapping, lambda reading: reading.values())


def read(row: csv_in.Row, mapping: Mapping, values_of: Callable[[Reading], T | None]) -> T | Refused:
    """What `values_of` makes of the cells; refused when that is nothing, or the file is broken there."""
    problems = _of_the_file(row, mapping)
    if not problems:
        reading = Reading(row, mapping)
        values = values_of(reading)
        if values is not None:
            return values
        problems = sorted(reading.problems, key=lambda problem: _place(problem, mapping))
    return Refused(row.line, tuple(row.cells), tuple(problems))


def split_name(name: str) -> tuple[str, str]:
    """First and last name of a full one: `Doe, Jane`, `Jean DUPONT`, else the first word and the others."""
    last, comma, first = name.partition(",")
    if comma and first.strip() and "," not in first:
        return first.strip(), last.strip()
    words = name.split()
    capitals = [word.isupper() and word[1:2].isalpha() for word in words]
    # Initials (`JR Smith`) are no last name.
    if not all(capitals) and any(
        is_capital and len(word) > 2 for word, is_capital in zip(words, capitals, strict=True)
    ):
        given = [word for word, is_capital in zip(words, capitals, strict=True) if not is_capital]
        family = [word for word, is_capital in zip(words, capitals, strict=True) if is_capital]
        return " ".join(given), " ".join(family)
    return (words[0] if words else ""), " ".join(words[1:])


def _of_the_file(row: csv_in.Row, mapping: Mapping) -> list[Problem]:
    return [
        Problem(row.line, error.heading, error.code, error.value)
        for error in row.errors
        if error.code not in _ABOUT_ONE_CELL or mapping.fields[error.column - 1] is not None
    ]


def _place(problem: Problem, mapping: Mapping) -> int:
    return mapping.columns.index(problem.column) if problem.column in mapping.columns else -1


class Reading:
    """One row being read: its cells by field, and the problems found so far."""

    def __init__(self, row: csv_in.Row, mapping: Mapping) -> None:
        self.line = row.line
        self.mapping = mapping
        self.problems: list[Problem] = []
        self.cells: dict[Field, str] = {
            field: cell for field, cell in zip(mapping.fields, row.cells, strict=True) if field and cell
        }

    def values(self) -> ImportRow | None:
        """The row's values, or None with problems told."""
        address, name_there = self.address()
        first_name, last_name = self.person(name_there)
        website = self.read("website", _read_website, None)
        company = self.text("company") or _host(website) or f"{first_name} {last_name}".strip()
        values = ImportRow(
            line=self.line,
            company=company,
            first_name=first_name,
            last_name=last_name,
            address=address,
            website=website.url if website else "",
            website_key=website.match_key if website else None,
            country=self.read("country", cells.read_country, ""),
            kind=self.read("kind", cells.read_kind, ""),
            category=self.text("category"),
            groups=self.read("groups", cells.read_groups, ()),
            audience=self.read("audience", cells.read_audience, None),
            language=self.read("language", cells.read_language, ""),
            notes=self.read("notes", cells.read_notes, ""),
        )
        if not company and not self.problems:
            self.problems.append(Problem(self.line, self.mapping.heading_of("company"), "no_name"))
        return None if self.problems else values

    def read(self, field: Field, read_cell: Callable[[str], T], nothing: T) -> T:
        cell = self.cells.get(field)
        if not cell:
            return nothing
        try:
            return read_cell(cell)
        except CellError as error:
            heading = self.mapping.heading_of(field)
            self.problems.append(Problem(self.line, heading, error.code, cell[:80], error.params))
            return nothing

    def text(self, field: Field) -> str:
        text = self.read(field, lambda cell: cells.read_text(cell, field), "")
        return "" if cells.is_nothing(text) else text

    def address(self) -> tuple[Address | None, str]:
        """The address, and the name written beside it."""
        nothing: tuple[Address | None, str] = (None, "")
        return self.read("address", _read_address, nothing)

    def person(self, name_there: str) -> tuple[str, str]:
        """First and last name; a full name, or the one beside the address, fills what is empty."""
        first, last = self.text("first_name"), self.text("last_name")
        full = self.text("full_name") or name_there
        if not full or (first and last):
            return first, last
        if not first and not last:
            return self._short(*split_name(full))
        # "Natalie Price" beside the last name Price leaves the first name.
        if last and full.casefold().endswith(" " + last.casefold()):
            first = full[: -len(last)].strip()
        elif first and full.casefold().startswith(first.casefold() + " "):
            last = full[len(first) :].strip()
        return self._short(first, last)

    def _short(self, first: str, last: str) -> tuple[str, str]:
        """Names out of a longer text have their own limits."""
        heading = self.mapping.heading_of("full_name") or self.mapping.heading_of("address")
        for name in (first, last):
            if len(name) > 100:
                self.problems.append(
                    Problem(self.line, heading, "too_long", name[:80], {"most": 100, "length": len(name)})
                )
        return first, last


def _read_address(cell: str) -> tuple[Address | None, str]:
    text = cell if "<" in cell else cells.read_link(cell)
    name, written = addresses.split_name_address(text)
    if cells.is_nothing(written):
        return None, ""
    try:
        return addresses.parse(written), cells.read_text(name, "full_name")
    except AddressError as error:
        raise CellError("invalid_address", reason=error.code) from error


def _read_website(cell: str) -> Website | None:
    text = cells.read_link(cell)
    if cells.is_nothing(text):
        return None
    try:
        return websites.parse(text)
    except WebsiteError as error:
        code = "too_long" if error.code == "too_long" else "invalid_website"
        raise CellError(code, reason=error.code, most=websites.LONGEST) from error


def _host(website: Website | None) -> str:
    """The name a website gives: its host as people read it, if the host is somebody's own."""
    if website is None or website.is_shared_host or website.match_key is None:
        return ""
    return websites.shown_host(website)
