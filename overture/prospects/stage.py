"""Moves prospects from stage to stage by hand."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet

from overture.accounts.access import require
from overture.accounts.models import Membership
from overture.accounts.roles import Permission
from overture.prospects import search
from overture.prospects.change import change
from overture.prospects.models import Prospect, Stage

_OUT = {Stage.EXPIRED, Stage.REJECTED_BY_PARTNER, Stage.REJECTED_BY_YOU}
_OPEN = {Stage.OUTREACH, Stage.NEGOTIATING, Stage.JOINED}
# Nobody goes back to New: it says that there was no contact yet. Who joined can only leave.
MOVES: dict[str, frozenset[str]] = {
    Stage.NEW: frozenset(_OPEN | _OUT),
    Stage.OUTREACH: frozenset(_OPEN | _OUT) - {Stage.OUTREACH},
    Stage.NEGOTIATING: frozenset(_OPEN | _OUT) - {Stage.NEGOTIATING},
    Stage.JOINED: frozenset(_OUT),
    **{stage: frozenset(_OPEN | _OUT) - {stage} for stage in _OUT},
}


@dataclass(frozen=True)
class Moved:
    count: int
    # Left where they were, because this move does not exist; those there already are not counted.
    not_allowed: int


@transaction.atomic
def move(member: Membership, rows: QuerySet[Prospect], stage: str) -> Moved:
    """Moves the rows whose stage allows it. Raises ValueError for an unknown stage."""
    require(member, Permission.MANAGE_PROSPECTS)
    to = Stage(stage)
    before = [start for start, ends in MOVES.items() if to in ends]
    refused = rows.filter(workspace_id=member.workspace_id).exclude(stage__in=[*before, to]).count()
    # Joining clears addresses and leaving hides them again; these are few, never a whole list.
    shown = rows.filter(workspace_id=member.workspace_id)
    shown = shown.exclude(stage=to) if to == Stage.JOINED else shown.filter(stage=Stage.JOINED)
    affected = list(shown.values_list("pk", flat=True))
    condition = "stage NOT IN (" + ", ".join(f"'{start.value}'" for start in map(Stage, before)) + ")"
    count = (
        change(member, rows, {"stage": to.value}, condition, ("stage_changed", {"to": to.value}))
        if before
        else 0
    )
    search.refresh(affected)
    return Moved(count, refused)
