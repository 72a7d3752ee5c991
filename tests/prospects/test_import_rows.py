"""Rows of real sheets: headings found, cells read, odd rows each with what becomes of them."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overture.lib.csv_in import Row, read_table
from overture.prospects import import_cells
from overture.prospects.import_cells import CellError
from overture.prospects.import_fields import ImportRow, Problem, Refused
from overture.prospects.import_file import chosen_mapping
from overture.prospects.import_headings import Doubt, MappingError, guess_mapping
from overture.prospects.import_rows import read_row, split_name

SAMPLES = Path(__file__).parent.parent / "samples"
EVERY_FIELD = (
    *("company", "first_name", "last_name", "address", "website", "country"),
    *("kind", "category", "groups", "audience", "language", "notes"),
)


def read(heading: str, line: str) -> ImportRow | Refused:
    """One row of a sheet parted by semicolons."""
    table = read_table(f"{heading}\n{line}\n".encode())
    (row,) = table.rows
    return read_row(row, guess_mapping(table.columns))


def problems(heading: str, line: str) -> list[tuple[str, str, str]]:
    outcome = read(heading, line)
    assert isinstance(outcome, Refused)
    return [(problem.column, problem.code, problem.value) for problem in outcome.problems]


def outcomes(name: str) -> dict[int, ImportRow | Refused]:
    with (SAMPLES / name).open("rb") as file:
        table = read_table(file)
        mapping = guess_mapping(table.columns)
        return {row.line: read_row(row, mapping) for row in table.rows}


def shown(outcome: ImportRow | Refused) -> str:
    if isinstance(outcome, Refused):
        return "refused: " + ", ".join(f"{problem.column} {problem.code}" for problem in outcome.problems)
    parts = (outcome.company, outcome.first_name, outcome.last_name, str(outcome.address or ""))
    return " | ".join(parts)


# The two sample sheets, row by row.


@pytest.mark.parametrize(
    ("name", "encoding", "delimiter", "read_count", "refused", "without_address", "addresses", "groups"),
    [
        ("prospects-excel-fr.csv", "cp1252", ";", 1181, 19, 18, 1140, {"FR publishers", "VIP", "Winter"}),
        ("prospects-sheets.csv", "utf-8-sig", ",", 1477, 23, 14, 1446, {"FR publishers", "VIP", "Winter"}),
    ],
)
def test_sample_sheet_totals(
    name: str,
    encoding: str,
    delimiter: str,
    read_count: int,
    refused: int,
    without_address: int,
    addresses: int,
    groups: set[str],
) -> None:
    with (SAMPLES / name).open("rb") as file:
        table = read_table(file)
        assert (table.encoding, table.delimiter, table.header_line) == (encoding, delimiter, 1)
        mapping = guess_mapping(table.columns)
    assert (mapping.fields, mapping.unsure) == (EVERY_FIELD, ())
    every = outcomes(name).values()
    rows = [outcome for outcome in every if isinstance(outcome, ImportRow)]
    assert (len(rows), len(every) - len(rows)) == (read_count, refused)
    assert sum(row.address is None for row in rows) == without_address
    assert len({str(row.address).lower() for row in rows if row.address}) == addresses
    assert {group for row in rows for group in row.groups} == groups
    assert {row.kind for row in rows} == {"partner", "creator"}
    assert all(row.audience for row in rows)


@pytest.mark.parametrize("name", ["prospects-excel-fr.csv", "prospects-sheets.csv"])
def test_every_odd_row_of_sample_has_its_outcome(name: str) -> None:
    with (SAMPLES / "odd-rows.csv").open(encoding="utf-8", newline="") as file:
        told = {int(row["line"]): row["outcome"] for row in csv.DictReader(file) if row["file"] == name}
    every = outcomes(name)
    assert {line: shown(every[line]) for line in told} == told
    assert all(line in told for line, outcome in every.items() if isinstance(outcome, Refused))


@pytest.mark.parametrize(
    ("name", "encoding", "delimiter"),
    [("prospects-excel-fr.csv", "cp1252", ";"), ("prospects-sheets.csv", "utf-8-sig", ",")],
)
def test_every_other_row_of_sample_is_read_as_it_stands(name: str, encoding: str, delimiter: str) -> None:
    with (SAMPLES / "odd-rows.csv").open(encoding="utf-8", newline="") as file:
        odd = {int(row["line"]) for row in csv.DictReader(file) if row["file"] == name}
    every = outcomes(name)
    reader = csv.reader(
        io.StringIO((SAMPLES / name).read_bytes().decode(encoding), newline=""), delimiter=delimiter
    )
    line = next(reader) and reader.line_num + 1
    seen = 0
    for cells in reader:
        if line not in odd:
            row = every[line]
            assert isinstance(row, ImportRow)
            assert [row.company, row.first_name, row.last_name, str(row.address), row.website] == cells[:5]
            assert [row.country, row.kind, row.category] == cells[5:8]
            assert ";".join(row.groups) == cells[8].replace(", ", ";")
            assert str(row.audience) == cells[9].replace("\u00a0", "").replace(",", "")
            assert [row.language, row.notes] == cells[10:]
            seen += 1
        line = reader.line_num + 1
    assert seen == len(every) - len(odd)


# Headings.


@pytest.mark.parametrize(
    ("headings", "fields"),
    [
        ("Entreprise;PRENOM;nom;Courriel", ["company", "first_name", "last_name", "address"]),
        ("Nom de l’entreprise;E‑mail *;Liste(s)", ["company", "address", "groups"]),
        (
            "SOCIÉTÉ;Contact;Adresse e-mail;Site;Pays",
            ["company", "full_name", "address", "website", "country"],
        ),
        ("Name;Email", ["company", "address"]),
        ("Company;Name;Email", ["company", "full_name", "address"]),
        ("Name;First name;Email", ["last_name", "first_name", "address"]),
        ("Name;First name;Last name", ["company", "first_name", "last_name"]),
        ("Brand;URL;Followers;Tags;Comments", ["company", "website", "audience", "groups", "notes"]),
        ("Type;Catégorie;Taille;Langue;Remarques", ["kind", "category", "audience", "language", "notes"]),
    ],
)
def test_headings_are_found_by_name(headings: str, fields: list[str]) -> None:
    mapping = guess_mapping(headings.split(";"))
    assert (list(mapping.fields), mapping.unsure) == (fields, ())


def test_unknown_and_second_headings_are_told() -> None:
    mapping = guess_mapping(["Company", "Shoe size", "Email", "", "E-mail"])
    assert mapping.fields == ("company", None, "address", None, None)
    assert mapping.unsure == (
        Doubt(1, "Shoe size", "unknown"),
        Doubt(4, "E-mail", "same_field", "address"),
    )
    assert guess_mapping(["Pays", "Shoe size"]).has_name is False


def test_chosen_mapping_overrides_guess() -> None:
    columns = ["Company", "Email", "E-mail", "Shoe size"]
    mapping = chosen_mapping(columns, {"E-mail": "address", "Shoe size": "audience", "Company": "full_name"})
    assert (mapping.fields, mapping.unsure) == (("full_name", None, "address", "audience"), ())
    assert chosen_mapping(columns, {"Company": ""}).fields == (None, "address", None, None)


@pytest.mark.parametrize(
    ("chosen", "code", "value"),
    [({"Nope": "notes"}, "unknown_column", "Nope"), ({"Company": "shoe"}, "unknown_field", "shoe")],
)
def test_chosen_mapping_refuses_what_is_not_there(chosen: dict[str, str], code: str, value: str) -> None:
    with pytest.raises(MappingError) as refused:
        chosen_mapping(["Company"], chosen)
    assert (refused.value.code, refused.value.value) == (code, value)


# Names.


@pytest.mark.parametrize(
    ("line", "company", "first", "last"),
    [
        ("Acme;;;", "Acme", "", ""),
        (";;;https://www.acme.example/about", "acme.example", "", ""),
        (";;;müller.example", "müller.example", "", ""),
        (";Ann;Lee;instagram.com/ann", "Ann Lee", "Ann", "Lee"),
        (";Ann;Lee;https://none.example", "Ann Lee", "Ann", "Lee"),
        (";Ann;;", "Ann", "Ann", ""),
        ("  Acme\u00a0 Inc ;;;", "Acme Inc", "", ""),
        ("Ac\u200bme\u202e\x07Inc;;;", "Acme Inc", "", ""),
        ("n/a;Ann;;", "Ann", "Ann", ""),
        ("@acme;;;", "@acme", "", ""),
        ("'+Acme;;;", "+Acme", "", ""),
        ("-Acme-;;;", "-Acme-", "", ""),
        ('"=""Acme""";;;', "Acme", "", ""),
        ('"=HYPERLINK(""http://x.example"",""A """"B"""" C"")";;;', 'A "B" C', "", ""),
        ('"=LIEN_HYPERTEXTE(""http://x.example"";""Acme"")";;;', "Acme", "", ""),
    ],
)
def test_prospect_gets_its_name(line: str, company: str, first: str, last: str) -> None:
    row = read("Company;First name;Last name;Website", line)
    assert isinstance(row, ImportRow)
    assert (row.company, row.first_name, row.last_name) == (company, first, last)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (";a@x.example", [("Company", "no_name", "")]),
        ("=1+1;a@x.example", [("Company", "formula", "=1+1")]),
        ("x" * 201 + ";", [("Company", "too_long", "x" * 80)]),
        (";a@@x.example", [("Email", "invalid_address", "a@@x.example")]),
    ],
)
def test_row_without_usable_name_or_address_is_refused(
    line: str, expected: list[tuple[str, str, str]]
) -> None:
    assert problems("Company;Email", line) == expected


