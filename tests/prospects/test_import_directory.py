"""The same importer into the directory: an operator's sheet becomes partners that all workspaces see."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from overture.accounts.models import Membership, User
from overture.activity.models import Activity
from overture.directory.models import Contact, DirectoryEvent, Partner
from overture.directory.turns import Busy
from overture.directory.upsert import upsert
from overture.prospects import import_refusals, imports
from overture.prospects.carry_out import carry_out
from overture.prospects.import_file import mapping_of
from overture.prospects.import_headings import guess_mapping
from overture.prospects.import_undo import UndoError, undo
from overture.prospects.models import Import, Prospect
from overture.runs.models import Run
from tests import factories
from tests.world import World

SHEET = """\
Nom;Site web;Description;Thèmes;Méthodes de promotion;Modèle économique;Langues;Audience;Audience par pays;\
Tranches d'âge;Réseaux;Dernière activité;Messagerie;Contact;Fonction;E-mail;Catégorie;Pays;Type
Maison Lin;lin.example;"Du lin,
lentement.";lin, thé;Vidéo, tests et avis;Auteur indépendant;français, EN;24 702;France 62, BE 20 %;\
18-24 30;YouTube 12k | Instagram 3 000;2026-01-31;oui;Zoé Dupré;Rédactrice;zoe@lin.example;Mode;FR;créatrice
Nulle part;nulle.example;;;Spam;;;beaucoup;France 162;;;hier;;;;;;Atlantide;
"""


@pytest.fixture
def operator(world: World) -> Membership:
    User.objects.filter(pk=world.camille.user_id).update(is_operator=True)
    world.camille.user.refresh_from_db()
    return world.camille


def bring(member: Membership, text: str, dry_run: bool = False, **mapping: str) -> Import:
    made = imports.start(
        member, io.BytesIO(text.encode()), "sheet.csv", mapping, dry_run, into=Import.Into.DIRECTORY
    )
    carry_out(made.pk)
    done: Import = Import.objects.select_related("run").get(pk=made.pk)
    assert done.run.state == Run.State.DONE, done.run.problem
    return done


def counts(imported: Import) -> tuple[int, ...]:
    return (
        imported.row_count, imported.created_count, imported.updated_count, imported.unchanged_count,
        imported.refused_count,
    )  # fmt: skip


def test_a_french_sheet_becomes_partners(operator: Membership, world: World) -> None:
    done = bring(operator, SHEET)
    assert counts(done) == (2, 1, 0, 0, 1)
    partner = Partner.objects.get()
    expected: dict[str, Any] = {
        "workspace_id": None,
        "standing": "listed",
        "name": "Maison Lin",
        "kind": "creator",
        "website": "https://lin.example",
        "website_key": "lin.example",
        "country": "FR",
        "category": "Fashion",
        "language": "fr",
        "languages": ["fr", "en"],
        "audience": 24_702,
        "about": "Du lin,\nlentement.",
        "topics": ["lin", "thé"],
        "methods": ["video", "reviews"],
        "business_model": "independent",
        "audience_countries": {"FR": 62, "BE": 20},
        "audience_ages": {"18-24": 30},
        "channels": [
            {"kind": "youtube", "size": 12_000, "url": ""},
            {"kind": "instagram", "size": 3_000, "url": ""},
        ],
        "active_on": date(2026, 1, 31),
        "has_messaging": True,
    }
    assert {name: getattr(partner, name) for name in expected} == expected
    contact = Contact.objects.get()
    assert (contact.name, contact.title, contact.address, contact.workspace_id) == (
        "Zoé Dupré", "Rédactrice", "zoe@lin.example", None,
    )  # fmt: skip
    assert [(each["line"], each["column"]) for each in import_refusals.errors(done)] == [
        (4, "Méthodes de promotion")
    ]
    told = import_refusals.errors(done)[0]["message"]
    for part in ("“Spam” is not one", "“beaucoup”", "“France 162”", "“hier”", "“Atlantide”"):
        assert part in told
    assert Prospect.objects.count() == 0
    assert Activity.objects.get().verb == "directory_imported"
    assert DirectoryEvent.objects.values_list("user", "verb").get() == (operator.user_id, "created")


def test_the_same_sheet_again_changes_nothing_and_a_dry_run_never(operator: Membership) -> None:
    assert counts(bring(operator, SHEET, dry_run=True)) == (2, 1, 0, 0, 1)
    assert Partner.objects.count() == 0
    bring(operator, SHEET)
    before = Partner.objects.values().get()
    assert counts(bring(operator, SHEET)) == (2, 0, 0, 1, 1)
    assert Partner.objects.values().get() == before


def test_empty_cells_erase_nothing_and_a_number_finds_its_partner(operator: Membership) -> None:
    partner = factories.partner(name="Lin", about="Linen", country="FR")
    bring(operator, f"number,description,country,audience\n{partner.pk},,BE,n/a\n7,x,,\nseven,x,,\n")
    assert Partner.objects.values_list("name", "about", "country", "audience").get() == (
        "Lin",
        "Linen",
        "BE",
        None,
    )
    last = Import.objects.latest("pk")
    assert [(each["column"], each["message"]) for each in import_refusals.errors(last)] == [
        ("number", "“seven” cannot be read as a whole number."),
        ("number", "No partner of the directory has this number."),
    ][::-1]


def test_the_account_address_finds_its_partner(operator: Membership) -> None:
    partner = factories.partner(name="Lin")
    factories.contact(partner, "zoe@lin.example")
    assert counts(bring(operator, "name,email,about\nLin,ZOE@lin.example,Linen\n")) == (1, 0, 1, 0, 0)
    assert Partner.objects.get().about == "Linen"


def test_prospects_are_found_by_the_account_as_it_is_now(operator: Membership, world: World) -> None:
    partner = factories.partner(name="Lin", website_key="lin.example", website="https://lin.example")
    prospect = factories.prospect(world.nora, "Lin", partner=partner)
    bring(operator, "name,website,first name\nLin,lin.example,Zenobia\n")
    prospect.refresh_from_db()
    assert "zenobia" in prospect.search_text
    assert prospect.name == "Lin"


def test_headings_mean_in_the_directory_what_they_do_not_among_prospects() -> None:
    columns = ["Name", "Description", "Tags", "Topic", "Languages", "Notes"]
    assert guess_mapping(columns, is_directory=True).fields == (
        "company", "about", "topics", None, "languages", None,
    )  # fmt: skip
    beside = ["Name", "First name", "Last name"]
    assert guess_mapping(beside, is_directory=True).fields == ("company", "first_name", "last_name")
    assert guess_mapping(["Name", "First name"], is_directory=True).fields == ("company", "first_name")
    assert guess_mapping(["Name", "First name"]).fields == ("last_name", "first_name")
    assert guess_mapping(columns).fields == ("company", "notes", "groups", "category", "language", None)


def test_columns_can_be_given_a_meaning_and_kept_for_the_real_import(operator: Membership) -> None:
    dry = bring(operator, "Who,What\nLin,Linen\n", dry_run=True, Who="company", What="about")
    assert mapping_of(dry).fields == ("company", "about")
    real = imports.again(operator, dry)
    carry_out(real.pk)
    assert (Import.objects.get(pk=real.pk).into, Partner.objects.get().about) == ("directory", "Linen")


def test_only_operators_import_into_the_directory_and_see_that(operator: Membership, world: World) -> None:
    with pytest.raises(PermissionDenied):
        bring(world.nora, SHEET)
    done = bring(operator, SHEET)
    assert list(Import.objects.visible_to(operator)) == [done]
    assert list(Import.objects.visible_to(world.nora)) == []


def test_who_is_no_operator_any_more_imports_nothing(operator: Membership) -> None:
    made = imports.start(operator, io.BytesIO(SHEET.encode()), "sheet.csv", into=Import.Into.DIRECTORY)
    User.objects.filter(pk=operator.user_id).update(is_operator=False)
    assert carry_out(made.pk).run.state == Run.State.FAILED
    assert Partner.objects.count() == 0


def test_it_cannot_be_undone(operator: Membership) -> None:
    with pytest.raises(UndoError) as caught:
        undo(operator, bring(operator, SHEET))
    assert caught.value.code == "directory"
    assert Partner.objects.count() == 1


def test_the_number_of_queries_grows_with_chunks_and_not_with_rows(operator: Membership) -> None:
    def queries(rows: int, start: int) -> int:
        sheet = "name,website,email\n" + "".join(
            f"P{each},p{each}.example,p{each}@mail.example\n" for each in range(start, start + rows)
        )
        made = imports.start(operator, io.BytesIO(sheet.encode()), "s.csv", into=Import.Into.DIRECTORY)
        with CaptureQueriesContext(connection) as captured:
            carry_out(made.pk)
        assert Import.objects.get(pk=made.pk).created_count == rows
        return len(captured)

    assert queries(2, 0) == queries(200, 1000)


@pytest.mark.django_db(transaction=True)
def test_while_an_import_is_at_work_single_changes_are_refused(live: World) -> None:
    User.objects.filter(pk=live.nora.user_id).update(is_operator=True)
    live.nora.user.refresh_from_db()
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [0x1A908A])
        with pytest.raises(Busy):
            upsert(live.nora.user, [])
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [0x1A908A])
    finally:
        other.close()
    assert upsert(live.nora.user, []) == []


def test_the_command_imports_into_the_directory(world: World, tmp_path: Any) -> None:
    file = tmp_path / "sheet.csv"
    file.write_text("name,website\nLin,lin.example\n")

    def run(*arguments: str) -> str:
        out = io.StringIO()
        call_command("import", str(file), *arguments, stdout=out, stderr=io.StringIO())
        return out.getvalue()

    with pytest.raises(CommandError, match="no such operator"):
        run("--into-directory")
    User.objects.filter(pk=world.camille.user_id).update(is_operator=True)
    assert run("--into-directory") == "1 rows: 1 created, 0 updated, 0 unchanged, 0 refused\n"
    assert Partner.objects.get().is_listed
