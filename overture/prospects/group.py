"""Groups: a workspace's private labels on prospects."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from overture.accounts.access import require
from overture.accounts.models import Membership
from overture.accounts.roles import Permission
from overture.activity.record import record
from overture.prospects.change import link, unlink
from overture.prospects.models import Group, Prospect

LONGEST = 80


class GroupError(ValueError):
    """A name that no group can have. Codes: empty, too_long, taken."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def make(member: Membership, name: str) -> Group:
    """A new group. Raises GroupError, `taken` also for a name that differs in capitals or accents only."""
    require(member, Permission.MANAGE_PROSPECTS)
    group = Group(workspace_id=member.workspace_id, name=_checked(name))
    _save(group)
    record("group_made", member.workspace_id, member, group=group.pk, name=group.name)
    return group


@transaction.atomic
def rename(member: Membership, group: Group, name: str) -> None:
    """Raises GroupError."""
    require(member, Permission.MANAGE_PROSPECTS)
    _own(member, group)
    before, group.name = group.name, _checked(name)
    _save(group)
    record("group_renamed", member.workspace_id, member, group=group.pk, before=before, name=group.name)


@transaction.atomic
def delete(member: Membership, group: Group) -> None:
    """The label goes, its prospects stay."""
    require(member, Permission.MANAGE_PROSPECTS)
    _own(member, group)
    record("group_deleted", member.workspace_id, member, group=group.pk, name=group.name)
    group.delete()


@transaction.atomic
def add(member: Membership, rows: QuerySet[Prospect], group: Group) -> int:
    """Puts the rows into the group; how many were not in it."""
    require(member, Permission.MANAGE_PROSPECTS)
    _own(member, group)
    return link(member, rows, group.pk, ("group_added", {"group": group.pk, "name": group.name}))


@transaction.atomic
def remove(member: Membership, rows: QuerySet[Prospect], group: Group) -> int:
    """Takes the rows out of the group; how many were in it."""
    require(member, Permission.MANAGE_PROSPECTS)
    _own(member, group)
    return unlink(member, rows, group.pk, ("group_removed", {"group": group.pk, "name": group.name}))


def _own(member: Membership, group: Group) -> None:
    """Raises Group.DoesNotExist for a group of another workspace."""
    Group.objects.visible_to(member).get(pk=group.pk)


def _checked(name: str) -> str:
    name = " ".join(name.replace("\0", " ").split())
    if not name:
        raise GroupError("empty")
    if len(name) > LONGEST:
        raise GroupError("too_long")
    return name


def _save(group: Group) -> None:
    try:
        with transaction.atomic():
            group.save()
    except IntegrityError as error:
        raise GroupError("taken") from error
