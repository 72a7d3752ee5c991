"""Reads a conversation: how far each person came, and what is left unread."""

from __future__ import annotations

from django.db import connection, transaction
from django.db.models import F

from overture.accounts.models import Membership, User
from overture.conversations.models import Conversation, Unread
from overture.conversations.pulse import beat, of_partner, of_workspace

MOST_COUNTED = 1000


@transaction.atomic
def read(conversation: Conversation, *, member: Membership | None = None, user: User | None = None) -> bool:
    """Up to the newest message of the other side that this copy of the row knows; whether it was new.

    What came in since the row was read stays unread.
    """
    up_to = conversation.last_in_at if member else conversation.last_out_at
    if up_to is None:
        return False
    if member:
        Unread.objects.filter(member=member, conversation=conversation, at__lte=up_to).delete()
    who, number = ("member_id", member.pk) if member else ("user_id", user.pk if user else 0)
    # A receipt tells when the newest message was read, and stays as it is when it is read again.
    with connection.cursor() as cursor:
        cursor.execute(
            f"""INSERT INTO overture_readupto AS kept (conversation_id, {who}, up_to, read_at)
            VALUES (%s, %s, %s, now())
            ON CONFLICT ({who}, conversation_id) WHERE {who} IS NOT NULL
            DO UPDATE SET up_to = excluded.up_to, read_at = excluded.read_at
            WHERE kept.up_to < excluded.up_to""",  # noqa: S608
            [conversation.pk, number, up_to],
        )
        is_new = bool(cursor.rowcount == 1)
    if is_new:
        Conversation.objects.filter(pk=conversation.pk).update(version=F("version") + 1)
        beat(of_workspace(conversation.workspace_id), of_partner(conversation.partner_id))
    return is_new


@transaction.atomic
def unread_again(member: Membership, conversation: Conversation) -> None:
    """For this member alone, until opened again; where the partner never wrote there is nothing to read."""
    if conversation.last_in_at is None:
        return
    Unread.objects.get_or_create(
        member=member, conversation=conversation, defaults={"at": conversation.last_in_at}
    )
    beat(of_workspace(conversation.workspace_id))


def unread_count(member: Membership) -> int:
    """Threads with something unread, not counted beyond MOST_COUNTED; none of what was put aside."""
    return Unread.objects.filter(member=member)[:MOST_COUNTED].count()


def unread_count_of_user(user: User) -> int:
    """Conversations of the user's partners in which a brand wrote what the user has not read."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT count(*) FROM overture_partneruser p
            JOIN overture_conversation c ON c.partner_id = p.partner_id AND c.last_out_at IS NOT NULL
            LEFT JOIN overture_readupto r ON r.conversation_id = c.id AND r.user_id = p.user_id
            WHERE p.user_id = %s AND p.removed_at IS NULL AND c.blocked_at IS NULL
              AND c.last_out_at > coalesce(r.up_to, '-infinity')""",
            [user.pk],
        )
        return int(cursor.fetchone()[0])
