"""An e-mail that somebody of the partner wrote comes into the thread; the portal shows none of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone

from overture.conversations import words
from overture.conversations.add import unread
from overture.conversations.models import Conversation, Message, Received, Side
from overture.conversations.pulse import beat, of_workspace
from overture.files.block import tell_sent
from overture.files.models import Attachment

LONGEST = 100_000


@dataclass(frozen=True)
class Written:
    """A received e-mail as it goes into a thread; `html` is clean, `at` when the server took it."""

    text: str
    at: datetime
    subject: str = ""
    sender_name: str = ""
    sender_address: str = ""
    contact_id: int | None = None
    quoted: str = ""
    html: str = ""
    is_automatic: bool = False
    away_until: date | None = None
    other_files: Sequence[dict[str, Any]] = field(default_factory=list)
    was_in_junk: bool = False


@transaction.atomic
def receive(conversation: Conversation, written: Written, attachments: Sequence[Attachment] = ()) -> Message:
    """The thread opens again and is unread. What a machine wrote is only shown: nobody has to answer it."""
    found: Conversation = Conversation.objects.select_for_update().get(pk=conversation.pk)
    message = Message.objects.create(
        conversation=found,
        side=Side.PARTNER,
        way=Message.Way.EMAIL,
        text=written.text.replace("\0", "")[:LONGEST],
        created_at=_moment(found, written),
        noticed_at=timezone.now() if written.is_automatic else None,
    )
    _keep(message, written)
    if attachments:
        message.attachments.add(*attachments)
        tell_sent(attachments)
    words.add(found.pk, " ".join([written.subject, message.text, *(each.name for each in attachments)]))
    if written.is_automatic:
        Conversation.objects.filter(pk=found.pk).update(version=F("version") + 1)
    else:
        _show(found, message)
    beat(of_workspace(found.workspace_id))
    conversation.refresh_from_db()
    return message


def _keep(message: Message, written: Written) -> None:
    Received.objects.create(
        message=message,
        contact_id=written.contact_id,
        sender_name=written.sender_name[:200],
        sender_address=written.sender_address[:320],
        subject=written.subject[:1000],
        quoted=written.quoted.replace("\0", "")[:LONGEST],
        html=written.html.replace("\0", ""),
        is_automatic=written.is_automatic,
        away_until=written.away_until,
        other_files=list(written.other_files),
        was_in_junk=written.was_in_junk,
    )


def _moment(conversation: Conversation, written: Written) -> datetime:
    """When the server took it: a mailbox read late must not date everything today. Never two at once."""
    at = min(written.at, timezone.now())
    while Message.objects.filter(conversation=conversation, created_at=at).exists():
        at += timedelta(microseconds=1)
    return at


def _show(conversation: Conversation, message: Message) -> None:
    """As with a message (add.py), except for what the partner's side sees of the conversation."""
    at = message.created_at
    top = conversation.top_message
    newest = {"top_message": message} if top is None or top.created_at < at else {}
    Conversation.objects.filter(pk=conversation.pk).update(
        top_at=Greatest(F("top_at"), at) if top else at,
        last_in_at=Greatest(F("last_in_at"), at),
        done_at=None,
        snoozed_until=None,
        version=F("version") + 1,
        **newest,
    )
    conversation.refresh_from_db(fields=["last_in_at"])
    unread(conversation, conversation.last_in_at or at)
