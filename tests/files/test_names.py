"""Names: whatever somebody writes, what is shown can neither lead anywhere nor look like something else."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overture.files import store
from overture.files.models import FileType
from overture.files.names import LONGEST, disposition, ending_of, safe_name, type_of_name


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("rates.pdf", "rates.pdf"),
        ("Tarifs d’été 2026.PDF", "Tarifs d’été 2026.PDF"),
        ("../../etc/passwd.csv", "passwd.csv"),
        ("C:\\Users\\n\\a.csv", "a.csv"),
        ("/etc/a.csv", "a.csv"),
        ("cv\u202egpj.exe", "cvgpj.exe"),
        ("cv\u200bok\ufeff.pdf", "cvok.pdf"),
        ("a\0.csv", "a.csv"),
        ("a\r\nSet-Cookie: x=1.csv", "a Set-Cookie_ x=1.csv"),
        ("  .. a  b .csv", "a b.csv"),
        (".csv", "csv"),
        ("...", ""),
        ("", ""),
        ('a"b;c%2f.png', "a_b_c_2f.png"),
        ("名簿.csv", "名簿.csv"),
        ("e\u0301.csv", "é.csv"),
        (f"{'x' * 300}.csv", f"{'x' * 146}.csv"),
        (f"a.{'x' * 300}", "x" * 150),
    ],
)
def test_safe_name(given: str, expected: str) -> None:
    assert safe_name(given) == expected


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.csv", FileType.CSV),
        ("a.JPG", FileType.JPEG),
        ("a.jpeg", FileType.JPEG),
        ("a.pdf.exe", None),
        ("a.exe.pdf", FileType.PDF),
        ("csv", None),
        ("a.", None),
        ("", None),
    ],
)
def test_type_of_name(name: str, kind: FileType | None) -> None:
    assert type_of_name(name) == kind


@given(st.text(max_size=400))
def test_a_safe_name_is_safe(text: str) -> None:
    name = safe_name(text)
    assert len(name) <= LONGEST
    assert not set(name) & set('/\\<>:"|?*%;\0\r\n')
    assert name == name.strip()
    assert not name.startswith(".")
    assert not [letter for letter in name if unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Zl", "Zp"}]
    assert safe_name(name) == name
    assert ending_of(name).isprintable()


@given(st.text(max_size=200))
def test_a_disposition_is_one_line_of_plain_ascii(text: str) -> None:
    header = disposition(safe_name(text))
    assert header.isascii()
    assert header.isprintable()
    assert re.fullmatch(r'attachment; filename="[^"\\]+"; filename\*=UTF-8\'\'[^\s;,"]*', header)


def test_no_name_is_ever_a_path() -> None:
    assert store.key_of("ab" * 32, store.GIVEN) == f"ab/ab/{'ab' * 32}.given"
    assert store.key_of("ab" * 32, store.SERVED, is_blocked=True) == f"quarantine/ab/ab/{'ab' * 32}.served"
