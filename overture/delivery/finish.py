"""Ends a mailing when nothing of it is queued, deferred or leased, and says why another one waits."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction

from overture.delivery.by_index import by_index

# An unknown does not hold a mailing open.
_IS_OVER = """
    m.state IN ('sending', 'paused') AND m.starts_at <= clock_timestamp() {mailbox}
      AND NOT EXISTS (SELECT FROM overture_queued q WHERE q.mailing_id = m.id)
      AND NOT EXISTS (SELECT FROM overture_lease l WHERE NOT l.has_ended AND l.mailings @> ARRAY[m.id])
"""
# Held first and then looked at again: rows may just be coming back (settle.py).
_HOLD = "SELECT m.id FROM overture_mailing m WHERE {over} ORDER BY m.id FOR NO KEY UPDATE"
_DONE = """
    UPDATE overture_mailing m SET state = 'done', done_at = now(), reason = '', reason_words = '',
        reason_facts = '{{}}',
        updated_at = now()
    WHERE m.id = ANY(%(held)s) AND {over}
    RETURNING m.id, m.workspace_id
"""
_RECORD = """
WITH done AS ({done})
INSERT INTO overture_activity (workspace_id, verb, mailing_id, facts, at)
SELECT workspace_id, 'mailing_done', id, '{{}}', now() FROM done
"""


def finish(mailbox_id: int | None = None) -> int:
    """Marks as done what is over, of one mailbox or all; answers how many."""
    over = _IS_OVER.format(mailbox="AND m.mailbox_id = %(mailbox)s" if mailbox_id else "")
    with transaction.atomic(), by_index(), connection.cursor() as cursor:
        cursor.execute(_HOLD.format(over=over), {"mailbox": mailbox_id})
        held = [row[0] for row in cursor.fetchall()]
        if not held:
            return 0
        done = _DONE.format(over=over)
        cursor.execute(_RECORD.format(done=done), {"mailbox": mailbox_id, "held": held})
        return int(cursor.rowcount)


def explain(mailings: Sequence[int], reason: str, words: str = "", **facts: Any) -> None:
    """Why these mailings wait; an empty reason: they do not. Writes only what is new."""
    if not mailings:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE overture_mailing SET reason = %(reason)s, reason_words = %(words)s, reason_facts =
                %(facts)s,
                updated_at = now()
            WHERE id = ANY(%(mailings)s) AND state = 'sending'
              AND (reason, reason_words, reason_facts) IS DISTINCT FROM (%(reason)s, %(words)s,
                  %(facts)s::jsonb)""",
            {"mailings": list(mailings), "reason": reason, "words": words[:500], "facts": json.dumps(facts)},
        )
