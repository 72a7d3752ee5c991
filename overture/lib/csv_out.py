"""Writes CSV that a spreadsheet opens without running anything in it."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence

# What spreadsheets take for the beginning of a formula, the full-width signs included; and what a guard
# of our own before such a beginning looks like, so that taking one `'` away gives back any text.
_DANGEROUS = re.compile("'*[=+\\-@\t\r\n\0＝＋－＠]")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?")
_ROWS_AT_ONCE = 500


def safe_cell(value: object) -> str:
    """The value as text, with `'` before what a spreadsheet could run; None is empty, numbers stay."""
    text = "" if value is None else str(value)
    if _DANGEROUS.match(text) and not _NUMBER.fullmatch(text):
        return "'" + text
    return text


def unguarded(text: str) -> str:
    """The text that `safe_cell` put a guard before: our own exports come in again as they went out."""
    if text.startswith("'") and _DANGEROUS.match(text, 1) and not _NUMBER.fullmatch(text):
        return text[1:]
    return text


def write_rows(
    heading: Sequence[str], rows: Iterable[Sequence[object]], *, delimiter: str = ",", has_mark: bool = True
) -> Iterator[bytes]:
    """CSV in UTF-8, in pieces of some hundred rows; without its byte order mark Excel reads é as Ã©."""
    pieces = _Pieces()
    writer = csv.writer(pieces, delimiter=delimiter, lineterminator="\r\n", quoting=csv.QUOTE_MINIMAL)
    if has_mark:
        pieces.write("\ufeff")
    writer.writerow([safe_cell(cell) for cell in heading])
    for number, row in enumerate(rows, 1):
        writer.writerow([safe_cell(cell) for cell in row])
        if number % _ROWS_AT_ONCE == 0:
            yield pieces.taken()
    yield pieces.taken()


class _Pieces:
    """A file for csv.writer that keeps what is written until it is taken."""

    def __init__(self) -> None:
        self._parts: list[str] = []

    def write(self, text: str) -> None:
        self._parts.append(text)

    def taken(self) -> bytes:
        whole = "".join(self._parts).encode()
        self._parts.clear()
        return whole
