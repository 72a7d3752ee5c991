"""Says which member looks after threads."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.http import Http404

from overture.accounts.access import require
from overture.accounts.models import Membership
from overture.accounts.roles import Permission
from overture.activity.record import record
from overture.conversations.inbox import name_of
from overture.conversations.models import Conversation
from overture.conversations.pulse import beat, of_workspace
from overture.notices.notices import notify


@transaction.atomic
def assign(member: Membership, rows: QuerySet[Conversation], to: Membership | None) -> int:
    """Gives the threads to a member, or to nobody; how many changed. Who gets some is told by a notice.

    Http404 for a stranger.
    """
    require(member, Permission.MESSAGE)
    if to is not None and (to.workspace_id != member.workspace_id or to.removed_at is not None):
        raise Http404
    own = rows.filter(workspace_id=member.workspace_id)
    same = {"assignee": to} if to else {"assignee__isnull": True}
    changed = list(own.exclude(**same).select_related("prospect", "partner"))
    Conversation.objects.filter(pk__in=[each.pk for each in changed]).update(
        assignee=to, version=F("version") + 1
    )
    facts: dict[str, Any] = {"assignee": to.pk if to else None, "name": str(to) if to else ""}
    for each in changed:
        prospect = each.prospect_id
        record(
            "conversation_assigned",
            member.workspace_id,
            member,
            prospect_id=prospect,
            conversation=each.pk,
            **facts,
        )
    if to is not None and to != member and changed:
        names = [name_of(each) for each in changed[:3]]
        notify(to, "assigned", who=str(member), names=names, count=len(changed), conversation=changed[0].pk)
    beat(of_workspace(member.workspace_id))
    return len(changed)
