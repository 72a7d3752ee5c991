"""Reading CSV: every encoding, delimiter and line end spreadsheets use; broken rows named."""

from __future__ import annotations

import csv
import io
import time
import tracemalloc

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from overture.lib.csv_in import CellError, CsvError, Limits, Row, read_table


def rows_of(source: bytes) -> list[tuple[int, list[str], list[tuple[str, int]]]]:
    return [
        (row.line, row.cells, [(error.code, error.column) for error in row.errors])
        for row in read_table(source).rows
    ]


@pytest.mark.parametrize(
    ("encoding", "mark", "found"),
    [
        ("utf-8", b"", "utf-8"),
        ("utf-8", b"\xef\xbb\xbf", "utf-8-sig"),
        ("utf-16-le", b"\xff\xfe", "utf-16"),
        ("utf-16-be", b"\xfe\xff", "utf-16"),
        ("utf-16-le", b"", "utf-16-le"),
        ("utf-16-be", b"", "utf-16-be"),
        ("cp1252", b"", "cp1252"),
    ],
)
def test_encoding_is_found(encoding: str, mark: bytes, found: str) -> None:
    table = read_table(mark + "Société;Prénom\r\nCafé – «été»;Zoë\r\n".encode(encoding))
    assert (table.encoding, table.delimiter, table.columns) == (found, ";", ["Société", "Prénom"])
    assert list(table.rows) == [Row(2, ["Café – «été»", "Zoë"])]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiter_is_the_one_most_of_the_heading(delimiter: str) -> None:
    lines = [["Name, first", "Mail", "Note"], ["a;b;c;d;e", "1,2,3,4,5,6", "x"]]
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows(lines)
    table = read_table(text.getvalue().encode())
    assert (table.delimiter, table.columns) == (delimiter, lines[0])
    assert [row.cells for row in table.rows] == lines[1:]


@pytest.mark.parametrize(
    ("first", "delimiter"), [("sep=;", ";"), ("SEP=,", ","), ('"sep=\t"', "\t"), ("sep=|", "|")]
)
def test_first_line_of_excel_says_delimiter(first: str, delimiter: str) -> None:
    table = read_table(f"{first}\r\na{delimiter}b,c;d\r\n1{delimiter}2\r\n".replace("b,c;d", "b").encode())
    assert (table.delimiter, table.header_line, table.columns) == (delimiter, 2, ["a", "b"])
    assert list(table.rows) == [Row(3, ["1", "2"])]


def test_rows_carry_the_physical_line_they_begin_on() -> None:
    source = b'\r\na,b\r\n"x\ny\r\nz",1\r\n\r\n,\r\n"""q""",2\n3,"4\r5"\r6,7'
    table = read_table(source)
    assert table.header_line == 2
    assert list(table.rows) == [
        Row(3, ["x\ny\r\nz", "1"]),
        Row(8, ['"q"', "2"]),
        Row(9, ["3", "4\r5"]),
        Row(11, ["6", "7"]),
    ]


@pytest.mark.parametrize(
    ("source", "rows"),
    [
        # A quote opened and never closed costs its own line only.
        (b'1,"x\n2,y\n', [(2, ["1", '"x'], [("unclosed_quote", 2)]), (3, ["2", "y"], [])]),
        (b'1,"x\n2,"y"\n', [(2, ["1", '"x'], [("unclosed_quote", 2)]), (3, ["2", "y"], [])]),
        (b'"1","x\n"2","y"\n', [(2, ['"1"', '"x'], [("unclosed_quote", 2)]), (3, ["2", "y"], [])]),
        (b'1,"x', [(2, ["1", '"x'], [("unclosed_quote", 2)])]),
        # Text after the closing quote: nobody can say where the cell ends.
        (b'"A" Inc,1\n2,3\n', [(2, ['"A" Inc', "1"], [("text_after_quote", 1)]), (3, ["2", "3"], [])]),
        # A quote within a cell is a letter; spaces around quotes are no part of it.
        (b'5" disk,1\n', [(2, ['5" disk', "1"], [])]),
        (b' "a,b" ,1\n', [(2, ["a,b", "1"], [])]),
        (b"1\n2,3\n", [(2, ["1"], [("too_few_cells", 1)]), (3, ["2", "3"], [])]),
        (b"1,2,3\n4,5,,\n", [(2, ["1", "2", "3"], [("too_many_cells", 3)]), (3, ["4", "5"], [])]),
        (b"1,\0x\n2,3\n", [(2, ["1", "\ufffdx"], [("nul", 2)]), (3, ["2", "3"], [])]),
        ("é,è\n".encode() + b"\xff,3\n", [(2, ["é", "è"], []), (3, ["\ufffd", "3"], [("undecodable", 1)])]),
        (b"\xe9,\x81\n2,3\n", [(2, ["é", "\ufffd"], [("undecodable", 2)]), (3, ["2", "3"], [])]),
    ],
)
def test_broken_row_is_named_and_the_rest_is_read(
    source: bytes, rows: list[tuple[int, list[str], list[tuple[str, int]]]]
) -> None:
    assert rows_of(b"a,b\n" + source) == rows


