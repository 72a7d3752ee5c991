"""planned = sum of the eight states, for every mailing, always: the query that says where it is not so."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True)
class Broken:
    mailing_id: int
    planned: int
    rows: int
    # done although something of it is still open
    is_wrongly_over: bool
    # approved and waiting, with no place in the queue; leaving, with no lease
    forgotten: int


_FORGOTTEN = """count(d.id) FILTER (WHERE
    d.state IN ('queued', 'deferred') AND m.approved_at IS NOT NULL AND m.state <> 'cancelled'
        AND NOT EXISTS (SELECT FROM overture_queued q
            WHERE q.mailing_id = m.id AND d.id BETWEEN q.first AND q.last)
    OR d.state = 'sending' AND NOT EXISTS (
        SELECT FROM overture_lease l WHERE l.id = d.lease AND NOT l.has_ended))
"""
_BROKEN = f"""
    SELECT m.id, n.recipients, count(d.id),
           m.state = 'done' AND count(d.id) FILTER (WHERE d.state IN ('queued', 'sending', 'deferred')) > 0,
           {_FORGOTTEN}
    FROM overture_mailing m JOIN overture_manifest n ON n.id = m.manifest_id
    LEFT JOIN overture_delivery d ON d.mailing_id = m.id AND d.manifest_id = n.id AND d.state IN
        ('queued', 'sending', 'deferred', 'sent', 'failed', 'skipped', 'cancelled', 'unknown')
    WHERE m.state <> 'draft' {{mailing}}
    GROUP BY m.id, n.recipients
    HAVING count(d.id) <> n.recipients
        OR m.state = 'done' AND count(d.id) FILTER (WHERE d.state IN ('queued', 'sending', 'deferred')) > 0
        OR {_FORGOTTEN} > 0
    ORDER BY m.id
"""  # noqa: S608


def broken(mailing_id: int | None = None) -> list[Broken]:
    """Mailings whose ledger does not add up; empty is right."""
    with connection.cursor() as cursor:
        cursor.execute(
            _BROKEN.format(mailing="AND m.id = %(mailing)s" if mailing_id else ""), {"mailing": mailing_id}
        )
        return [Broken(*row) for row in cursor.fetchall()]
