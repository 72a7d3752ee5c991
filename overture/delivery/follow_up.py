"""What follows for prospects from what was settled: contact made or not, New to Outreach, last activity.

It is written lease by lease, at the end of a turn: sending does not wait for it. Until then a planned contact
counts for the contact policy like one that was made, and the mailing is not done. Done twice it is done once.
"""

from __future__ import annotations

from collections.abc import Sequence
from time import monotonic

from django.db import connection, transaction

from overture.delivery.by_index import by_index
from overture.lib.steps import Steps, run
from overture.prospects.models import Stage

# In one order everywhere, so that two of them wait for each other instead of deadlocking.
_FOLLOW_UP = f"""
WITH settled AS MATERIALIZED (
    SELECT d.mailing_id, d.partner_id, d.prospect_id, d.state FROM overture_delivery d
    WHERE d.id = ANY(%(ids)s) AND d.state IN ('sent', 'unknown', 'failed', 'skipped') ORDER BY d.id
), contacted AS (
    UPDATE overture_contacted c SET done_at = now() FROM settled
    WHERE c.mailing_number = settled.mailing_id AND c.partner_id = settled.partner_id
      AND settled.state IN ('sent', 'unknown') AND c.done_at IS NULL
), released AS (
    DELETE FROM overture_contacted c USING settled
    WHERE c.mailing_number = settled.mailing_id AND c.partner_id = settled.partner_id
      AND settled.state IN ('failed', 'skipped') AND c.done_at IS NULL
), active AS (
    UPDATE overture_prospect p SET active_at = now(),
        stage = CASE WHEN before.stage = '{Stage.NEW}' THEN '{Stage.OUTREACH}' ELSE p.stage END
    FROM settled JOIN overture_prospect before ON before.id = settled.prospect_id
    WHERE p.id = settled.prospect_id AND settled.state = 'sent'
    RETURNING p.id, p.workspace_id, settled.mailing_id, before.stage
)
INSERT INTO overture_activity (workspace_id, verb, prospect_id, mailing_id, facts, at)
SELECT workspace_id, 'stage_moved', id, mailing_id,
       '{{"from": "{Stage.NEW}", "to": "{Stage.OUTREACH}", "by": "email"}}'::jsonb, now()
FROM active WHERE stage = '{Stage.NEW}'
"""  # noqa: S608
# A lease of which nothing is leaving any more. Who settles (settle.py) holds it, too, so nothing is missed.
_PICK = """
    SELECT l.id, l.deliveries FROM overture_lease l
    WHERE NOT l.has_ended AND {which} AND NOT EXISTS (
        SELECT FROM overture_delivery d
        WHERE d.id = ANY(l.deliveries) AND d.lease = l.id AND d.state = 'sending')
    ORDER BY l.until LIMIT 1 FOR UPDATE OF l SKIP LOCKED
"""
_OF_MAILBOX = "l.mailbox_id = %(mailbox)s"
# It is over, or a mailing of it has nothing more to leave: that one is to be done, whatever leaves beside it.
_LEFT = """(l.until <= clock_timestamp() OR EXISTS (
    SELECT FROM unnest(l.mailings) AS mailing (id)
    WHERE NOT EXISTS (SELECT FROM overture_queued q WHERE q.mailing_id = mailing.id)))"""


def follow_up(mailbox_id: int | None = None, seconds: float = 60) -> None:
    """Of the leases of one mailbox, as many as there is time for; of all: those that nobody else will soon.

    Who sends from a mailbox follows up at the end of its turn. Beside it that would slow the sending.
    """
    end = monotonic() + seconds
    while _follow_up_one(mailbox_id) and monotonic() < end:
        pass


def follow_up_rows(ids: Sequence[int]) -> Steps[None]:
    """Of these deliveries, as they stand now, within a transaction by index."""
    if ids:
        yield _FOLLOW_UP, {"ids": sorted(ids)}


def _follow_up_one(mailbox_id: int | None) -> bool:
    with transaction.atomic(), by_index(), connection.cursor() as cursor:
        pick = _PICK.format(which=_OF_MAILBOX if mailbox_id else _LEFT)
        cursor.execute(pick, {"mailbox": mailbox_id})
        found = cursor.fetchone()
        if found is None:
            return False
        lease, deliveries = found
        run(follow_up_rows(deliveries))
        cursor.execute("UPDATE overture_lease SET has_ended = true WHERE id = %s", [lease])
        return True
