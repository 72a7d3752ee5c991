"""Imports end to end: what a file makes, changes and refuses, and that a second time changes nothing."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import InternalError, OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from overture.accounts.models import Membership
from overture.activity.models import Activity
from overture.directory.models import Contact, Partner
from overture.lib.csv_in import CsvError
from overture.prospects import import_refusals, imports, search
from overture.prospects.carry_out import carry_out
from overture.prospects.import_file import mapping_of
from overture.prospects.import_headings import MappingError
from overture.prospects.import_undo import UndoError, undo
from overture.prospects.models import Contacted, Group, Import, Note, Prospect
from overture.prospects.wording import failure_sentence
from overture.runs.models import Run
from tests import factories
from tests.world import World

# Their website leads to two or three prospects of the first sheet.
AMBIGUOUS = [
    (211, "Delattre"),
    (450, "Simon"),
    (503, "Williams PLC"),
    (847, "Fogaça"),
    (1252, "Pieper"),
    (1266, "Grenier SARL"),
    (1428, "Lebon"),
    (1497, "Phillips Inc\nFrance"),
]
ALONE = (1500, 1460, 15, 2, 23)
SAMPLES = Path(__file__).parent.parent / "samples"


def bring(member: Membership, text: str | bytes, dry_run: bool = False, **mapping: str) -> Import:
    file = io.BytesIO(text if isinstance(text, bytes) else text.encode())
    imported = imports.start(member, file, "sheet.csv", mapping or None, dry_run)
    return carry_out(imported.pk)


def counts(imported: Import) -> tuple[int, int, int, int, int]:
    assert (imported.run.state, imported.run.problem) == ("done", "")
    return (
        imported.row_count,
        imported.created_count,
        imported.updated_count,
        imported.unchanged_count,
        imported.refused_count,
    )


def everything(world: World) -> dict[str, Any]:
    """All that an import can touch, for telling that nothing changed."""
    mine = {"workspace": world.brand}
    return {
        "partners": list(Partner.objects.order_by("pk").values()),
        "prospects": list(Prospect.objects.filter(**mine).order_by("pk").values()),
        "contacts": list(Contact.objects.order_by("pk").values()),
        "groups": list(Group.objects.filter(**mine).order_by("pk").values()),
        "links": sorted(Prospect.groups.through.objects.values_list("prospect", "group")),
        "notes": list(Note.objects.filter(**mine).order_by("pk").values()),
    }


HEAD = "Company;First name;Last name;Email;Website;Country;Groups;Audience;Notes\n"


# The two sample sheets.


def test_first_sample_makes_everybody_once_and_nothing_the_second_time(world: World) -> None:
    sheet = (SAMPLES / "prospects-excel-fr.csv").read_bytes()
    before = everything(world)
    assert counts(bring(world.camille, sheet, dry_run=True)) == (1200, 1158, 14, 9, 19)
    assert everything(world) == before
    assert counts(bring(world.camille, sheet)) == (1200, 1158, 14, 9, 19)
    after = everything(world)
    assert (len(after["prospects"]), len(after["partners"]), len(after["contacts"])) == (1158, 1158, 1158)
    assert sorted(group["name"] for group in after["groups"]) == ["FR publishers", "VIP", "Winter"]
    assert min(partner["id"] for partner in after["partners"]) >= 10000
    assert {partner["workspace_id"] for partner in after["partners"]} == {world.brand.pk}
    assert counts(bring(world.camille, sheet)) == (1200, 0, 0, 1181, 19)
    assert everything(world) == after


def test_second_sample_after_the_first_meets_it_by_website(world: World) -> None:
    bring(world.camille, (SAMPLES / "prospects-excel-fr.csv").read_bytes())
    sheet = (SAMPLES / "prospects-sheets.csv").read_bytes()
    assert counts(bring(world.camille, sheet, dry_run=True)) == (1500, 1398, 69, 2, 31)
    imported = bring(world.camille, sheet)
    assert counts(imported) == (1500, 1398, 69, 2, 31)
    ambiguous = imported.refusals.filter(code="ambiguous").order_by("line")
    assert [(row.line, row.cells[0]) for row in ambiguous] == AMBIGUOUS
    after = everything(world)
    # Each address is one contact: 1140 and 1446, less the 8 refused; 32 rows have none.
    addresses = [contact["address_key"] for contact in after["contacts"] if contact["address_key"]]
    assert (len(addresses), len(set(addresses))) == (1140 + 1446 - 8, 1140 + 1446 - 8)
    assert counts(bring(world.camille, sheet)) == (1500, 0, 0, 1469, 31)
    assert everything(world) == after


def test_second_sample_alone(world: World) -> None:
    sheet = (SAMPLES / "prospects-sheets.csv").read_bytes()
    assert counts(bring(world.camille, sheet)) == ALONE
    assert counts(bring(world.camille, sheet)) == (1500, 0, 0, 1477, 23)


# Line 55 of the French sheet has the address of line 30 and another company: the address decides, the
# company of the first row stays, and only the group is added.
@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Serrano Inc", ("Stacey Mccoy", {"Winter", "VIP", "FR publishers"}, "US")),
        ("Diaz Inc", ("Renee Lewis", {"Winter"}, "")),
        ("Roberts and Sons", ("Amber Duncan", {"FR publishers"}, "US")),
        ('Câmara e Filhos, "Le Club"', ("Davi Oliveira", {"Winter"}, "BR")),
        ("Little PLC France", ("Ricky Cole", {"FR publishers"}, "GB")),
        ("flantz-kroker-kgaa.example", ("Ben Briemer", {"FR publishers"}, "DE")),
    ],
)
def test_odd_rows_of_the_first_sample(world: World, name: str, shown: tuple[str, set[str], str]) -> None:
    bring(world.camille, (SAMPLES / "prospects-excel-fr.csv").read_bytes())
    row = Prospect.objects.get(name=name)
    (contact,) = row.partner.contacts.all()
    assert (contact.name, {group.name for group in row.groups.all()}, row.country) == shown
    assert not Prospect.objects.filter(name="Lemaire S.A.S.").exists()


# Matching.


def test_a_row_is_found_by_its_address_and_changed(world: World) -> None:
    bring(world.camille, HEAD + "Acme;Ann;Lee;ann@acme.example;acme.example;FR;A;5;Hello\n")
    imported = bring(world.camille, HEAD + "Acme SA;Anna;;ANN@ACME.example;acme.example/about;;A, b;;Again\n")
    assert counts(imported) == (1, 0, 1, 0, 0)
    row = Prospect.objects.get()
    assert (row.name, row.website, row.country, row.audience) == (
        "Acme SA",
        "https://acme.example/about",
        "FR",
        5,
    )
    assert (row.partner.name, row.partner.country) == ("Acme SA", "FR")
    assert [contact.name for contact in row.partner.contacts.all()] == ["Anna Lee"]
    assert sorted(group.name for group in row.groups.all()) == ["A", "b"]
    assert list(row.notes.order_by("pk").values_list("text", flat=True)) == ["Hello", "Again"]
    assert row.search_text == "acme sa https://acme.example/about anna lee ann@acme.example"


def test_a_row_is_found_by_a_website_of_its_own(world: World) -> None:
    bring(world.camille, HEAD + "Acme;Ann;Lee;ann@acme.example;https://www.acme.example/fr;;;;\n")
    assert counts(bring(world.camille, HEAD + "Acme;Bob;Ray;bob@acme.example;acme.example;;;;\n")) == (
        1,
        0,
        1,
        0,
        0,
    )
    row = Prospect.objects.get()
    assert sorted(contact.name for contact in row.partner.contacts.all()) == ["Ann Lee", "Bob Ray"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("https://instagram.com/ann", "https://instagram.com/bob"),
        ("https://none.example", "https://none.example"),
        ("https://linktr.ee", "https://linktr.ee"),
        ("", ""),
    ],
)
def test_websites_that_are_nobodys_own_never_match(world: World, first: str, second: str) -> None:
    bring(world.camille, HEAD + f"Ann;Ann;;ann@mail.example;{first};;;;\n")
    assert counts(bring(world.camille, HEAD + f"Ann;Bob;;bob@mail.example;{second};;;;\n")) == (1, 1, 0, 0, 0)


def test_a_shared_host_matches_with_its_path(world: World) -> None:
    bring(world.camille, HEAD + "Ann;Ann;;ann@mail.example;https://www.instagram.com/ann/;;;;\n")
    again = bring(world.camille, HEAD + "Ann;Ann;;new@mail.example;instagram.com/Ann?hl=fr;;;;\n")
    assert counts(again) == (1, 0, 1, 0, 0)


def test_rows_of_one_file_are_never_one_by_website_alone(world: World) -> None:
    two = "Acme;Ann;;a@acme.example;acme.example;;;;\nAcme;Bob;;b@acme.example;acme.example;;;;\n"
    assert counts(bring(world.camille, HEAD + two)) == (2, 2, 0, 0, 0)
    factories.prospect(
        world.nora, "Solo", partner=factories.partner(world.nora, "Solo", website_key="solo.example")
    )
    assert counts(bring(world.camille, HEAD + two.replace("acme", "solo"))) == (2, 2, 0, 0, 0)
    assert counts(bring(world.camille, HEAD + two + two.replace("acme", "solo"))) == (4, 0, 0, 4, 0)


def test_several_that_could_match_are_named_and_none_is_taken(world: World) -> None:
    bring(world.camille, HEAD + "A;;;a@x.example;x.example;;;;\nB;;;b@x.example;x.example;;;;\n")
    before = everything(world)
    imported = bring(world.camille, HEAD + "C;;;c@x.example;x.example;;;;\n")
    assert counts(imported) == (1, 0, 0, 0, 1)
    a, b = Prospect.objects.order_by("name")
    assert import_refusals.errors(imported) == [
        {
            "line": 2,
            "column": "",
            "message": f"It could be any of 2 partners: A ({a.partner.mpid}), B ({b.partner.mpid}).",
        }
    ]
    assert everything(world) == before


def test_an_address_at_several_partners_is_ambiguous(world: World) -> None:
    for name in "AB":
        factories.prospect(world.camille, name, "same@x.example")
    assert bring(world.camille, HEAD + "C;;;same@x.example;;;;;\n").refused_count == 1


def test_rows_without_address_are_found_again_by_all_that_names_them(world: World) -> None:
    sheet = HEAD + (
        "Fernandes;Ana;Gil;;https://none.example;;;;\n"
        "Fernandes;Bea;Roy;;https://none.example;;;;\n"
        "Solo;;;;;;;;\n"
        "Shop;;;;shop.example;;;;\n"
        "Shop;Zoe;;;shop.example;;;;\n"
    )
    assert counts(bring(world.camille, sheet)) == (5, 5, 0, 0, 0)
    before = everything(world)
    assert counts(bring(world.camille, sheet)) == (5, 0, 0, 5, 0)
    assert everything(world) == before


def test_repeated_rows_of_one_file(world: World) -> None:
    sheet = HEAD + (
        "Acme;Ann;;a@acme.example;;;Winter;;\n"
        "acmé;;Lee;A@acme.example;acme.example;FR;;7;\n"
        "Acme;Other;Name;a@acme.example;;DE;;9;\n"
        "Zebra;Zed;Zee;a@acme.example;zebra.example;IT;VIP;1;From a fair\n"
        "Zebra;Zed;Zee;a@acme.example;zebra.example;IT;vip;1;From a fair\n"
    )
    assert counts(bring(world.camille, sheet)) == (5, 1, 2, 2, 0)
    row = Prospect.objects.get()
    assert (row.name, row.country, row.audience, row.website) == ("Acme", "FR", 7, "https://acme.example")
    assert [contact.name for contact in row.partner.contacts.all()] == ["Ann Lee"]
    assert sorted(group.name for group in row.groups.all()) == ["VIP", "Winter"]
    assert list(row.notes.values_list("text", flat=True)) == ["From a fair"]
    before = everything(world)
    assert counts(bring(world.camille, sheet)) == (5, 0, 0, 5, 0)
    assert everything(world) == before


def test_two_contacts_of_one_prospect_do_not_change_it_to_and_fro(world: World) -> None:
    row = factories.prospect(world.camille, "Acme", "a@acme.example", country="FR")
    factories.contact(row.partner, "b@acme.example", world.camille)
    sheet = HEAD + "Acme One;;;a@acme.example;;DE;;;\nAcme Two;;;b@acme.example;;IT;;;\n"
    assert counts(bring(world.camille, sheet)) == (2, 0, 1, 1, 0)
    assert counts(bring(world.camille, sheet)) == (2, 0, 0, 2, 0)
    row.refresh_from_db()
    assert (row.name, row.country) == ("Acme One", "DE")


def test_a_listed_partner_is_never_edited(world: World) -> None:
    listed = factories.partner(name="Listed", country="FR", website_key="listed.example")
    factories.contact(listed, "mia@listed.example")
    before = Partner.objects.filter(pk=listed.pk).values().get()
    imported = bring(world.camille, HEAD + "Our name;Mia;Ray;mia@listed.example;listed.example;DE;;5;\n")
    assert counts(imported) == (1, 1, 0, 0, 0)
    row = Prospect.objects.get()
    assert (row.partner, row.name, row.country, row.audience) == (listed, "Our name", "DE", 5)
    assert Partner.objects.filter(pk=listed.pk).values().get() == before
    assert Partner.objects.count() == 1
    custom = Contact.objects.get(workspace=world.brand)
    assert (custom.partner, custom.address) == (listed, "mia@listed.example")
    assert counts(bring(world.camille, HEAD + "Our name;Mia;Ray;mia@listed.example;;FR;;;\n")) == (
        1,
        0,
        1,
        0,
        0,
    )
    assert Partner.objects.filter(pk=listed.pk).values().get() == before


def test_what_others_brought_is_not_matched(world: World) -> None:
    factories.prospect(world.stranger, "Theirs", "ann@acme.example", website="https://acme.example")
    listed = factories.partner(name="Listed")
    factories.contact(listed, "bob@x.example", world.stranger)
    sheet = HEAD + "Acme;;;ann@acme.example;acme.example;;;;\nBob;;;bob@x.example;;;;;\n"
    assert counts(bring(world.camille, sheet)) == (2, 2, 0, 0, 0)
    assert Prospect.objects.filter(workspace=world.brand, partner=listed).count() == 0


def test_erased_people_are_not_taken_in_again(world: World) -> None:
    row = factories.prospect(world.camille, "Acme", "gone@acme.example")
    row.partner.contacts.update(address="", first_name="", erased_at="2026-01-01T00:00Z")
    imported = bring(world.camille, HEAD + "Acme;Ann;;gone@acme.example;;;;;\n")
    assert (imported.refused_count, imported.refusals.get().code) == (1, "erased")


def test_groups_are_the_same_whatever_their_case_and_accents(world: World) -> None:
    group = factories.group(world.camille, "Été")
    factories.group(world.stranger, "Winter")
    bring(world.camille, HEAD + "A;;;a@x.example;;;ete, WINTER;;\nB;;;b@x.example;;;Winter|ÉTÉ;;\n")
    names = Group.objects.filter(workspace=world.brand).order_by("pk").values_list("name", flat=True)
    assert list(names) == ["Été", "WINTER"]
    assert group.prospects.count() == 2


# Files, mappings, refusals.


def test_refused_rows_come_back_as_a_file_and_go_in_once_mended(world: World) -> None:
    sheet = HEAD + (
        "Acme;Ann;;ann@@acme.example;;Nowhere;;;\n"
        "Fine;;;fine@x.example;;;;;\n"
        "Short;;\n"
        "Many;;;many@x.example;;;;;;x;y\n"
    )
    imported = bring(world.camille, sheet)
    assert counts(imported) == (4, 1, 0, 0, 3)
    assert [(error["line"], error["column"]) for error in import_refusals.errors(imported)] == [
        (2, "Email"), (4, "Last name"), (5, ""),
    ]  # fmt: skip
    assert import_refusals.errors(imported)[0]["message"] == (
        "“ann@@acme.example” is not an email address. Country: “Nowhere” is not a country we know;"
        " its two-letter code works."
    )
    whole = b"".join(import_refusals.as_csv(imported)).decode("utf-8-sig")
    lines = whole.splitlines()
    assert lines[0] == "Refused because;" + HEAD.strip()
    assert lines[1].endswith(";Acme;Ann;;ann@@acme.example;;Nowhere;;;")
    assert counts(bring(world.camille, whole)) == (3, 1, 0, 0, 2)
    mended = whole.replace("@@", "@").replace(";Nowhere;", ";FR;").replace(";x;y", "")
    second = bring(world.camille, mended)
    assert counts(second) == (3, 2, 0, 1, 0)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_reasons_do_not_pile_up(world: World, language: str) -> None:
    with translation.override(language):
        imported = bring(world.camille, HEAD + "Acme;;;ann@@acme.example;;;;;\n")
        once = b"".join(import_refusals.as_csv(imported)).splitlines()
        twice = b"".join(import_refusals.as_csv(bring(world.camille, b"\n".join(once)))).splitlines()
    assert (twice, len(once)) == (once, 2)


def test_columns_are_chosen_by_heading_or_number(world: World) -> None:
    sheet = "Firma;Adresse;Email;Email\nAcme;ann@acme.example;x;y\n"
    imported = bring(world.camille, sheet, **{"Firma": "company", "1": "address"})
    assert counts(imported) == (1, 1, 0, 0, 0)
    assert Contact.objects.get().address == "ann@acme.example"
    assert mapping_of(imported).fields == ("company", "address", None, None)
    with pytest.raises(MappingError, match="unknown_column"):
        bring(world.camille, sheet, **{"4": "company"})
    with pytest.raises(MappingError, match="unknown_field"):
        bring(world.camille, sheet, **{"1": "shoe"})


def test_a_file_without_names_fails_and_says_so(world: World) -> None:
    imported = bring(world.camille, "Pays;Langue\nFR;fr\n")
    assert (imported.run.state, imported.run.problem) == ("failed", "no_name_column")
    assert failure_sentence("no_name_column").startswith("No column gives")
    again = imports.again(world.camille, imported, {"Pays": "company"})
    assert counts(carry_out(again.pk)) == (1, 1, 0, 0, 0)


def test_what_is_no_table_is_refused_at_once(world: World) -> None:
    with pytest.raises(CsvError, match="empty"):
        bring(world.camille, "\n \n")
    with pytest.raises(PermissionDenied):
        bring(world.victor, HEAD)
    assert Import.objects.count() == 0


def test_a_dry_run_becomes_a_real_one(world: World) -> None:
    dry = bring(world.camille, HEAD + "Acme;;;a@acme.example;;;Winter;;\n", dry_run=True)
    assert (counts(dry), Prospect.objects.count(), Group.objects.count()) == ((1, 1, 0, 0, 0), 0, 0)
    real = carry_out(imports.again(world.camille, dry).pk)
    assert (counts(real), Prospect.objects.count(), Group.objects.count()) == ((1, 1, 0, 0, 0), 1, 1)
    assert Activity.objects.filter(verb="prospects_imported").count() == 1
    with pytest.raises(Import.DoesNotExist):
        imports.again(world.stranger, dry)


def test_a_job_that_ran_is_not_run_again(world: World) -> None:
    imported = bring(world.camille, HEAD + "Acme;;;a@acme.example;;;;;\n")
    Prospect.objects.all().delete()
    assert counts(carry_out(imported.pk)) == (1, 1, 0, 0, 0)
    assert Prospect.objects.count() == 0


@pytest.mark.parametrize("ends", [OperationalError, InternalError])
def test_a_job_that_breaks_leaves_nothing_and_begins_anew(
    world: World, monkeypatch: pytest.MonkeyPatch, ends: type[Exception]
) -> None:
    sheet = HEAD + "Acme;;;a@acme.example;;;Winter;;Hello\nBad;;;a@@b;;;;;\n"
    imported = imports.start(world.camille, io.BytesIO(sheet.encode()), "sheet.csv")
    before = everything(world)

    def gone(*args: object, **kwargs: object) -> None:
        raise ends("terminating connection")

    with monkeypatch.context() as patch:
        patch.setattr("overture.prospects.import_prospects.record", gone)
        with pytest.raises(ends):
            carry_out(imported.pk)
    assert everything(world) == before
    assert Run.objects.get(pk=imported.run_id).state == "running"
    assert counts(carry_out(imported.pk)) == (2, 1, 0, 0, 1)
    assert imported.refusals.count() == 1


def test_the_same_rows_take_as_many_queries_whatever_their_number(world: World) -> None:
    def queries(count: int) -> int:
        rows = "".join(f"Acme {count}-{n};Ann;;a{n}@acme{count}.example;;FR;G;{n};Hi\n" for n in range(count))
        with CaptureQueriesContext(connection) as caught:
            bring(world.camille, HEAD + rows)
        return len(caught)

    queries(1)
    assert queries(2) == queries(40)


# Undo.


def test_undo_takes_back_what_was_made_and_changed(world: World) -> None:
    kept = factories.prospect(world.camille, "Acme", "a@acme.example", country="FR")
    kept.partner.contacts.update(first_name="Ann")
    search.refresh([kept.pk])
    before = everything(world)
    sheet = HEAD + "Acme SA;Anna;;a@acme.example;acme.example;DE;Winter;5;Hi\nNew;;;n@new.example;;;;;\n"
    imported = bring(world.camille, sheet)
    assert counts(imported) == (2, 1, 1, 0, 0)
    undone = undo(world.camille, imported)
    assert (undone.removed, undone.restored, undone.kept) == (1, 1, 0)
    assert everything(world) == before
    with pytest.raises(UndoError, match="undone"):
        undo(world.camille, imported)
    assert counts(bring(world.camille, sheet)) == (2, 1, 1, 0, 0)


def test_undo_keeps_who_was_contacted_or_worked_on_since(world: World) -> None:
    sheet = HEAD + "".join(f"P{n};;;p{n}@x.example;;;Winter;;\n" for n in range(5))
    imported = bring(world.camille, sheet)
    rows = {row.name: row for row in Prospect.objects.all()}
    Contacted.objects.create(
        workspace=world.brand, partner=rows["P0"].partner, way="email", planned_at=timezone.now()
    )
    Prospect.objects.filter(pk=rows["P1"].pk).update(stage="negotiating")
    bring(world.camille, HEAD + "P2 bis;;;p2@x.example;;;;;\n")
    undone = undo(world.camille, imported)
    assert (undone.removed, undone.restored, undone.kept) == (2, 0, 3)
    assert sorted(Prospect.objects.values_list("name", flat=True)) == ["P0", "P1", "P2 bis"]
    assert Group.objects.get().prospects.count() == 3
    assert (Partner.objects.count(), Contact.objects.count()) == (3, 3)


def test_undo_leaves_what_a_member_wrote_since(world: World) -> None:
    row = factories.prospect(world.camille, "Acme", "a@acme.example", country="FR")
    imported = bring(world.camille, HEAD + "Acme SA;;;a@acme.example;;DE;;;\n")
    Prospect.objects.filter(pk=row.pk).update(name="By hand")
    undo(world.camille, imported)
    row.refresh_from_db()
    assert (row.name, row.country, row.partner.country) == ("By hand", "FR", "FR")


def test_undo_is_for_members_who_may_and_for_real_imports(world: World) -> None:
    dry = bring(world.camille, HEAD + "Acme;;;a@acme.example;;;;;\n", dry_run=True)
    with pytest.raises(UndoError, match="dry_run"):
        undo(world.camille, dry)
    real = bring(world.camille, HEAD + "Acme;;;a@acme.example;;;;;\n")
    with pytest.raises(PermissionDenied):
        undo(world.victor, real)
    with pytest.raises(Run.DoesNotExist):
        undo(world.stranger, real)
    assert Prospect.objects.count() == 1
