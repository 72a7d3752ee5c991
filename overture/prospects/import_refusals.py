"""Rows that an import refused: kept, worded, and given back as a file to mend and send in again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from overture.lib.csv_out import write_rows
from overture.lib.squash import squash
from overture.prospects.import_fields import Refused
from overture.prospects.models import Import, ImportRefusal
from overture.prospects.wording import refusal_sentence


def refuse(imported: Import, refused: Iterable[Refused]) -> int:
    """Writes down these rows; how many."""
    rows = [_row(imported, each) for each in refused]
    ImportRefusal.objects.bulk_create(rows)
    return len(rows)


def errors(imported: Import, limit: int = 1000) -> list[dict[str, Any]]:
    """Line, column and sentence of the first refused rows, in the order of the file."""
    rows = imported.refusals.order_by("line", "id")[:limit]
    return [{"line": row.line, "column": row.column, "message": sentence(row)} for row in rows]


def sentence(row: ImportRefusal) -> str:
    """Every reason of a row, in the reader's language."""
    first = refusal_sentence(row.code, row.facts)
    more = [f"{each['column']}: {refusal_sentence(each['code'], each)}" for each in row.facts.get("more", ())]
    return " ".join([first, *more])


def as_csv(imported: Import) -> Iterator[bytes]:
    """The refused rows as they were, each after its reason. Sent in again, the reasons are passed over."""
    had_reason = bool(imported.columns) and _is_reason(imported.columns[0])
    columns = imported.columns[had_reason:]
    rows = (
        [f"{row.line}: {sentence(row)}", *_padded(row.cells[had_reason:], len(columns))]
        for row in imported.refusals.order_by("line", "id").iterator(chunk_size=500)
    )
    heading = [_("Refused because"), *columns]
    return write_rows(heading, rows, delimiter=imported.delimiter or ",")


def _is_reason(heading: str) -> bool:
    """Whether a column holds our own reasons, in whatever language they were downloaded."""
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            if squash(heading) == squash(_("Refused because")):
                return True
    return False


def _padded(cells: list[str], width: int) -> list[str]:
    return cells + [""] * (width - len(cells))


def _row(imported: Import, refused: Refused) -> ImportRefusal:
    first, *others = refused.problems
    facts: dict[str, Any] = {"value": first.value, **first.params}
    if others:
        facts["more"] = [
            {"code": each.code, "column": each.column, "value": each.value, **each.params} for each in others
        ]
    return ImportRefusal(
        imported=imported,
        line=refused.line,
        column=first.column[:200],
        code=first.code,
        facts=facts,
        cells=list(refused.cells),
    )
