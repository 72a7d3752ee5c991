"""CSV: what a spreadsheet writes passes, in every encoding it knows; nothing that is no text does."""

from __future__ import annotations

import csv
import io
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from overture.files.checks.found import Found, TurnedDown
from overture.files.checks.table import check_table

# What people write in cells; what begins another kind of file is left to test_keep.py.
CELLS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cf"]), max_size=20).map(
    lambda cell: f"x{cell}"
)


def check(content: bytes, folder: Path) -> Found:
    path = folder / "table"
    path.write_bytes(content)
    return check_table(path)


@given(
    rows=st.lists(st.lists(CELLS, min_size=1, max_size=5), min_size=1, max_size=5),
    end=st.sampled_from(["\n", "\r\n"]),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_what_a_spreadsheet_writes_passes(
    tmp_path: Path, encoding: str, rows: list[list[str]], end: str
) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator=end).writerows(rows)
    assert check(text.getvalue().encode(encoding), tmp_path) == Found()


@given(content=st.binary(max_size=300))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_bytes_pass_or_are_turned_down_for_a_reason(tmp_path: Path, content: bytes) -> None:
    code = _turned_down(content, tmp_path)
    assert code in {"", "mismatch", "not_text", "empty", "not_a_table", "unclosed_quote"}
    if not code:
        assert b"\0" not in content or content[:2] in {b"\xff\xfe", b"\xfe\xff"} or _is_sixteen_bits(content)


def _turned_down(content: bytes, folder: Path) -> str:
    try:
        check(content, folder)
    except TurnedDown as error:
        return error.code
    return ""


def _is_sixteen_bits(content: bytes) -> bool:
    return content[::2].count(0) * 4 > len(content) or content[1::2].count(0) * 4 > len(content)


def test_the_line_is_named(tmp_path: Path) -> None:
    for content, code, line in (
        (b"a,b\n1,2\n3,\x00\n", "not_text", 3),
        (b"a,b\n1,2\n3,\x1b\n", "not_text", 3),
        (b"a\n" * 700_000 + b"\x81\n", "not_text", 700_001),
        (b'a,b\n1,2\n"3,4\n5,6\n', "unclosed_quote", 3),
    ):
        with pytest.raises(TurnedDown) as caught:
            check(content, tmp_path)
        assert (caught.value.code, caught.value.facts) == (code, {"line": line})


@pytest.mark.parametrize("line", [b"a,b\n", b'"a","b"\n', b'"a\n",""""\n', b"x\n"])
def test_many_short_rows_take_little_time(tmp_path: Path, line: bytes) -> None:
    content = line * (25 * 1024 * 1024 // len(line))
    began = time.process_time()
    assert check(content, tmp_path) == Found()
    assert time.process_time() - began < 10
