"""Takes an import back: what it made goes, what it changed is as before; who was contacted since stays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from overture.accounts.access import require
from overture.accounts.models import Membership
from overture.accounts.roles import Permission
from overture.activity.record import record
from overture.directory.models import Contact, Partner
from overture.lib import websites
from overture.prospects import search
from overture.prospects.models import Contacted, Group, Import, ImportChange, Note, Prospect, Stage
from overture.runs.models import Run

_SLICE = 1_000


class UndoError(ValueError):
    """An import that cannot be taken back. Codes: dry_run, directory, not_done, undone."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass
class Undone:
    removed: int = 0
    restored: int = 0
    # Contacted since, worked on since, or touched by a later import: left as they are.
    kept: int = 0


@transaction.atomic
def undo(member: Membership, imported: Import) -> Undone:
    """Undoes the import. Raises UndoError, and Run.DoesNotExist for one of another workspace."""
    require(member, Permission.MANAGE_PROSPECTS)
    run = Run.objects.visible_to(member).select_for_update().get(pk=imported.run_id)
    check(imported, run)
    undone = Undone()
    for changes in _slices(imported):
        _undo_slice(member, run, changes, undone)
    _remove_empty_groups(member, run)
    run.undone_at = timezone.now()
    run.save(update_fields=["undone_at"])
    record(
        "import_undone",
        member.workspace_id,
        member,
        imported=imported.pk,
        file=imported.file_name,
        removed=undone.removed,
        restored=undone.restored,
        kept=undone.kept,
    )
    return undone


def check(imported: Import, run: Run) -> None:
    """Raises UndoError."""
    if imported.is_dry_run:
        raise UndoError("dry_run")
    if imported.into == Import.Into.DIRECTORY:
        # Workspaces have marked and written to what came in.
        raise UndoError("directory")
    if run.state != Run.State.DONE:
        raise UndoError("not_done")
    if run.undone_at:
        raise UndoError("undone")


def _slices(imported: Import) -> Iterator[list[ImportChange]]:
    """The changes, some hundred at a time."""
    rows = ImportChange.objects.filter(imported=imported).select_related("prospect").order_by("pk")
    last = 0
    while changes := list(rows.filter(pk__gt=last)[:_SLICE]):
        last = changes[-1].pk
        yield changes


def _undo_slice(member: Membership, run: Run, changes: list[ImportChange], undone: Undone) -> None:
    staying = _staying(run, changes)
    going = [change for change in changes if change.prospect_id not in staying]
    undone.kept += len(changes) - len(going)
    made = [change for change in going if change.before is None]
    changed = [change for change in going if change.before is not None]
    _take_back_additions(going)
    for change in changed:
        _restore(change)
    _follow(member, [change for change in changed if change.before])
    _remove(member, [change.prospect for change in made])
    search.refresh(change.prospect_id for change in changed)
    undone.removed += len(made)
    undone.restored += len(changed)


def _staying(run: Run, changes: list[ImportChange]) -> set[int]:
    """Prospects contacted since, touched by a later import, or made and moved on from New."""
    prospects = [change.prospect_id for change in changes]
    since = Q(planned_at__gte=run.started_at) | Q(done_at__gte=run.started_at)
    contacted = set(
        Contacted.objects.filter(
            since, workspace=run.workspace_id, partner__in=[change.prospect.partner_id for change in changes]
        ).values_list("partner", flat=True)
    )
    later = ImportChange.objects.filter(
        prospect__in=prospects, imported__run__started_at__gt=run.started_at, imported__run__undone_at=None
    )
    staying = set(later.values_list("prospect", flat=True))
    for change in changes:
        was_worked_on = change.before is None and change.prospect.stage != Stage.NEW
        if was_worked_on or change.prospect.partner_id in contacted:
            staying.add(change.prospect_id)
    return staying


def _take_back_additions(changes: list[ImportChange]) -> None:
    Note.objects.filter(pk__in=_added(changes, "notes")).delete()
    Contact.objects.filter(pk__in=_added(changes, "contacts")).delete()
    links = Prospect.groups.through.objects
    groups = {number for change in changes for number in change.added.get("groups", ())}
    for group in groups:
        prospects = [each.prospect_id for each in changes if group in each.added.get("groups", ())]
        links.filter(group_id=group, prospect_id__in=prospects).delete()


def _added(changes: list[ImportChange], kind: str) -> list[int]:
    return [number for change in changes for number in change.added.get(kind, ())]


def _restore(change: ImportChange) -> None:
    """Values as before where they are still those of the import: what a member wrote since stays."""
    before: dict[str, Any] = change.before or {}
    fields = [field for field in before if getattr(change.prospect, field) == change.added["set"][field]]
    for field in fields:
        setattr(change.prospect, field, before[field])
    if fields:
        change.prospect.save(update_fields=fields)
    for number, (had, got) in change.added.get("names", {}).items():
        Contact.objects.filter(pk=number, first_name=got[0], last_name=got[1]).update(
            first_name=had[0], last_name=had[1]
        )


def _follow(member: Membership, changes: list[ImportChange]) -> None:
    """A private partner is what its workspace says it is."""
    for change in changes:
        row = change.prospect
        values = {field: getattr(row, field) for field in change.before or ()}
        if "website" in values:
            values["website_key"] = websites.match_key(row.website) or ""
        Partner.objects.filter(pk=row.partner_id, workspace_id=member.workspace_id).update(**values)


def _remove(member: Membership, prospects: list[Prospect]) -> None:
    partners = [prospect.partner_id for prospect in prospects]
    Prospect.objects.visible_to(member).filter(pk__in=[prospect.pk for prospect in prospects]).delete()
    private: QuerySet[Partner] = Partner.objects.filter(pk__in=partners, workspace_id=member.workspace_id)
    private.filter(prospect=None).delete()


def _remove_empty_groups(member: Membership, run: Run) -> None:
    made = Group.objects.visible_to(member).filter(
        created_at__gte=run.started_at, created_at__lte=run.ended_at
    )
    made.filter(prospects=None).delete()
