"""Prospects as CSV: nothing a spreadsheet runs, nothing a member may not see; it comes in again unchanged."""

from __future__ import annotations

import csv
import io

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from overture.prospects import imports
from overture.prospects.carry_out import carry_out
from overture.prospects.export import export
from overture.prospects.import_headings import guess_mapping
from overture.prospects.models import Prospect
from tests import factories
from tests.world import World

FIELDS = (
    *("company", "first_name", "last_name", "address", "website", "country", "kind", "category"),
    *("groups", "audience", "language"),
)


def rows(world: World) -> list[dict[str, str]]:
    text = b"".join(export(world.camille, Prospect.objects.all())).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_rows_show_what_the_member_may_see(world: World) -> None:
    a = factories.prospect(
        world.camille, "=cmd()", "zoe@a.example", country="FR", audience=7, owner=world.nora
    )
    factories.group(world.camille, "Winter", a)
    factories.group(world.camille, "Autumn", a)
    listed = factories.partner(name="Listed")
    factories.contact(listed, "mia@listed.example", first_name="Mia")
    factories.contact(listed, "brought@x.example", world.stranger)
    b = factories.prospect(world.camille, "Listed", partner=listed)
    factories.prospect(world.stranger, "Foreign")
    found = rows(world)
    assert [row["Company"] for row in found] == ["'=cmd()", "Listed"]
    assert found[0] == {
        "Company": "'=cmd()", "First name": "", "Last name": "", "Email": "zoe@a.example", "Website": "",
        "Country": "FR", "Type": "partner", "Category": "", "Groups": "Autumn, Winter", "Audience": "7",
        "Language": "", "Stage": "New", "Looked after by": "Nora Lindqvist",
        "Account number": str(a.partner_id),
    }  # fmt: skip
    assert (found[1]["Email"], found[1]["First name"]) == ("m•••@listed.example", "Mia")
    Prospect.objects.filter(pk=b.pk).update(stage="joined")
    assert rows(world)[1]["Email"] == "mia@listed.example"


def test_an_export_comes_in_again_and_changes_nothing(world: World) -> None:
    row = factories.prospect(
        world.camille, "=cmd()", "zoe@a.example", country="FR", website="https://a.example"
    )
    factories.group(world.camille, "Winter", row)
    whole = b"".join(export(world.camille, Prospect.objects.all()))
    imported = carry_out(imports.start(world.camille, io.BytesIO(whole), "export.csv").pk)
    assert (imported.row_count, imported.unchanged_count, imported.refused_count) == (1, 1, 0)


def test_hidden_addresses_do_not_come_in_again(world: World) -> None:
    listed = factories.partner(name="Listed")
    factories.contact(listed, "mia@listed.example")
    factories.prospect(world.camille, "Listed", partner=listed)
    whole = b"".join(export(world.camille, Prospect.objects.all()))
    imported = carry_out(imports.start(world.camille, io.BytesIO(whole), "export.csv").pk)
    assert (imported.refused_count, imported.refusals.get().code) == (1, "hidden_address")


def test_exporting_is_a_permission_and_takes_few_queries(world: World) -> None:
    with pytest.raises(PermissionDenied):
        export(world.victor, Prospect.objects.all())

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            rows(world)
        return len(caught)

    factories.prospect(world.camille, "A", "a@a.example", owner=world.nora)
    before = queries()
    for number in range(3):
        factories.prospect(world.camille, f"B{number}", f"b{number}@a.example", owner=world.camille)
    assert queries() == before


@pytest.mark.parametrize("language", ["en", "fr"])
def test_an_import_knows_the_headings_in_every_language(world: World, language: str) -> None:
    with translation.override(language):
        (heading,) = b"".join(export(world.camille, Prospect.objects.none())).decode("utf-8-sig").splitlines()
    mapping = guess_mapping(heading.split(","))
    assert (mapping.has_name, mapping.fields) == (True, (*FIELDS, None, None, None))