@pytest.mark.parametrize(
    ("line", "first", "last", "address"),
    [
        ("A;;;Ann Lee <a@x.example>", "Ann", "Lee", "a@x.example"),
        ('A;;;"""Lee, Ann"" <a@x.example>"', "Ann", "Lee", "a@x.example"),
        ("A;;Lee;Ann Lee <a@x.example>", "Ann", "Lee", "a@x.example"),
        ("A;Ann;;Ann van Lee <a@x.example>", "Ann", "van Lee", "a@x.example"),
        ("A;Bo;Ray;Ann Lee <a@x.example>", "Bo", "Ray", "a@x.example"),
        ("A;Bo;;Ann Lee <a@x.example>", "Bo", "", "a@x.example"),
        ('A;;;"=HYPERLINK(""mailto:a@x.example"";""write"")"', "", "", "a@x.example"),
        ("A;;;-", "", "", None),
        ("A;;;", "", "", None),
    ],
)
def test_name_beside_address_fills_what_is_empty(
    line: str, first: str, last: str, address: str | None
) -> None:
    row = read("Company;First name;Last name;Email", line)
    assert isinstance(row, ImportRow)
    assert (row.first_name, row.last_name) == (first, last)
    assert (None if row.address is None else str(row.address)) == address


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("Ann Lee", "Ann", "Lee"),
        ("Ann", "Ann", ""),
        ("Ann van der Lee", "Ann", "van der Lee"),
        ("Lee, Ann Mary", "Ann Mary", "Lee"),
        ("DUPONT Jean-Marc", "Jean-Marc", "DUPONT"),
        ("Anne LE GALL", "Anne", "LE GALL"),
        ("J. Smith", "J.", "Smith"),
        ("JR Smith", "JR", "Smith"),
        ("ANN LEE", "ANN", "LEE"),
        ("", "", ""),
    ],
)
def test_split_name(name: str, first: str, last: str) -> None:
    assert split_name(name) == (first, last)


