"""Pauses mailings whose mailbox was taken away or lost its connection, so that it says why it waits."""

from __future__ import annotations

from django.db import connection


def hold_without_mailbox() -> int:
    """How many were paused."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE overture_mailing m SET state = 'paused', updated_at = now(),
                reason = CASE WHEN b.removed_at IS NOT NULL THEN 'mailbox_removed'
                    WHEN b.state = 'reconnect' THEN 'mailbox_reconnect' ELSE 'mailbox_disconnected' END,
                reason_words = b.reason_words, reason_facts = jsonb_build_object('code', b.reason)
            FROM overture_mailbox b
            WHERE m.mailbox_id = b.id AND m.state IN ('sending', 'scheduled')
              AND (b.removed_at IS NOT NULL OR b.state <> 'connected')"""
        )
        return int(cursor.rowcount)
