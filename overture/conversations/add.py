"""Adds a message to a conversation: what both sides have in common."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F

from overture.accounts.models import Membership, User
from overture.conversations import words
from overture.conversations.errors import MessageError
from overture.conversations.models import Conversation, Message, MessageDraft, Side
from overture.conversations.pulse import beat, of_partner, of_workspace
from overture.files.block import tell_sent
from overture.files.models import Attachment

LONGEST = 20_000


def checked(text: str, attachments: Sequence[Attachment]) -> str:
    """The text as it is kept. Raises MessageError; a file needs no words."""
    text = text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n").strip()
    if not text and not attachments:
        raise MessageError("text", "empty")
    if len(text) > LONGEST:
        raise MessageError("text", "too_long", most=LONGEST, length=len(text))
    most = settings.OVERTURE_FILES_PER_MESSAGE
    if len(attachments) > most:
        raise MessageError("attachments", "too_many_files", most=most, count=len(attachments))
    return text


@transaction.atomic
def add(
    conversation: Conversation,
    text: str,
    attachments: Sequence[Attachment] = (),
    *,
    member: Membership | None = None,
    user: User | None = None,
) -> Message:
    """One of `member` and `user` writes; `text` is checked. The conversation is locked until the commit."""
    found: Conversation = Conversation.objects.select_for_update().get(pk=conversation.pk)
    side = Side.BRAND if member else Side.PARTNER
    message = Message.objects.create(
        conversation=found, side=side, member=member, user=user, text=text, created_at=_after(found)
    )
    if attachments:
        message.attachments.add(*attachments)
        tell_sent(attachments)
    _show(found, message)
    words.add(found.pk, " ".join([text, *(each.name for each in attachments)]))
    MessageDraft.objects.filter(
        workspace_id=found.workspace_id, partner_id=found.partner_id, member=member, user=user
    ).delete()
    if side == Side.PARTNER:
        unread(found, message.created_at)
    beat(of_workspace(found.workspace_id), of_partner(found.partner_id))
    conversation.refresh_from_db()
    return message


def _after(conversation: Conversation) -> datetime:
    """Now by the database's clock; after the last message whatever the clocks say, so that order is time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
    seen = [each for each in (conversation.last_in_at, conversation.last_out_at) if each]
    return max([now, *(each + timedelta(microseconds=1) for each in seen)])


def _show(conversation: Conversation, message: Message) -> None:
    """The thread comes to the top, out of what was put aside; who marked it as spam is not asked again."""
    at = message.created_at
    way = "last_out_at" if message.side == Side.BRAND else "last_in_at"
    Conversation.objects.filter(pk=conversation.pk).update(
        last_message=message, top_message=message, last_at=at, top_at=at, done_at=None, snoozed_until=None,
        version=F("version") + 1, **{way: at},
    )  # fmt: skip


def unread(conversation: Conversation, at: datetime) -> None:
    """For everybody who is a member now; who joins later begins with nothing to catch up on."""
    if conversation.spam_at is not None:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO overture_unread (member_id, conversation_id, at)"
            " SELECT id, %s, %s FROM overture_membership WHERE workspace_id = %s AND removed_at IS NULL"
            " ON CONFLICT (member_id, conversation_id) DO UPDATE SET at = excluded.at",
            [conversation.pk, at, conversation.workspace_id],
        )