# Cells.


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("", None),
        ("n/a", None),
        ("0", 0),
        ("24702", 24702),
        ("24 702", 24702),
        ("24\u00a0702", 24702),
        ("1\u202f248\u202f026", 1248026),
        ("95,724", 95724),
        ("1.248.026", 1248026),
        ("1’248’026", 1248026),
        ("1,248.00", 1248),
        ("1.248,0", 1248),
        ("24702.0", 24702),
        ("12k", 12000),
        ("1,2 M", 1200000),
        ("1.25m", 1250000),
        ("3 Mio", 3000000),
    ],
)
def test_audience_is_read(cell: str, number: int | None) -> None:
    assert import_cells.read_audience(cell) == number


@pytest.mark.parametrize(
    "cell",
    [
        "12.5",
        "247 02",
        "1,2,3",
        "1 248,026",
        "1.234k",
        "-5",
        "12k+",
        "1E5",
        "many",
        "٣",
        "12 345.50",
        "1" * 40,
    ],
)
def test_audience_that_could_be_two_numbers_is_refused(cell: str) -> None:
    with pytest.raises(CellError) as refused:
        import_cells.read_audience(cell)
    assert refused.value.code == "invalid_number"


@given(st.integers(0, 10**12), st.sampled_from([" ", ",", ".", "'", "\u00a0", "\u202f"]))
def test_audience_is_read_with_any_thousands_sign(number: int, sign: str) -> None:
    assert import_cells.read_audience(f"{number:,}".replace(",", sign)) == number


