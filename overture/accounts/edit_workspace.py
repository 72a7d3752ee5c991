"""Changes a workspace and its programs."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from overture.accounts.access import require
from overture.accounts.models import Membership, Program, Workspace
from overture.accounts.roles import Permission

LONGEST_CONTACT_DAYS = 365


class WorkspaceError(ValueError):
    """A field that cannot stand, by name."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def edit_workspace(member: Membership, **fields: Any) -> Workspace:
    """Changes what is named: name, postal_address, contact_days (0 turns the policy off), time_zone,
    is_open_to_partners.

    Raises WorkspaceError, and PermissionDenied for who does not administer.
    """
    require(member, Permission.ADMINISTER)
    for name, value in fields.items():
        if not _may_stand(name, value):
            raise WorkspaceError(name)
    workspace = member.workspace
    Workspace.objects.filter(pk=workspace.pk).update(**fields)
    workspace.refresh_from_db()
    return workspace


def make_program(member: Membership, name: str, kind: str) -> Program:
    require(member, Permission.ADMINISTER)
    return Program.objects.create(workspace_id=member.workspace_id, name=name, kind=kind)


def edit_program(member: Membership, program: Program, name: str, kind: str) -> None:
    require(member, Permission.ADMINISTER)
    Program.objects.visible_to(member).filter(pk=program.pk).update(name=name, kind=kind)


def _may_stand(name: str, value: Any) -> bool:
    match name:
        case "name":
            return (
                isinstance(value, str) and len(value.strip()) > 0 and len(value) <= 120 and "\0" not in value
            )
        case "postal_address":
            return isinstance(value, str) and len(value) <= 500 and "\0" not in value
        case "contact_days":
            return isinstance(value, int) and 0 <= value <= LONGEST_CONTACT_DAYS
        case "is_open_to_partners":
            return isinstance(value, bool)
        case "time_zone":
            return value in available_timezones()
        case _:
            return False
