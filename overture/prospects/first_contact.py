"""The first contact moves a prospect from New to Outreach by itself, whichever way it went."""

from __future__ import annotations

import json

from django.db import connection

from overture.accounts.models import Membership
from overture.prospects.models import Stage

# What delivery/settle.py does for many at once, for one: the e-mail that left, the message that was posted.
_CONTACT = f"""
WITH before AS MATERIALIZED (
    SELECT id, stage FROM overture_prospect WHERE id = %(prospect)s AND workspace_id = %(workspace)s
    FOR UPDATE
), active AS (
    UPDATE overture_prospect p SET active_at = now(),
        stage = CASE WHEN before.stage = '{Stage.NEW}' THEN '{Stage.OUTREACH}' ELSE p.stage END
    FROM before WHERE p.id = before.id
), told AS (
    INSERT INTO overture_activity (workspace_id, member_id, verb, prospect_id, facts, at)
    -- After the message that moved it, in one history by time.
    SELECT %(workspace)s, %(member)s, 'stage_moved', id, %(facts)s::jsonb, clock_timestamp()
    FROM before WHERE stage = '{Stage.NEW}'
)
SELECT count(*) FROM before WHERE stage = '{Stage.NEW}'
"""  # noqa: S608


def first_contact(member: Membership, prospect_id: int, *, by: str) -> bool:
    """Whether it was the first. `by`: message. Either way the prospect was active now."""
    facts = json.dumps({"from": Stage.NEW, "to": Stage.OUTREACH, "by": by})
    with connection.cursor() as cursor:
        cursor.execute(
            _CONTACT,
            {"prospect": prospect_id, "workspace": member.workspace_id, "member": member.pk, "facts": facts},
        )
        return bool(cursor.fetchone()[0])
