"""Says which member looks after prospects."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404

from overture.accounts.access import require
from overture.accounts.models import Membership
from overture.accounts.roles import Permission
from overture.prospects.change import change
from overture.prospects.models import Prospect


@transaction.atomic
def assign(member: Membership, rows: QuerySet[Prospect], owner: Membership | None) -> int:
    """Gives the rows to `owner`, or to nobody; how many changed. Http404 for a stranger."""
    require(member, Permission.MANAGE_PROSPECTS)
    if owner is not None and owner.workspace_id != member.workspace_id:
        raise Http404
    same = "owner_id IS NULL" if owner is None else f"owner_id IS NOT DISTINCT FROM {int(owner.pk)}"
    facts = {"owner": owner.pk if owner else None, "name": str(owner) if owner else ""}
    return change(member, rows, {"owner_id": owner.pk if owner else None}, same, ("owner_changed", facts))
