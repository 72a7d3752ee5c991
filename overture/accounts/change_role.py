"""Changes what a member may do, or takes a member out; a workspace keeps an administrator, always."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from overture.accounts.access import require
from overture.accounts.models import ApiToken, Membership, Workspace
from overture.accounts.roles import ADMINISTRATOR, ROLES, Permission


class LastAdministrator(Exception):
    """The workspace would be left without anybody who may change it."""


@transaction.atomic
def change_role(member: Membership, other: Membership, role: str) -> None:
    """Raises LastAdministrator."""
    require(member, Permission.ADMINISTER)
    if role not in ROLES:
        raise ValueError(role)
    if role != ADMINISTRATOR:
        _require_another_administrator(other)
    Membership.objects.visible_to(member).filter(pk=other.pk).update(role=role)


@transaction.atomic
def remove_member(member: Membership, other: Membership) -> None:
    """Raises LastAdministrator. The row stays for what the person sent and wrote; tokens end at once."""
    require(member, Permission.ADMINISTER)
    _require_another_administrator(other)
    Membership.objects.visible_to(member).filter(pk=other.pk).update(removed_at=timezone.now())
    ApiToken.objects.filter(member=other, revoked_at=None).update(revoked_at=timezone.now())


def _require_another_administrator(other: Membership) -> None:
    # Two administrators who remove each other at once take turns here.
    Workspace.objects.select_for_update().get(pk=other.workspace_id)
    administrators = Membership.objects.current().filter(workspace_id=other.workspace_id, role=ADMINISTRATOR)
    if not administrators.exclude(pk=other.pk).exists():
        raise LastAdministrator
