"""/imports: prospects or the directory from a CSV file, tried dry or for real, and told row by row."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal, cast

from django.conf import settings
from django.http import StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import File, Form, Query, Router, UploadedFile
from pydantic import BaseModel, Field

from overture.accounts.models import Membership
from overture.api.bearer import ApiRequest
from overture.api.bodies import In, clean
from overture.api.paging import Listed, Walk, listed
from overture.api.problems import Fault, Problem, invalid
from overture.api.wording import words
from overture.prospects.import_refusals import as_csv, errors, sentence
from overture.prospects.import_undo import undo
from overture.prospects.imports import again, start
from overture.prospects.models import Import, ImportRefusal
from overture.prospects.wording import failure_sentence

router = Router(tags=["Imports"])
Status = Literal["queued", "running", "done", "failed"]
Into = Literal["prospects", "directory"]
# More than these are read page by page.
LONGEST_ERRORS = 1000


class Again(In):
    dry_run: bool = False
    mapping: dict[str, str] | None = Field(None, description="Left out or null: the one there was.")


class Begun(BaseModel):
    id: int


class ErrorOut(BaseModel):
    line: int
    column: str
    message: str


class UndoneOut(BaseModel):
    removed: int
    restored: int
    kept: int


class ListedImport(BaseModel):
    id: int
    status: Status
    file_name: str
    into: Into
    dry_run: bool
    rows: int
    created: int
    updated: int
    unchanged: int
    refused: int
    percent: int | None
    problem: str
    created_at: datetime
    ended_at: datetime | None
    undone_at: datetime | None


class ImportOut(ListedImport):
    mapping: dict[str, str] = Field(description="Number of a column, from 0, to what it means.")
    columns: list[str]
    errors: list[ErrorOut] = Field(description="The first 1,000; all of them at /imports/{id}/refused.")


@router.get("", response=Listed[ListedImport])
def list_imports(request: ApiRequest, walk: Query[Walk]) -> Any:
    return listed(
        Import.objects.visible_to(request.member).select_related("run").defer("content"), walk, _shown
    )


@router.post("", response={202: Begun})
def import_file(
    request: ApiRequest,
    file: File[UploadedFile],
    dry_run: Annotated[bool, Form(description="Only tell what would be made, changed, refused.")] = False,
    into: Annotated[Into, Form(description="The directory is for operators.")] = "prospects",
    mapping: Annotated[
        str, Form(description='JSON: {"heading or number": "company" | "address" | ...}')
    ] = "",
) -> Any:
    """CSV in any usual encoding. Headings that are recognised need no mapping."""
    sent = {*request.POST, *request.FILES}
    if unknown := sorted(sent - {"file", "dry_run", "into", "mapping"}):
        raise invalid(*(Fault(name, "extra_forbidden", words("extra_forbidden")) for name in unknown))
    if (file.size or 0) > settings.OVERTURE_IMPORT_BYTES:
        megabytes = settings.OVERTURE_IMPORT_BYTES // 1024**2
        raise Problem("too_large", _("An import takes files up to %(size)s MB.") % {"size": megabytes})
    content = cast(Any, file.file)
    made = start(request.member, content, clean(file.name or "", "file"), _mapping(mapping), dry_run, into)
    return {"id": made.pk}


@router.get("/{int:imported}", response=ImportOut)
def get_import(request: ApiRequest, imported: int) -> Any:
    row = _find(request.member, imported)
    told = {"mapping": row.mapping, "columns": row.columns, "errors": errors(row, LONGEST_ERRORS)}
    return _shown([row])[0] | told


@router.get("/{int:imported}/refused", response=Listed[ErrorOut])
def list_refused(request: ApiRequest, imported: int, walk: Query[Walk]) -> Any:
    """Each refused row with line, column and reason."""

    def shown(rows: Sequence[ImportRefusal]) -> list[dict[str, Any]]:
        return [{"line": each.line, "column": each.column, "message": sentence(each)} for each in rows]

    rows = ImportRefusal.objects.filter(imported=_find(request.member, imported))
    return listed(rows, walk, shown)


@router.get(
    "/{int:imported}/refused.csv",
    openapi_extra={"responses": {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}},
)
def refused_file(request: ApiRequest, imported: int) -> Any:
    """The refused rows as they were, each after its reason: mend them and send them in again."""
    row = _find(request.member, imported)
    name = f'attachment; filename="refused-{row.pk}.csv"'
    return StreamingHttpResponse(as_csv(row), content_type="text/csv", headers={"Content-Disposition": name})


@router.post("/{int:imported}/again", response={202: Begun})
def import_again(request: ApiRequest, imported: int, body: Again) -> Any:
    """The same file once more: for real after a dry run, or with another mapping."""
    row = _find(request.member, imported)
    try:
        return {"id": again(request.member, row, body.mapping, body.dry_run).pk}
    except Import.DoesNotExist as error:
        raise Problem("conflict", words("file_gone")) from error


@router.post("/{int:imported}/undo", response=UndoneOut)
def undo_import(request: ApiRequest, imported: int) -> Any:
    """What it made goes, what it changed is as before; who was contacted or worked on since stays."""
    return vars(undo(request.member, _find(request.member, imported)))


def _find(member: Membership, number: int) -> Import:
    found: Import = get_object_or_404(_rows(member), pk=number)
    return found


def _rows(member: Membership) -> Any:
    return Import.objects.visible_to(member).select_related("run").defer("content")


def _mapping(text: str) -> dict[str, str]:
    if not text.strip():
        return {}
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or not all(isinstance(each, str) for each in found.values()):
        raise invalid(Fault("mapping", "bad_mapping", words("bad_mapping")))
    return {clean(name, "mapping"): clean(each, "mapping") for name, each in found.items()}


def _shown(rows: Sequence[Import]) -> list[dict[str, Any]]:
    counts = ("created", "updated", "unchanged", "refused")
    return [
        {name: getattr(row, f"{name}_count") for name in counts}
        | {
            "id": row.pk,
            "status": row.run.state,
            "file_name": row.file_name,
            "into": row.into,
            "dry_run": row.is_dry_run,
            "rows": row.row_count,
            "percent": row.run.percent,
            "problem": failure_sentence(row.run.problem) if row.run.problem else "",
            "created_at": row.run.created_at,
            "ended_at": row.run.ended_at,
            "undone_at": row.run.undone_at,
        }
        for row in rows
    ]
