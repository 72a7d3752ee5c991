"""What an import's page says of its columns: the fields in words, what was recognised, what to look at."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from overture.lib.csv_in import CsvError
from overture.prospects.import_fields import Field
from overture.prospects.import_file import fields_of, mapping_of, samples
from overture.prospects.models import Import

FIELDS: dict[Field, str | Promise] = {
    "company": gettext_lazy("Company"),
    "first_name": gettext_lazy("First name"),
    "last_name": gettext_lazy("Last name"),
    "full_name": gettext_lazy("Full name of the contact"),
    "address": gettext_lazy("Email"),
    "website": gettext_lazy("Website"),
    "country": gettext_lazy("Country"),
    "kind": gettext_lazy("Kind"),
    "category": gettext_lazy("Category"),
    "groups": gettext_lazy("Groups"),
    "audience": gettext_lazy("Audience"),
    "language": gettext_lazy("Language"),
    "notes": gettext_lazy("Note"),
    "mpid": gettext_lazy("Account number"),
    "title": gettext_lazy("Job title"),
    "languages": gettext_lazy("Languages"),
    "about": gettext_lazy("About"),
    "topics": gettext_lazy("Topics"),
    "methods": gettext_lazy("Promotional methods"),
    "business_model": gettext_lazy("Business model"),
    "audience_countries": gettext_lazy("Audience by country"),
    "audience_ages": gettext_lazy("Audience by age"),
    "channels": gettext_lazy("Channels"),
    "active_on": gettext_lazy("Last active"),
    "has_messaging": gettext_lazy("Takes messages"),
}


@dataclass(frozen=True)
class Column:
    number: int
    heading: str
    field: str
    # Values of the first rows.
    samples: tuple[str, ...]
    # "", "unknown" or "same_field": what a person should look at.
    doubt: str


def columns_of(imported: Import) -> list[Column]:
    """Each column with what it is taken for; no samples once the file is forgotten."""
    meant = mapping_of(imported)
    doubts = {doubt.column: doubt.code for doubt in meant.unsure}
    rows = _samples(imported)
    return [
        Column(
            number,
            heading,
            meant.fields[number] or "",
            tuple(row[number][:80] for row in rows if number < len(row) and row[number]),
            doubts.get(number, ""),
        )
        for number, heading in enumerate(imported.columns)
    ]


def field_choices(imported: Import) -> list[tuple[str, str | Promise]]:
    return [(name, FIELDS[name]) for name in fields_of(imported.into)]


def _samples(imported: Import) -> list[list[str]]:
    if not imported.content:
        return []
    try:
        return samples(imported)
    except CsvError:
        return []
