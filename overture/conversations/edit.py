"""Changes a message or takes it back, within ten minutes, by who wrote it."""

from __future__ import annotations

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from overture.accounts.access import require
from overture.accounts.models import Membership, User
from overture.accounts.roles import Permission
from overture.activity.record import record
from overture.conversations import words
from overture.conversations.add import checked
from overture.conversations.errors import MessageError
from overture.conversations.models import Conversation, Message
from overture.conversations.post import facts_of
from overture.conversations.pulse import beat, of_partner, of_workspace

CHANGEABLE = timedelta(minutes=10)


def is_changeable(message: Message, *, member: Membership | None = None, user: User | None = None) -> bool:
    is_own = message.member_id == member.pk if member else bool(user) and message.user_id == user.pk  # type: ignore[union-attr]
    return is_own and message.withdrawn_at is None and timezone.now() < message.created_at + CHANGEABLE


@transaction.atomic
def edit(
    message: Message, text: str, *, member: Membership | None = None, user: User | None = None
) -> Message:
    """Raises MessageError: empty, too_long, too_late, withdrawn; PermissionDenied for others' messages."""
    found = _own(message, member, user)
    text = checked(text, list(found.attachments.all()))
    if text == found.text:
        return found
    found.text, found.edited_at = text, timezone.now()
    found.save(update_fields=["text", "edited_at"])
    _tell(found, "message_edited", member)
    return found


@transaction.atomic
def withdraw(message: Message, *, member: Membership | None = None, user: User | None = None) -> Message:
    """Text and files are gone for both sides; that there was a message stays. Raises as edit() does."""
    found = _own(message, member, user)
    found.text, found.withdrawn_at = "", timezone.now()
    found.save(update_fields=["text", "withdrawn_at"])
    found.attachments.clear()
    _tell(found, "message_withdrawn", member)
    return found


def _own(message: Message, member: Membership | None, user: User | None) -> Message:
    rows = Message.objects.select_for_update(of=("self",)).select_related("conversation")
    found: Message = rows.get(pk=message.pk)
    if member is not None:
        require(member, Permission.MESSAGE)
    if found.member_id != (member.pk if member else None) or found.user_id != (user.pk if user else None):
        raise PermissionDenied("author")
    if found.withdrawn_at is not None:
        raise MessageError("message", "withdrawn")
    if timezone.now() >= found.created_at + CHANGEABLE:
        raise MessageError("message", "too_late", minutes=int(CHANGEABLE.total_seconds() // 60))
    return found


def _tell(message: Message, verb: str, member: Membership | None) -> None:
    conversation = message.conversation
    Conversation.objects.filter(pk=conversation.pk).update(version=F("version") + 1)
    words.renew(conversation.pk)
    record(verb, conversation.workspace_id, member, prospect_id=conversation.prospect_id, **facts_of(message))
    beat(of_workspace(conversation.workspace_id), of_partner(conversation.partner_id))
