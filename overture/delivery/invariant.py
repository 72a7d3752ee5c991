"""planned = sum of the eight states, for every mailing, always: the query that says where it is not so."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True)
class Broken:
    mailing_id: int
    planned: int
    rows: int
    # done although something of it is still open, or open although it was never approved
    is_wrongly_over: bool


_BROKEN = """
    SELECT m.id, n.recipients, count(d.id),
           m.state = 'done' AND count(d.id) FILTER (WHERE d.state IN ('queued', 'sending', 'deferred')) > 0
    FROM overture_mailing m JOIN overture_manifest n ON n.id = m.manifest_id
    LEFT JOIN overture_delivery d ON d.mailing_id = m.id AND d.manifest_id = n.id AND d.state IN
        ('queued', 'sending', 'deferred', 'sent', 'failed', 'skipped', 'cancelled', 'unknown')
    WHERE m.state <> 'draft' {mailing}
    GROUP BY m.id, n.recipients
    HAVING count(d.id) <> n.recipients
        OR m.state = 'done' AND count(d.id) FILTER (WHERE d.state IN ('queued', 'sending', 'deferred')) > 0
    ORDER BY m.id
"""


def broken(mailing_id: int | None = None) -> list[Broken]:
    """Mailings whose ledger does not add up; empty is right."""
    with connection.cursor() as cursor:
        cursor.execute(
            _BROKEN.format(mailing="AND m.id = %(mailing)s" if mailing_id else ""), {"mailing": mailing_id}
        )
        return [Broken(*row) for row in cursor.fetchall()]
