"""Keeps what a conversation is found by: names, messages, names of files; without accents and capitals."""

from __future__ import annotations

from django.db import connection

# A tsvector holds a megabyte. A thread that has this much is found by what was written until then.
_MOST = 500_000


def begin(conversation_id: int) -> None:
    """The row of a new conversation, with the names it is found by."""
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO overture_threadwords (conversation_id, workspace_id, names, texts)
            SELECT c.id, c.workspace_id,
                   inbox_words(coalesce(prospect.search_text, partner.name)), ''
            FROM overture_conversation c JOIN overture_partner partner ON partner.id = c.partner_id
            LEFT JOIN overture_prospect prospect ON prospect.id = c.prospect_id
            WHERE c.id = %s ON CONFLICT DO NOTHING""",
            [conversation_id],
        )


def add(conversation_id: int, text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE overture_threadwords SET texts = texts || strip(inbox_words(%s))
            WHERE conversation_id = %s AND octet_length(texts::text) < %s""",
            [text, conversation_id, _MOST],
        )


def renew(conversation_id: int) -> None:
    """From all messages there are: a word that was taken out is not found any more."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE overture_threadwords SET texts = strip(inbox_words(left(coalesce((
                SELECT string_agg(coalesce(r.subject, '') || ' ' || m.text || ' ' || coalesce((
                    SELECT string_agg(a.name, ' ') FROM overture_message_attachments held
                    JOIN overture_attachment a ON a.id = held.attachment_id WHERE held.message_id = m.id
                ), ''), ' ' ORDER BY m.id DESC) FROM overture_message m
                LEFT JOIN overture_received r ON r.message_id = m.id WHERE m.conversation_id = %s
            ), ''), %s))) WHERE conversation_id = %s""",
            [conversation_id, _MOST // 2, conversation_id],
        )
