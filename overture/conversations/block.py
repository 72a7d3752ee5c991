"""The partner stops a workspace from writing, lets it write again, or reports it as spam."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from overture.accounts.models import User
from overture.activity.record import record
from overture.conversations.answer import require_user
from overture.conversations.models import Conversation
from overture.conversations.pulse import beat, of_partner, of_workspace


def block(user: User, conversation: Conversation) -> bool:
    """Whether it was not blocked before. PermissionDenied for who is not of the partner."""
    return _set(user, conversation, "messages_blocked", {"blocked_at": None}, {"blocked_at": timezone.now()})


def unblock(user: User, conversation: Conversation) -> bool:
    """Takes a report back as well: who may write is no spammer."""
    rows = {"blocked_at__isnull": False}
    return _set(user, conversation, "messages_allowed", rows, {"blocked_at": None, "reported_at": None})


def report_spam(user: User, conversation: Conversation) -> bool:
    """Blocks, too."""
    now = timezone.now()
    if conversation.blocked_at is None:
        block(user, conversation)
    return _set(user, conversation, "reported_as_spam", {"reported_at": None}, {"reported_at": now})


@transaction.atomic
def _set(
    user: User,
    conversation: Conversation,
    verb: str,
    where: Mapping[str, object],
    values: Mapping[str, object],
) -> bool:
    require_user(user, conversation.partner_id)
    rows = Conversation.objects.filter(pk=conversation.pk, **where)
    is_new = bool(rows.update(version=F("version") + 1, **values))
    if is_new:
        # Who of the partner it was is not the brand's to know.
        record(verb, conversation.workspace_id, prospect_id=conversation.prospect_id)
        beat(of_workspace(conversation.workspace_id), of_partner(conversation.partner_id))
    conversation.refresh_from_db()
    return is_new
