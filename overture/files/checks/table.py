"""CSV: text in one encoding, without controls, that can be read as rows."""

from __future__ import annotations

import codecs
import csv
import re
from collections import deque
from pathlib import Path

from overture.files.checks.found import Found, TurnedDown
from overture.lib import csv_in, encodings

# What begins files of other kinds, and pages of the web, which some browser would show as such.
_OTHERS = re.compile(
    rb"\s*(%PDF|GIF8|\x89PNG|\xff\xd8\xff|PK\x03\x04|PK\x05\x06|\{\\rtf|#!|<\?|<!doctype|<html|<head|<body"
    rb"|<script|<svg|<iframe|MZ\x90)",
    re.IGNORECASE,
)
# Ctrl-Z ends files of old programs; form feeds and vertical tabs are in text.
_CONTROLS = re.compile("[\x00-\x08\x0e-\x19\x1b-\x1f\x7f]")
_CHUNK = 1 << 20


def check_table(source: Path) -> Found:
    with source.open("rb") as file:
        if _OTHERS.match(file.read(512)):
            raise TurnedDown("mismatch")
        encoding = encodings.detect(file)
        _decode(source, encoding)
        try:
            table = csv_in.read_table(file, csv_in.Limits(columns=16_384))
        except csv_in.CsvError as error:
            raise TurnedDown("empty" if error.code == "empty" else "not_a_table", line=error.line) from None
        if not _is_well_quoted(source, encoding, table.delimiter):
            _name_unclosed_quote(table)
    return Found()


def _is_well_quoted(source: Path, encoding: str, delimiter: str) -> bool:
    """As the standard library has it, which is many times as fast as our reader."""
    csv.field_size_limit(2**31 - 1)
    with source.open(encoding=encoding, newline="") as file:
        try:
            deque(csv.reader(file, delimiter=delimiter, strict=True), maxlen=0)
        except csv.Error:
            return False
    return True


def _name_unclosed_quote(table: csv_in.Table) -> None:
    """Whatever else is odd about a row, a spreadsheet reads it in some way."""
    for row in table.rows:
        if any(fault.code == "unclosed_quote" for fault in row.errors):
            raise TurnedDown("unclosed_quote", line=row.line)


def _decode(source: Path, encoding: str) -> None:
    line = 1
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    with source.open("rb") as file:
        while chunk := file.read(_CHUNK):
            try:
                text = decoder.decode(chunk, final=False)
            except UnicodeDecodeError as error:
                raise TurnedDown("not_text", line=line + chunk[: error.start].count(b"\n")) from None
            if found := _CONTROLS.search(text):
                raise TurnedDown("not_text", line=line + text.count("\n", 0, found.start()))
            line += text.count("\n")
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            raise TurnedDown("not_text", line=line) from None
