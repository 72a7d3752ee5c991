"""Takes CSV text apart into records of cells, tolerant of what spreadsheets write, strict about quotes.

A parser of our own, because the standard one lets an unclosed quote swallow the rest of the file in silence.
"""

from __future__ import annotations

import io
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO

DELIMITERS = ";,\t"
# Lines read ahead in vain after which no cell may hold a line end: bounds the work on a hostile file.
_MOST_IN_VAIN = 500_000


@dataclass(slots=True)
class Record:
    line: int
    cells: list[str]
    # Of the record as a whole, with the number of the cell it begins in.
    fault: str = ""
    fault_column: int = 0


class Lines:
    """Physical lines with their numbers; lines read ahead can be given back."""

    def __init__(self, file: BinaryIO, encoding: str, longest: int) -> None:
        self.number = 0
        self.longest = longest
        self.in_vain = 0
        self._ahead: deque[str] = deque()
        self._source = _decoded_lines(file, encoding, longest)

    def next(self) -> str | None:
        line = self._ahead.popleft() if self._ahead else next(self._source, None)
        self.number += line is not None
        return line

    def give_back(self, lines: list[str]) -> None:
        self._ahead.extendleft(reversed(lines))
        self.number -= len(lines)
        self.in_vain += len(lines)


def _decoded_lines(file: BinaryIO, encoding: str, longest: int) -> Iterator[str]:
    """Lines with their ends as written (LF, CRLF or CR); one too long is cut, yet longer than `longest`."""
    text = io.TextIOWrapper(file, encoding, errors="replace", newline="")
    try:
        while line := text.readline(longest + 1):
            yield line
            while len(line) > longest and not line.endswith(("\n", "\r")):
                line = text.readline(longest + 1) or "\n"
    finally:
        # Else the wrapper would close a file that is not ours; its owner may have closed it by now.
        with suppress(ValueError):
            text.detach()


def said_delimiter(lines: Lines) -> str | None:
    """Excel's own first line `sep=;`, which is not part of the table."""
    first = lines.next()
    if first is None:
        return None
    said = first.strip("\r\n").strip(' "')
    if said[:4].lower() == "sep=" and said[4:] in (*DELIMITERS, "|"):
        return said[4]
    lines.give_back([first])
    return None


def likely_delimiter(lines: Lines) -> str:
    """The one the heading holds most of outside quotes; the lines after it break a tie."""
    sample: list[str] = []
    while len(sample) < 20 and (line := lines.next()) is not None:
        sample.append(line)
    lines.give_back(sample)
    heading = _outside_quotes(next((line for line in sample if line.strip()), ""))
    body = _outside_quotes("".join(sample))
    return max(DELIMITERS, key=lambda each: (heading.count(each), body.count(each)))


def _outside_quotes(text: str) -> str:
    return "".join(text.split('"')[::2])


def read_records(lines: Lines, delimiter: str) -> Iterator[Record]:
    """Rows of cells as written; lines without any text are passed over."""
    while (line := lines.next()) is not None:
        number = lines.number
        if len(line) > lines.longest:
            yield Record(number, [line[:80]], "line_too_long", 1)
            continue
        if '"' in line:
            record = _quoted(lines, line, delimiter)
        else:
            record = Record(number, _without_end(line).split(delimiter))
        if record.fault or any(cell and not cell.isspace() for cell in record.cells):
            yield record


def _without_end(line: str) -> str:
    if line.endswith("\n"):
        line = line[:-1]
    return line.removesuffix("\r")


def _quoted(lines: Lines, line: str, delimiter: str) -> Record:
    """A record with quotes in its first line; with a fault, it ends where that line ends."""
    record = Record(lines.number, [])
    scan = _Scan(lines, line, delimiter)
    while not scan.is_done:
        cell = scan.cell()
        if scan.fault:
            lines.give_back(scan.taken)
            # What the line holds, without the meaning of quotes, for people to see.
            cells = _without_end(line).split(delimiter)
            return Record(record.line, cells, scan.fault, len(record.cells) + 1)
        record.cells.append(cell)
    return record


class _Scan:
    """Goes through one record cell by cell, taking further lines where a quoted cell holds line ends."""

    def __init__(self, lines: Lines, line: str, delimiter: str) -> None:
        self.lines = lines
        self.delimiter = delimiter
        self.text = line
        self.place = 0
        self.taken: list[str] = []
        self.length = len(line)
        self.fault = ""
        self.is_done = False

    def cell(self) -> str:
        start = self.place
        while self.text.startswith(" ", start) and self.delimiter != " ":
            start += 1
        if self.text.startswith('"', start):
            return self._quoted_cell(start + 1)
        end = self.text.find(self.delimiter, self.place)
        cell = self.text[self.place :] if end < 0 else self.text[self.place : end]
        self._pass(end)
        return cell if end >= 0 else _without_end(cell)

    def _quoted_cell(self, start: int) -> str:
        parts: list[str] = []
        lines_before = len(self.taken)
        while True:
            end = self.text.find('"', start)
            if end < 0:
                parts.append(self.text[start:])
                if not self._take_line():
                    self.fault = "unclosed_quote"
                    return ""
                start = 0
            elif self.text.startswith('"', end + 1):
                parts.append(self.text[start : end + 1])
                start = end + 2
            else:
                parts.append(self.text[start:end])
                self._close(end + 1, spans_lines=len(self.taken) > lines_before)
                return "".join(parts)

    def _take_line(self) -> bool:
        """Goes on in the next line; a record beyond every limit is a quote that was never closed."""
        may_go_on = self.length <= self.lines.longest and self.lines.in_vain < _MOST_IN_VAIN
        line = self.lines.next() if may_go_on else None
        if line is None:
            return False
        self.taken.append(line)
        self.length += len(line)
        self.text = line
        return True

    def _close(self, place: int, *, spans_lines: bool) -> None:
        end = self.text.find(self.delimiter, place)
        rest = self.text[place:] if end < 0 else self.text[place:end]
        if rest.strip(" \r\n"):
            # Over several lines, this quote rather opens a cell of a later row.
            self.fault = "unclosed_quote" if spans_lines else "text_after_quote"
            return
        self._pass(end)

    def _pass(self, end: int) -> None:
        self.is_done = end < 0
        self.place = end + 1
