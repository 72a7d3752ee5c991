"""Ids in a request turned into rows, and the verbs called with them: for one prospect and for many."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from overture.accounts.models import Membership
from overture.api.problems import Fault, Problem, invalid
from overture.api.wording import words
from overture.directory.models import Contact
from overture.prospects import group as groups
from overture.prospects import owner as owners
from overture.prospects import stage as stages
from overture.prospects.models import Group, Prospect


def move(member: Membership, rows: QuerySet[Any], stage: str) -> int:
    """How many moved. Raises Problem where one of the rows cannot go there."""
    moved = stages.move(member, rows, stage)
    if moved.not_allowed:
        fault = Fault("stage", "no_such_move", words("no_such_move"))
        raise Problem("conflict", fault.message, [fault], not_allowed=moved.not_allowed)
    return moved.count


def assign_owner(member: Membership, rows: QuerySet[Any], number: int | None) -> int:
    owner = _named(Membership.objects.visible_to(member), "owner", number) if number is not None else None
    return owners.assign(member, rows, owner)


def find_group(member: Membership, number: int, field: str = "group") -> Group:
    found: Group = _named(Group.objects.visible_to(member), field, number)
    return found


def set_groups(member: Membership, prospect: Prospect, numbers: list[int]) -> None:
    wanted = [find_group(member, number, "groups") for number in dict.fromkeys(numbers)]
    rows = Prospect.objects.visible_to(member).filter(pk=prospect.pk)
    now = list(prospect.groups.all())
    for group in wanted:
        groups.add(member, rows, group)
    for group in now:
        if group not in wanted:
            groups.remove(member, rows, group)


def find_contact(member: Membership, prospect: Prospect, number: int | None) -> Contact | None:
    if number is None:
        return None
    people = Contact.objects.visible_to(member).filter(partner_id=prospect.partner_id, erased_at=None)
    found: Contact = _named(people, "primary_contact", number)
    return found


def _named(rows: QuerySet[Any], field: str, number: int) -> Any:
    """A row that a body names: a 404 would say that the address is wrong."""
    found = rows.filter(pk=number).first()
    if found is None:
        raise invalid(Fault(field, "unknown", words("unknown_id")))
    return found