def test_error_names_heading_and_value() -> None:
    (row,) = read_table(b"Name,Site\nAnn,\0x\n").rows
    assert row.errors == (CellError("nul", 2, "Site", "\ufffdx"),)


def test_odd_byte_at_the_end_of_utf16_is_named() -> None:
    assert rows_of("a,b\r\n1,2\r\n3,4".encode("utf-16") + b"x") == [
        (2, ["1", "2"], []),
        (3, ["3", "4\ufffd"], [("undecodable", 2)]),
    ]


@pytest.mark.parametrize(
    ("source", "code", "line"),
    [
        (b"", "empty", 1),
        (b"\r\n ; \r\n", "empty", 1),
        (b"sep=;\r\n", "empty", 1),
        (b"a,b,c,d\n", "too_many_columns", 1),
        (b'\n"a\nb,c\n', "bad_heading", 2),
        (b"a,\0b\n", "bad_heading", 1),
        (b"a,b\n" + b"1,2\n" * 30, "too_large", 1),
    ],
)
def test_file_that_cannot_be_read_is_refused(source: bytes, code: str, line: int) -> None:
    with pytest.raises(CsvError) as refused:
        read_table(source, Limits(bytes=100, columns=3))
    assert (refused.value.code, refused.value.line) == (code, line)


def test_limits_of_cell_and_line_are_row_errors() -> None:
    source = b"a,b\n1," + b"x" * 50 + b"\n2," + b"y" * 500 + b"\n3,4\n"
    rows = list(read_table(source, Limits(cell=20, line=100)).rows)
    assert [(row.line, [error.code for error in row.errors]) for row in rows] == [
        (2, ["cell_too_long"]),
        (3, ["line_too_long"]),
        (4, []),
    ]


CELLS = st.text(alphabet="ab,;\t\"\r\n ='é€", max_size=6)
GRIDS = st.integers(2, 5).flatmap(
    lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=8)
)


@given(
    GRIDS,
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
)
def test_what_csv_writes_is_read_back_with_its_lines(
    grid: list[list[str]], encoding: str, delimiter: str, end: str, quoting: int
) -> None:
    # With few quotes, the standard writer leaves a line end of another kind bare.
    assume(quoting == csv.QUOTE_ALL or end == "\r\n")
    columns = [f"heading {number}" for number in range(len(grid[0]))]
    text, expected = io.StringIO(newline=""), []
    writer = csv.writer(text, delimiter=delimiter, lineterminator=end, quoting=quoting)
    writer.writerow(columns)
    for cells in grid:
        line = len(io.StringIO(text.getvalue(), newline="").readlines()) + 1
        writer.writerow(cells)
        if any(cell.strip() for cell in cells):
            expected.append(Row(line, cells))
    table = read_table(text.getvalue().encode(encoding))
    assert (table.delimiter, table.columns) == (delimiter, columns)
    assert list(table.rows) == expected


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(source: bytes) -> None:
    try:
        table = read_table(b"a,b\n" + source)
    except CsvError:
        return
    for row in table.rows:
        assert row.errors or len(row.cells) == len(table.columns)
        assert "\0" not in "".join(row.cells)


@pytest.mark.parametrize("line", [b'x","\n', b'"\n', b'"a\n', b'1,"\n', b'""""""\n', b"\n", b'"x""\n'])
def test_hostile_quotes_take_linear_time(line: bytes) -> None:
    began = time.process_time()
    for _ in read_table(b"a,b\n" + b'"open' + line * 40_000).rows:
        pass
    assert time.process_time() - began < 5


def test_rows_stream_in_little_memory_and_leave_the_file_open() -> None:
    file = io.BytesIO(b"a,b\n" + b'some text,"more\ntext"\n' * 100_000)
    tracemalloc.start()
    count = sum(1 for _ in read_table(file).rows)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 100_000
    assert peak < 2_000_000
    assert file.closed is False


def test_file_may_be_closed_before_its_rows_are_read() -> None:
    with io.BytesIO(b"a,b\n1,2\n") as file:
        table = read_table(file)
    assert table.columns == ["a", "b"]
    del table
