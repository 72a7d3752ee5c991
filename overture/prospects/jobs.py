"""The long work on prospects, run by a worker."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from django.utils import timezone

from overture.accounts.models import Membership
from overture.jobs.task import periodic, task
from overture.prospects.carry_out import carry_out
from overture.prospects.import_undo import UndoError, undo
from overture.prospects.models import Import


@task(queue="imports")
def import_file(imported_id: int) -> None:
    carry_out(imported_id)


@task(queue="imports")
def undo_import(imported_id: int, member_id: int) -> None:
    """Undone meanwhile by somebody else is as well."""
    imported = Import.objects.get(pk=imported_id)
    with suppress(UndoError):
        undo(Membership.objects.get(pk=member_id), imported)


@periodic("41 3 * * *")
def forget_files(timestamp: int) -> None:
    """The counts of an import stay, its file is not needed any more."""
    long_ago = timezone.now() - timedelta(days=30)
    Import.objects.filter(run__ended_at__lt=long_ago).exclude(content=b"").update(content=b"")
