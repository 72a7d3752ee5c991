"""Imports end to end: what a file makes, changes and refuses, and that a second time changes nothing."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from overture.accounts.models import Membership
from overture.directory.models import Contact, Partner
from overture.prospects import import_refusals, imports
from overture.prospects.carry_out import carry_out
from overture.prospects.models import Group, Import, ImportChange, Note, Prospect
from tests import factories
from tests.world import World

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


def test_samples(world: World) -> None:
    for name in ("prospects-excel-fr.csv", "prospects-sheets.csv"):
        for dry in (True, False, False):
            i = bring(world.camille, (SAMPLES / name).read_bytes(), dry)
            print(name, dry, counts(i))
