"""Where threads stand in the inbox: done, snoozed, spam, open again; one or many, with a way back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from overture.accounts.access import require
from overture.accounts.models import Membership
from overture.accounts.roles import Permission
from overture.conversations.errors import MessageError
from overture.conversations.models import Conversation, State, Unread
from overture.conversations.pulse import beat, of_workspace

_OPEN: dict[str, Any] = {"done_at": None, "snoozed_until": None, "spam_at": None}
_KEPT = ("pk", "done_at", "snoozed_until", "spam_at", "assignee_id")


def done(member: Membership, rows: QuerySet[Conversation]) -> int:
    """Out of the list until the next message. How many were not done before."""
    return _set(member, rows.exclude(state=State.DONE), {**_OPEN, "done_at": timezone.now()})


def snooze(member: Membership, rows: QuerySet[Conversation], until: datetime) -> int:
    """Out of the list until then, or until the next message. Raises MessageError for what is past."""
    if until <= timezone.now():
        raise MessageError("until", "past")
    return _set(member, rows, {**_OPEN, "snoozed_until": until})


def mark_spam(member: Membership, rows: QuerySet[Conversation]) -> int:
    """Out of the list for good: what comes in stays there, unread by nobody."""
    return _set(member, rows.exclude(state=State.SPAM), {**_OPEN, "spam_at": timezone.now()})


def reopen(member: Membership, rows: QuerySet[Conversation]) -> int:
    """Back into the list: done, snoozed and spam alike."""
    return _set(member, rows.exclude(state=State.OPEN), _OPEN)


def standing(rows: QuerySet[Conversation]) -> list[list[Any]]:
    """How these stand now, as JSON values: what put_back() takes."""
    return [
        [number, *(each.isoformat() if each else None for each in moments), assignee]
        for number, *moments, assignee in rows.values_list(*_KEPT)
    ]


@transaction.atomic
def put_back(member: Membership, was: Iterable[Any]) -> int:
    """Each as it stood before; those that are gone, or of another workspace, are left out."""
    require(member, Permission.MESSAGE)
    count = 0
    colleagues = set(Membership.objects.visible_to(member).values_list("pk", flat=True))
    for number, done_at, snoozed_until, spam_at, assignee in was:
        moments = [
            datetime.fromisoformat(each) if each else None for each in (done_at, snoozed_until, spam_at)
        ]
        values = dict(zip(("done_at", "snoozed_until", "spam_at"), moments, strict=True))
        rows = Conversation.objects.visible_to(member).filter(pk=number)
        count += rows.update(
            assignee=assignee if assignee in colleagues else None, version=F("version") + 1, **values
        )
    beat(of_workspace(member.workspace_id))
    return count


@transaction.atomic
def wake() -> int:
    """Brings back those whose snooze has ended, to the top as of then; how many."""
    rows = Conversation.objects.select_for_update(skip_locked=True).filter(snoozed_until__lte=timezone.now())
    ended = list(rows.values_list("pk", "workspace_id"))
    Conversation.objects.filter(pk__in=[number for number, _ in ended]).update(
        top_at=F("snoozed_until"), snoozed_until=None, version=F("version") + 1
    )
    beat(*(of_workspace(workspace) for workspace in sorted({workspace for _, workspace in ended})))
    return len(ended)


@transaction.atomic
def _set(member: Membership, rows: QuerySet[Conversation], values: dict[str, Any]) -> int:
    require(member, Permission.MESSAGE)
    own = rows.filter(workspace_id=member.workspace_id).order_by().values("pk")
    numbers = list(own.values_list("pk", flat=True))
    count = Conversation.objects.filter(pk__in=numbers).update(version=F("version") + 1, **values)
    if values is not _OPEN:
        # What was put aside is read: nobody sees it in the list, and the next message makes it unread again.
        Unread.objects.filter(conversation__in=numbers).delete()
    beat(of_workspace(member.workspace_id))
    return count
