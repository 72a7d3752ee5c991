"""Reads CSV as spreadsheets really export it, row by row: a broken row is named and the rest is read on."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from overture.lib import encodings
from overture.lib.csv_records import Lines, Record, likely_delimiter, read_records, said_delimiter

# Stands for bytes that are no text in the file's encoding, and for NUL.
LOST = "\ufffd"


@dataclass(frozen=True, slots=True)
class Limits:
    bytes: int = 100_000_000
    columns: int = 200
    # Excel's own limit of characters in a cell.
    cell: int = 32_767
    line: int = 1_000_000


class CsvError(ValueError):
    """A file that cannot be read at all. Codes: too_large, empty, too_many_columns, bad_heading."""

    def __init__(self, code: str, line: int = 1) -> None:
        super().__init__(code)
        self.code = code
        self.line = line


@dataclass(frozen=True, slots=True)
class CellError:
    """What is wrong in a row. `column` counts from 1; `value` is cut to 80 characters.

    Codes: undecodable, nul, cell_too_long (about one cell); too_many_cells, too_few_cells, unclosed_quote,
    text_after_quote, line_too_long (about the row as a whole).
    """

    code: str
    column: int
    heading: str
    value: str


@dataclass(frozen=True, slots=True)
class Row:
    # The physical line of the file it begins on, counted from 1.
    line: int
    # As many as there are columns, unless an error is about the row as a whole.
    cells: list[str]
    errors: tuple[CellError, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    encoding: str
    delimiter: str
    header_line: int
    columns: list[str]
    # Can be gone through once; reads the file as it goes (`file.tell()` tells how far).
    rows: Iterator[Row] = field(repr=False)


def read_table(source: BinaryIO | bytes, limits: Limits | None = None) -> Table:
    """Opens a table whose first line with text is the heading; the file must be seekable. Raises CsvError."""
    limits = limits or Limits()
    file = io.BytesIO(source) if isinstance(source, bytes) else source
    if file.seek(0, io.SEEK_END) > limits.bytes:
        raise CsvError("too_large")
    encoding = encodings.detect(file)
    lines = Lines(file, encoding, limits.line)
    delimiter = said_delimiter(lines) or likely_delimiter(lines)
    records = read_records(lines, delimiter)
    heading = next(records, None)
    if heading is None:
        raise CsvError("empty")
    columns = _columns(heading, limits)
    return Table(encoding, delimiter, heading.line, columns, _rows(records, columns, limits))


def _columns(heading: Record, limits: Limits) -> list[str]:
    if heading.fault or any(LOST in cell or "\0" in cell for cell in heading.cells):
        raise CsvError("bad_heading", heading.line)
    columns = [" ".join(cell.split()) for cell in heading.cells]
    while columns and not columns[-1]:
        columns.pop()
    if len(columns) > limits.columns:
        raise CsvError("too_many_columns", heading.line)
    return columns


def _rows(records: Iterator[Record], columns: list[str], limits: Limits) -> Iterator[Row]:
    for record in records:
        cells = record.cells
        fault = record.fault or _wrong_width(cells, len(columns))
        if fault:
            yield _faulty(record, fault, columns)
            continue
        del cells[len(columns) :]
        errors = _cell_errors(cells, columns, limits.cell)
        yield Row(record.line, [_storable(cell) for cell in cells] if errors else cells, errors)


def _wrong_width(cells: list[str], width: int) -> str:
    if len(cells) < width:
        return "too_few_cells"
    # Spreadsheets add empty columns at the end.
    return "too_many_cells" if any(cell.strip() for cell in cells[width:]) else ""


def _faulty(record: Record, fault: str, columns: list[str]) -> Row:
    cells = [_storable(cell) for cell in record.cells[:1000]]
    column = record.fault_column or min(len(cells), len(columns)) + (fault == "too_many_cells")
    heading = columns[column - 1] if column <= len(columns) else ""
    value = cells[column - 1] if column <= len(cells) else ""
    return Row(record.line, cells, (CellError(fault, column, heading, value[:80]),))


def _cell_errors(cells: list[str], columns: list[str], longest: int) -> tuple[CellError, ...]:
    whole = "\n".join(cells)
    if LOST not in whole and "\0" not in whole and len(whole) <= longest:
        return ()
    found = []
    for index, cell in enumerate(cells):
        code = "nul" if "\0" in cell else "undecodable" if LOST in cell else ""
        if not code and len(cell) > longest:
            code = "cell_too_long"
        if code:
            found.append(CellError(code, index + 1, columns[index], _storable(cell)[:80]))
    return tuple(found)


def _storable(cell: str) -> str:
    """No database takes a NUL in text."""
    return cell.replace("\0", LOST)
