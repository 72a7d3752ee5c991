"""E-mail notices of new messages: a moment later, several in one, and none of what was read meanwhile.

Of each message once: `settle` takes up what nobody was told of, and enqueues a letter for each reader who is
told at once, in the same transaction. Who is told daily is told of what is unread since the last time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from overture.accounts.models import Membership, Notify
from overture.accounts.roles import ADMINISTRATOR
from overture.conversations.models import Conversation, Message, Side
from overture.directory.models import PartnerUser
from overture.jobs.task import enqueue

# So long a message waits: who looks at the page reads it there, and what follows comes in the same letter.
WAIT = timedelta(minutes=2)
# Of what is older, nobody is told at once any more: no worker ran for days, or it was brought in.
OLD = timedelta(days=7)
# Messages taken up in one go.
MOST = 1_000


@transaction.atomic
def settle(now: datetime | None = None) -> int:
    """How many messages were taken up. To be called again while it is MOST."""
    moment = now or timezone.now()
    due = _locked(Message.objects.filter(created_at__lte=moment - WAIT))
    if not due:
        return 0
    taken = _with_company(due)
    Message.objects.filter(pk__in=[each.pk for each in taken]).update(noticed_at=moment)
    fresh = [each for each in taken if each.created_at > moment - OLD and each.withdrawn_at is None]
    _tell_partners([each for each in fresh if each.side == Side.BRAND])
    _tell_members([each for each in fresh if each.side == Side.PARTNER])
    return len(due)


def daily() -> int:
    """Enqueues a letter for everybody who is told once a day; how many."""
    from overture.conversations.notice_jobs import tell_member, tell_person

    people = PartnerUser.objects.current().filter(notify=Notify.DAILY).values_list("pk", flat=True)
    members = Membership.objects.current().filter(notify=Notify.DAILY).values_list("pk", flat=True)
    for number in people:
        enqueue(tell_person, once=f"daily-person-{number}", number=number)
    for number in members:
        enqueue(tell_member, once=f"daily-member-{number}", number=number)
    return len(people) + len(members)


def responsible(conversations: Iterable[Conversation]) -> dict[int, set[int]]:
    """Members by conversation: owner, who it is assigned to, who wrote last; else who administers.

    Three queries, however many conversations.
    """
    rows = list(conversations)
    last = Message.objects.filter(conversation__in=rows, side=Side.BRAND, member__isnull=False)
    writers = dict(
        last.order_by("conversation", "-created_at").distinct("conversation").values_list(
            "conversation", "member"
        )
    )  # fmt: skip
    current: dict[int, set[int]] = defaultdict(set)
    administrators: dict[int, set[int]] = defaultdict(set)
    members = Membership.objects.current().filter(
        workspace__in={each.workspace_id for each in rows}, user__is_active=True
    )
    for number, workspace, role in members.values_list("pk", "workspace", "role"):
        current[workspace].add(number)
        if role == ADMINISTRATOR:
            administrators[workspace].add(number)
    told = {}
    for each in rows:
        owner = each.prospect.owner_id if each.prospect else None
        writer: int | None = writers.get(each.pk)
        wanted = {number for number in (owner, each.assignee_id, writer) if number is not None}
        told[each.pk] = (wanted & current[each.workspace_id]) or administrators[each.workspace_id]
    return told


def _with_company(due: Sequence[Message]) -> list[Message]:
    """With what the same readers would be told of next: all to the same partner, or to the same workspace."""
    partners = {each.conversation.partner_id for each in due if each.side == Side.BRAND}
    workspaces = {each.conversation.workspace_id for each in due if each.side == Side.PARTNER}
    same = Q(side=Side.BRAND, conversation__partner__in=partners) | Q(
        side=Side.PARTNER, conversation__workspace__in=workspaces
    )
    known = {each.pk for each in due}
    return [*due, *_locked(Message.objects.filter(same).exclude(pk__in=known))]


def _locked(rows: QuerySet[Message]) -> list[Message]:
    """Another worker that settles at the same time takes others."""
    unnoticed = rows.filter(noticed_at=None).select_related("conversation__prospect")
    return list(
        unnoticed.select_for_update(skip_locked=True, of=("self",)).order_by("created_at", "pk")[:MOST]
    )


def _tell_partners(messages: Sequence[Message]) -> None:
    from overture.conversations.notice_jobs import invite_reader, tell_person

    by_partner: dict[int, list[int]] = defaultdict(list)
    for message in messages:
        by_partner[message.conversation.partner_id].append(message.pk)
    people = PartnerUser.objects.current().filter(partner__in=by_partner)
    reachable = set()
    for number, partner, notify in people.values_list("pk", "partner", "notify"):
        reachable.add(partner)
        if notify == Notify.AT_ONCE:
            enqueue(tell_person, number=number, messages=by_partner[partner])
    for conversation in {each.conversation_id: each.conversation for each in messages}.values():
        if conversation.partner_id not in reachable:
            enqueue(invite_reader, number=conversation.pk)


def _tell_members(messages: Sequence[Message]) -> None:
    from overture.conversations.notice_jobs import tell_member

    told = responsible({each.conversation_id: each.conversation for each in messages}.values())
    by_member: dict[int, list[int]] = defaultdict(list)
    for message in messages:
        for number in told[message.conversation_id]:
            by_member[number].append(message.pk)
    wanted = Membership.objects.filter(pk__in=by_member, notify=Notify.AT_ONCE).values_list("pk", flat=True)
    for number in wanted:
        enqueue(tell_member, number=number, messages=by_member[number])
