"""Archives prospects and brings them back; apart from their stage."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from overture.accounts.access import require
from overture.accounts.models import Membership
from overture.accounts.roles import Permission
from overture.prospects.change import change
from overture.prospects.models import Prospect


@dataclass(frozen=True)
class Archived:
    count: int
    # For undo(): says which ones went together, however many.
    token: str


@transaction.atomic
def archive(member: Membership, rows: QuerySet[Prospect]) -> Archived:
    """Archives those of the rows that are not; none is sent anything from then on."""
    require(member, Permission.MANAGE_PROSPECTS)
    now = timezone.now()
    count = change(member, rows, {"archived_at": now}, "archived_at IS NOT NULL", ("prospect_archived", {}))
    return Archived(count, now.isoformat())


@transaction.atomic
def restore(member: Membership, rows: QuerySet[Prospect]) -> int:
    """Brings archived ones back; how many."""
    require(member, Permission.MANAGE_PROSPECTS)
    return change(member, rows, {"archived_at": None}, "archived_at IS NULL", ("prospect_restored", {}))


def undo(member: Membership, token: str) -> int:
    """Brings back what was archived together; 0 for a token that names nothing (any more)."""
    require(member, Permission.MANAGE_PROSPECTS)
    try:
        moment = datetime.fromisoformat(token)
        # Not every offset and not every year is one to PostgreSQL.
        at = None if timezone.is_naive(moment) else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return 0
    if at is None:
        return 0
    return restore(member, Prospect.objects.visible_to(member).filter(archived_at=at))
