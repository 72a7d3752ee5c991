"""Takes a file in and enqueues its import, a dry run or a real one."""

from __future__ import annotations

from typing import BinaryIO

from django.db import transaction

from overture.accounts.access import require, require_operator
from overture.accounts.models import Membership
from overture.accounts.roles import Permission
from overture.jobs.task import enqueue
from overture.lib.csv_in import read_table
from overture.prospects.import_file import chosen_mapping, compressed, kept
from overture.prospects.import_undo import check
from overture.prospects.jobs import import_file, undo_import
from overture.prospects.models import Import
from overture.runs.models import Run

_SAME = ("workspace_id", "into", "file_name", "content", "size", "encoding", "delimiter", "columns")


def start(
    member: Membership,
    file: BinaryIO,
    name: str,
    mapping: dict[str, str] | None = None,
    dry_run: bool = False,
    into: str = Import.Into.PROSPECTS,
) -> Import:
    """Keeps the file and enqueues its import. `mapping` is heading or number of a column (from 0) to field.

    Into the directory only an operator imports. Raises CsvError for what is no table, MappingError for a
    mapping that does not fit it.
    """
    _allow(member, into)
    table = read_table(file)
    meant = chosen_mapping(table.columns, mapping or {}, into)
    imported = Import(
        workspace_id=member.workspace_id,
        file_name=name.replace("\0", "")[-200:],
        size=file.seek(0, 2),
        content=compressed(file),
        encoding=table.encoding,
        delimiter=table.delimiter,
        columns=table.columns,
        mapping=kept(meant),
        into=into,
        is_dry_run=dry_run,
    )
    return _enqueue(member, imported)


def again(
    member: Membership, imported: Import, mapping: dict[str, str] | None = None, dry_run: bool = False
) -> Import:
    """The same file once more: for real after the dry run, or with another mapping. Raises MappingError, and
    Import.DoesNotExist where the file is not kept any more."""
    _allow(member, imported.into)
    kept_one = Import.objects.visible_to(member).exclude(content=b"").get(pk=imported.pk)
    fresh = Import(
        **{name: getattr(kept_one, name) for name in _SAME},
        mapping=kept_one.mapping
        if mapping is None
        else kept(chosen_mapping(kept_one.columns, mapping, kept_one.into)),
        is_dry_run=dry_run,
    )
    return _enqueue(member, fresh)


def undo_later(member: Membership, imported: Import) -> None:
    """Enqueues the undo of a large import; `run.undone_at` says when it is done. Raises UndoError."""
    require(member, Permission.MANAGE_PROSPECTS)
    check(imported, Run.objects.visible_to(member).get(pk=imported.run_id))
    enqueue(
        undo_import,
        once=f"undo-{imported.pk}",
        lock=f"import-{member.workspace_id}",
        imported_id=imported.pk,
        member_id=member.pk,
    )


def _allow(member: Membership, into: str) -> None:
    if into == Import.Into.DIRECTORY:
        require_operator(member.user)
    else:
        require(member, Permission.MANAGE_PROSPECTS)


@transaction.atomic
def _enqueue(member: Membership, imported: Import) -> Import:
    imported.run = Run.objects.create(workspace_id=member.workspace_id, member=member, kind="import")
    imported.save(force_insert=True)
    # One import of a workspace at a time: what one makes, the next one finds.
    enqueue(import_file, lock=f"import-{member.workspace_id}", imported_id=imported.pk)
    return imported
