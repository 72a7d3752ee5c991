"""Carries an import out: plans the whole file, then writes it in one transaction.

A worker killed at any moment leaves nothing half done: the job is taken up again, begins anew, and ends with
the same counts.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from itertools import islice
from typing import Any

from django.db import DatabaseError, InternalError, OperationalError, connection, transaction
from django.utils import timezone

from overture.directory.turns import whole_import
from overture.lib.csv_in import CsvError, Row, read_table
from overture.lib.memory import no_search_for_cycles
from overture.prospects.import_directory import DirectoryPlan
from overture.prospects.import_fields import Refused
from overture.prospects.import_file import mapping_of, opened
from overture.prospects.import_headings import MappingError
from overture.prospects.import_prospects import ProspectPlan
from overture.prospects.import_refusals import refuse
from overture.prospects.models import Import
from overture.runs.models import Run

CHUNK = 1_000
# Of an ordinary sheet, more than 100 MB hold; each row takes about a kilobyte of memory.
MOST_ROWS = 500_000
# The first half of the advisory lock; the second is the workspace.
_LOCK = 0x1A9087
_log = logging.getLogger("overture.imports")
AnyPlan = ProspectPlan | DirectoryPlan
_PLANS: dict[str, Callable[[Import], AnyPlan]] = {
    Import.Into.PROSPECTS: ProspectPlan,
    Import.Into.DIRECTORY: DirectoryPlan,
}


def carry_out(imported_id: int) -> Import:
    """The job of an import, dry or real. One that has ended is left as it is."""
    workspace_id, into = Import.objects.values_list("workspace_id", "into").get(pk=imported_id)
    with ExitStack() as alone:
        alone.enter_context(_alone(workspace_id))
        if into == Import.Into.DIRECTORY:
            alone.enter_context(whole_import())
        return _carry_out(imported_id)


def _carry_out(imported_id: int) -> Import:
    imported: Import = Import.objects.select_related("run__member__user").get(pk=imported_id)
    run = imported.run
    if run.state in (Run.State.DONE, Run.State.FAILED):
        return imported
    run.state, run.started_at, run.done = Run.State.RUNNING, timezone.now(), 0
    run.save(update_fields=["state", "started_at", "done"])
    try:
        with no_search_for_cycles():
            _settle(imported, _plan(imported))
    except (CsvError, MappingError) as error:
        _fail(run, error.code)
    except (OperationalError, InternalError):
        # The database went away, or ended what a stopped worker left alone: the job is tried again.
        raise
    except Exception:
        _log.exception("import %s broke", imported_id)
        _fail(run, "unexpected")
    else:
        _tell_the_planner(imported)
    return imported


def _tell_the_planner(imported: Import) -> None:
    """Fresh statistics after many rows: until the server gathers them, it plans for the table as it was."""
    if imported.is_dry_run or imported.created_count + imported.updated_count < CHUNK:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "ANALYZE overture_partner, overture_contact, overture_prospect, overture_prospect_groups"
        )


def _plan(imported: Import) -> AnyPlan:
    """Reads the file, writes down what is refused, and knows what is to be done."""
    meant = mapping_of(imported)
    if not meant.has_name:
        raise MappingError("no_name_column", "")
    imported.refusals.all().delete()
    imported.row_count = imported.refused_count = 0
    plan, tell = _PLANS[imported.into](imported), _progress(imported)
    with opened(imported) as file:
        imported.run.total = sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b"")) or 1
        for rows in _chunks(read_table(file).rows, CHUNK):
            imported.row_count += len(rows)
            if imported.row_count > MOST_ROWS:
                raise CsvError("too_many_rows", rows[0].line)
            readings = [(row, plan.read(row, meant)) for row in rows]
            refused = [each for _, each in readings if isinstance(each, Refused)]
            readable: Any = [(each, row.cells) for row, each in readings if not isinstance(each, Refused)]
            refused += plan.add(readable)
            imported.refused_count += refuse(imported, refused)
            # Of a real import reading is half of the work.
            tell(imported.row_count if imported.is_dry_run else imported.row_count // 2)
    imported.refused_count += refuse(imported, plan.finish())
    imported.created_count, imported.updated_count = plan.created, plan.updated
    imported.unchanged_count = plan.unchanged
    return plan


def _settle(imported: Import, plan: AnyPlan) -> None:
    """Writes the plan, unless the run is dry, and the counts, all at once."""
    run = imported.run
    with transaction.atomic():
        if not imported.is_dry_run:
            with _progress_aside(imported, len(plan)) as tell:
                plan.write(tell)
            plan.record()
        imported.save(
            update_fields=["row_count", "created_count", "updated_count", "unchanged_count", "refused_count"]
        )
        run.state, run.ended_at = Run.State.DONE, timezone.now()
        run.done = run.total = imported.row_count
        run.save(update_fields=["state", "ended_at", "done", "total"])


@contextmanager
def _alone(workspace_id: int) -> Iterator[None]:
    """One import of a workspace at a time, whoever runs it: a worker taken for dead may still be at it.

    The lock is the connection's, so that it ends with the process.
    """
    lock = [_LOCK, workspace_id % 2**31]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", lock)
    try:
        yield
    finally:
        with suppress(DatabaseError), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", lock)


def _fail(run: Run, problem: str) -> None:
    run.state, run.problem, run.ended_at = Run.State.FAILED, problem, timezone.now()
    run.save(update_fields=["state", "problem", "ended_at"])


def _progress(imported: Import) -> Callable[[int], None]:
    def tell(done: int) -> None:
        Run.objects.filter(pk=imported.run_id).update(done=done, total=imported.run.total)

    return tell


class _progress_aside:
    """Tells progress over a connection of its own, because nobody sees into the transaction that writes."""

    def __init__(self, imported: Import, count: int) -> None:
        self.run, self.count = imported.run, max(count, 1)
        self.aside = connection.copy()

    def __enter__(self) -> Callable[[int], None]:
        return self.tell

    def tell(self, written: int) -> None:
        total = self.run.total or 1
        done = total // 2 + total * written // self.count // 2
        with self.aside.cursor() as cursor:
            cursor.execute("UPDATE overture_run SET done = %s WHERE id = %s", [done, self.run.pk])

    def __exit__(self, *error: object) -> None:
        self.aside.close()


def _chunks(rows: Iterator[Row], size: int) -> Iterable[list[Row]]:
    while chunk := list(islice(rows, size)):
        yield chunk
