"""Writing CSV: no cell runs in a spreadsheet, and what is written is read back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overture.lib.csv_in import read_table
from overture.lib.csv_out import safe_cell, unguarded, write_rows


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+33 1 23", "'+33 1 23"),
        ("-cmd", "'-cmd"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("\0=1", "'\0=1"),
        ("＝1", "'＝1"),
        ("'=1", "''=1"),
        ("-5", "-5"),
        (-5, "-5"),
        ("+1.25", "+1.25"),
        ("-1,5", "-1,5"),
        ("-1+1", "'-1+1"),
        ("a=b", "a=b"),
        ("'tis", "'tis"),
        (None, ""),
        (1248, "1248"),
    ],
)
def test_safe_cell(value: object, written: str) -> None:
    assert safe_cell(value) == written


@given(st.text() | st.text(alphabet="'=+-@\t\r\n\x001.5", max_size=6))
def test_unguarded_gives_any_text_back(text: str) -> None:
    assert unguarded(safe_cell(text)) == text
    assert safe_cell(text)[:1] not in ("=", "@", "\t", "\r", "\0")


@given(
    st.lists(st.tuples(st.text(alphabet='a";,\n\té=', max_size=5), st.just("x")), max_size=5),
    st.sampled_from(",;\t"),
    st.booleans(),
)
def test_written_rows_are_read_back(rows: list[tuple[str, str]], delimiter: str, has_mark: bool) -> None:
    whole = b"".join(write_rows(["Company", "Kind"], rows, delimiter=delimiter, has_mark=has_mark))
    assert whole.startswith(b"\xef\xbb\xbf") is has_mark
    table = read_table(whole)
    assert table.columns == ["Company", "Kind"]
    assert [[unguarded(cell) for cell in row.cells] for row in table.rows] == [list(row) for row in rows]


def test_write_rows_streams_in_pieces() -> None:
    pieces = write_rows(["n"], ([number] for number in range(1200)), has_mark=False)
    assert [piece.count(b"\r\n") for piece in pieces] == [501, 500, 200]
