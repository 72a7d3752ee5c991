"""Tells a member something on the page, and keeps what was read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from overture.accounts.models import Membership
from overture.notices.models import Notice

KEPT = timedelta(days=90)


def notify(member: Membership, kind: str, **facts: Any) -> Notice:
    """`kind` names the wording, templates/notices/<kind>.html; `facts`: JSON values for it."""
    return Notice.objects.create(workspace_id=member.workspace_id, member=member, kind=kind, facts=facts)


def notices(member: Membership) -> QuerySet[Notice]:
    """Those told to this member, and to nobody else of the workspace."""
    rows: QuerySet[Notice] = Notice.objects.visible_to(member).filter(member=member)
    return rows


def unread(member: Membership) -> int:
    return notices(member).filter(read_at=None).count()


def read(member: Membership, numbers: Iterable[int]) -> int:
    """How many of these were not read before."""
    return _read(notices(member).filter(pk__in=set(numbers)))


def read_all(member: Membership) -> int:
    """How many were not read before."""
    return _read(notices(member))


def forget() -> int:
    """Deletes what was told long ago, read or not; how many."""
    return Notice.objects.filter(created_at__lt=timezone.now() - KEPT).delete()[0]


def _read(rows: QuerySet[Notice]) -> int:
    return rows.filter(read_at=None).update(read_at=timezone.now())
