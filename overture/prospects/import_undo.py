"""Takes an import back: what it made goes, what it changed is as before; who was contacted since stays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
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
    """An import that cannot be taken back. Codes: dry_run, not_done, undone."""

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
    if imported.is_dry_run:
        raise UndoError("dry_run")
    if run.state != Run.State.DONE:
        raise UndoError("not_done")
    if run.undone_at:
        raise UndoError("undone")
    undone = Undone()
    for changes in _slices(imported, run):
        _undo_slice(member, changes, undone)
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


def _slices(imported: Import, run: Run) -> Iterator[list[Any]]:
    """The changes, some hundred at a time, each knowing whether its prospect stays."""
    since = Q(planned_at__gte=run.started_at) | Q(done_at__gte=run.started_at)
    contacted = Contacted.objects.filter(
        since, workspace=imported.workspace_id, partner=OuterRef("prospect__partner")
    )
    later = ImportChange.objects.filter(
        prospect=OuterRef("prospect"), pk__gt=OuterRef("pk"), imported__run__undone_at=None
    )
    rows = ImportChange.objects.filter(imported=imported).select_related("prospect")
    marked = rows.annotate(was_contacted=Exists(contacted), was_imported=Exists(later))
    last = 0
    while changes := list(marked.filter(pk__gt=last).order_by("pk")[:_SLICE]):
        last = changes[-1].pk
        yield changes


def _undo_slice(member: Membership, changes: list[Any], undone: Undone) -> None:
    going = [change for change in changes if not _stays(change)]
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


def _stays(change: Any) -> bool:
    was_worked_on = change.before is None and change.prospect.stage != Stage.NEW
    return bool(change.was_contacted or change.was_imported or was_worked_on)


def _take_back_additions(changes: list[Any]) -> None:
    Note.objects.filter(pk__in=_added(changes, "notes")).delete()
    Contact.objects.filter(pk__in=_added(changes, "contacts")).delete()
    links = Prospect.groups.through.objects
    groups = {number for change in changes for number in change.added.get("groups", ())}
    for group in groups:
        prospects = [each.prospect_id for each in changes if group in each.added.get("groups", ())]
        links.filter(group_id=group, prospect_id__in=prospects).delete()


def _added(changes: list[Any], kind: str) -> list[int]:
    return [number for change in changes for number in change.added.get(kind, ())]


def _restore(change: Any) -> None:
    """Values as before where they are still those of the import: what a member wrote since stays."""
    fields = [
        field
        for field, before in change.before.items()
        if getattr(change.prospect, field) == change.added["set"][field]
    ]
    for field in fields:
        setattr(change.prospect, field, change.before[field])
    if fields:
        change.prospect.save(update_fields=fields)
    for number, (before, after) in change.added.get("names", {}).items():
        Contact.objects.filter(pk=number, first_name=after[0], last_name=after[1]).update(
            first_name=before[0], last_name=before[1]
        )


def _follow(member: Membership, changes: list[Any]) -> None:
    """A private partner is what its workspace says it is."""
    for change in changes:
        row = change.prospect
        values = {field: getattr(row, field) for field in change.before}
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
