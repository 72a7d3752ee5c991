"""The partner writes: answers in a conversation, or begins one where the brand allows it."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from overture.accounts.models import User, Workspace
from overture.activity.record import record
from overture.conversations.add import add, checked
from overture.conversations.errors import MessageError
from overture.conversations.models import Conversation, Message
from overture.conversations.post import conversation_with, facts_of
from overture.directory.models import Partner, PartnerUser
from overture.files.models import Attachment
from overture.prospects.models import Prospect


@transaction.atomic
def answer(
    user: User, conversation: Conversation, text: str, attachments: Sequence[Attachment] = ()
) -> Message:
    """Raises MessageError, and PermissionDenied for who is not of the partner."""
    require_user(user, conversation.partner_id)
    text = checked(text, attachments)
    if conversation.blocked_at is not None:
        raise MessageError("", "you_blocked")
    message = add(conversation, text, attachments, user=user)
    prospect_id = conversation.prospect_id
    record("message_received", conversation.workspace_id, prospect_id=prospect_id, **facts_of(message))
    if prospect_id is not None:
        Prospect.objects.filter(pk=prospect_id).update(active_at=timezone.now())
    return message


@transaction.atomic
def begin(
    user: User, partner: Partner, workspace: Workspace, text: str, attachments: Sequence[Attachment] = ()
) -> Message:
    """The partner writes first. Raises MessageError where the brand does not allow it, PermissionDenied."""
    require_user(user, partner.pk)
    rows = Conversation.objects.filter(workspace=workspace, partner=partner)
    known = rows.filter(last_message__isnull=False).first()
    if known is None:
        checked(text, attachments)
        if not workspace.is_open_to_partners:
            raise MessageError("", "not_open")
        prospect = Prospect.objects.filter(workspace=workspace, partner=partner).first()
        known = conversation_with(workspace.pk, partner.pk, prospect)
    return answer(user, known, text, attachments)


def require_user(user: User, partner_id: int) -> None:
    if not PartnerUser.objects.filter(user=user, partner_id=partner_id, removed_at=None).exists():
        raise PermissionDenied("partner")
