"""What hangs on the people of two partners that become one: who is signed in, invitations, conversations."""

from __future__ import annotations

from django.db.models import F, QuerySet
from django.utils import timezone

from overture.conversations import words
from overture.conversations.models import Conversation, Message, MessageDraft, ReadUpTo, Unread
from overture.directory.models import Partner, PartnerClaim, PartnerInvitation, PartnerUser
from overture.prospects.models import Prospect


def move_people(old: Partner, new: Partner) -> None:
    """Who signs in for the old one does for the new one. Where that had nobody, their switches hold, too."""
    if not PartnerUser.objects.current().filter(partner=new).exists():
        new.has_messaging = old.has_messaging if _has_users(old) else new.has_messaging
    new.logo_id = new.logo_id or old.logo_id
    new.save(update_fields=["has_messaging", "logo"])
    for row in PartnerUser.objects.filter(partner=old):
        same = PartnerUser.objects.filter(partner=new, user=row.user_id)
        if not same.exists():
            PartnerUser.objects.filter(pk=row.pk).update(partner=new)
        elif row.removed_at is None:
            same.update(removed_at=None)
    PartnerUser.objects.filter(partner=old).delete()
    PartnerClaim.objects.filter(partner=old).update(partner=new)
    # Links to claim what is gone lead nowhere; who needs one is invited to the new one.
    PartnerInvitation.objects.filter(partner=old, ended_at=None).update(ended_at=timezone.now())
    PartnerInvitation.objects.filter(partner=old).update(partner=new)


def move_conversations(old: Partner, new: Partner) -> None:
    """Each workspace has one conversation with what stays; after its prospects were moved."""
    locked = Conversation.objects.select_for_update().filter(partner__in=[old, new]).order_by("pk")
    rows = {(row.workspace_id, row.partner_id): row for row in locked}
    for (workspace, partner), row in rows.items():
        kept = rows.get((workspace, new.pk))
        if partner == old.pk and kept is not None:
            _take_in(kept, row)
    Conversation.objects.filter(partner=old).update(partner=new, version=F("version") + 1)
    for prospect in Prospect.objects.filter(partner=new):
        Conversation.objects.filter(partner=new, workspace=prospect.workspace_id).update(prospect=prospect)
    _move_drafts(old, new)


def _take_in(kept: Conversation, gone: Conversation) -> None:
    Message.objects.filter(conversation=gone).update(conversation=kept)
    _join_readers(kept, gone)
    known = Unread.objects.filter(conversation=kept).values("member_id")
    Unread.objects.filter(conversation=gone).exclude(member__in=known).update(conversation=kept)
    newest = kept.messages.order_by("-created_at", "-pk")
    kept.last_message = newest.filter(way=Message.Way.MESSAGE).first()
    kept.top_message = newest.exclude(received__is_automatic=True).first()
    kept.last_at = max(kept.last_at, gone.last_at)
    kept.top_at = max(kept.top_at, gone.top_at)
    for name in ("last_in_at", "last_out_at"):
        setattr(kept, name, max(filter(None, (getattr(kept, name), getattr(gone, name))), default=None))
    # Who stopped one of them stopped the brand.
    kept.blocked_at = kept.blocked_at or gone.blocked_at
    kept.reported_at = kept.reported_at or gone.reported_at
    kept.assignee_id = kept.assignee_id or gone.assignee_id
    for name in ("done_at", "snoozed_until", "spam_at"):
        if getattr(gone, name) is None:
            setattr(kept, name, None)
    kept.version = max(kept.version, gone.version) + 1
    kept.save()
    gone.delete()
    words.renew(kept.pk)


def _join_readers(kept: Conversation, gone: Conversation) -> None:
    """Read is what was read in both: a message seen twice is better than one that is not seen."""
    read = {(each.member_id, each.user_id): each.up_to for each in gone.readers.all()}
    for each in kept.readers.all():
        up_to = read.get((each.member_id, each.user_id))
        if up_to is None:
            each.delete()
        elif up_to < each.up_to:
            ReadUpTo.objects.filter(pk=each.pk).update(up_to=up_to)


def _move_drafts(old: Partner, new: Partner) -> None:
    drafts: QuerySet[MessageDraft] = MessageDraft.objects.filter(partner=old)
    for draft in drafts:
        same = MessageDraft.objects.filter(
            partner=new, workspace=draft.workspace_id, member=draft.member_id, user=draft.user_id
        )
        if same.exists():
            draft.delete()
        else:
            MessageDraft.objects.filter(pk=draft.pk).update(partner=new)


def _has_users(partner: Partner) -> bool:
    return bool(PartnerUser.objects.current().filter(partner=partner).exists())