def test_audience_beyond_reason_is_refused() -> None:
    with pytest.raises(CellError, match="number_too_large"):
        import_cells.read_audience("1000000000001")


@pytest.mark.parametrize(
    ("cell", "groups"),
    [
        ("Winter, VIP", ("Winter", "VIP")),
        ("Winter;VIP|Été\nwinter,,", ("Winter", "VIP", "Été")),
        ("", ()),
        (" - ", ()),
    ],
)
def test_groups_are_read(cell: str, groups: tuple[str, ...]) -> None:
    assert import_cells.read_groups(cell) == groups


@pytest.mark.parametrize(
    ("heading", "cell", "expected"),
    [
        ("Country", "Frankreich", [("Country", "unknown_country", "Frankreich")]),
        ("Kind", "robot", [("Kind", "unknown_kind", "robot")]),
        ("Language", "klingon", [("Language", "unknown_language", "klingon")]),
        ("Audience", "many", [("Audience", "invalid_number", "many")]),
        ("Website", "not a site", [("Website", "invalid_website", "not a site")]),
        ("Website", "javascript:alert(1)", [("Website", "invalid_website", "javascript:alert(1)")]),
        ("Groups", "x" * 81, [("Groups", "too_long", "x" * 80)]),
        (
            "Groups",
            ",".join(map(str, range(51))),
            [("Groups", "too_many_groups", ",".join(map(str, range(51)))[:80])],
        ),
        ("Notes", "\0", [("Notes", "nul", "\ufffd")]),
        ("Notes", "x" * 10001, [("Notes", "too_long", "x" * 80)]),
    ],
)
def test_unreadable_cell_refuses_row_by_column(
    heading: str, cell: str, expected: list[tuple[str, str, str]]
) -> None:
    assert problems(f"Company\t{heading}", f"Acme\t{cell}") == expected


def test_refused_row_tells_all_problems_in_order_of_columns() -> None:
    row = read("Country;Company;Email", "Nowhere;=A1;a@@b")
    assert row == Refused(
        2,
        ("Nowhere", "=A1", "a@@b"),
        (
            Problem(2, "Country", "unknown_country", "Nowhere"),
            Problem(2, "Company", "formula", "=A1"),
            Problem(2, "Email", "invalid_address", "a@@b", {"reason": "many_ats"}),
        ),
    )


def test_bad_byte_in_column_nobody_reads_refuses_nothing() -> None:
    row = read("Company;Shoe size", "Acme;\0")
    assert isinstance(row, ImportRow)
    assert problems("Shoe size;Company", ";A\0") == [("Company", "nul", "A\ufffd")]


def test_broken_row_keeps_its_cells_to_mend() -> None:
    assert read("Company;Kind", "Acme") == Refused(
        2, ("Acme",), (Problem(2, "Company", "too_few_cells", "Acme"),)
    )


def test_words_in_two_languages_are_read() -> None:
    row = read(
        "Société;Pays;Type;Langue;Remarques", 'A;Royaume-Uni;Créatrice;Français;"=> rappeler\r\nlundi"'
    )
    assert isinstance(row, ImportRow)
    assert (row.country, row.kind, row.language, row.notes) == ("GB", "creator", "fr", "=> rappeler\nlundi")


@given(st.lists(st.text(max_size=12), min_size=12, max_size=12))
def test_no_cells_break_the_reading(cells: list[str]) -> None:
    headings = ["Company", "First name", "Last name", "Email", "Website", "Country"]
    headings += ["Kind", "Category", "Groups", "Audience", "Language", "Notes"]
    outcome = read_row(Row(2, cells), guess_mapping(headings))
    if isinstance(outcome, ImportRow):
        text = outcome.company + outcome.first_name + outcome.last_name + outcome.category
        assert outcome.company
        assert text.isprintable() or not any(letter < " " or letter == "\u202e" for letter in text)
    else:
        assert outcome.problems


@pytest.mark.slow
def test_rows_of_a_large_sheet_are_read_as_those_of_a_small_one() -> None:
    heading, _, body = (SAMPLES / "prospects-sheets.csv").read_bytes().partition(b"\r\n")
    copies = (body.replace(b".example", b"%d.example" % number) for number in range(67))
    table = read_table(heading + b"\r\n" + b"".join(copies))
    mapping = guess_mapping(table.columns)
    assert sum(isinstance(read_row(row, mapping), ImportRow) for row in table.rows) == 67 * 1477
