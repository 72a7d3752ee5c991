"""Stops a mailing that servers refuse, or people complain of, too often: before the address is ruined."""

from __future__ import annotations

from django.db import connection, transaction

from overture.activity.record import record
from overture.delivery.by_index import by_index
from overture.delivery.models import Mailing
from overture.notices.notices import notify

# Judged by the last of its answers; of fewer than LEAST nothing is concluded.
LAST, LEAST = 1000, 20
MOST_REFUSED, MOST_COMPLAINTS, LEAST_COMPLAINTS = 0.05, 0.003, 3

# Rows leave in the order of their numbers: the last that did stand right before the next to leave. Both are
# found from there, without a look at all the others, however many are still to leave.
_ANSWERS = """
    WITH watched AS MATERIALIZED (
        SELECT m.id, m.watched_from, coalesce((
            SELECT min(next.id) FROM overture_queued q CROSS JOIN LATERAL (
                SELECT d.id FROM overture_delivery d
                WHERE d.mailing_id = q.mailing_id AND d.id BETWEEN q.first AND q.last AND d.state = 'queued'
                ORDER BY d.mailing_id, d.id LIMIT 1) next
            WHERE q.mailing_id = m.id), {largest}) AS next
        FROM overture_mailing m WHERE m.state = 'sending' AND m.starts_at <= clock_timestamp() {mailbox}
    )
    SELECT w.id, count(*), count(*) FILTER (WHERE a.is_refused), count(*) FILTER (WHERE a.is_complaint)
    FROM watched w CROSS JOIN LATERAL (
        SELECT d.state = 'failed' OR d.bounced_at IS NOT NULL AND d.bounce_kind = 'hard' AS is_refused,
            d.complained_at IS NOT NULL AS is_complaint
        FROM overture_delivery d
        WHERE d.mailing_id = w.id AND d.id < w.next
          AND (d.state = 'sent' OR d.state = 'failed' AND d.reason ~ '^5[0-9][0-9]$')
          AND (w.watched_from IS NULL OR coalesce(d.sent_at, d.changed_at) > w.watched_from)
        ORDER BY d.mailing_id DESC, d.id DESC LIMIT %(last)s
    ) a GROUP BY w.id HAVING count(*) >= %(least)s
"""


def stop_spikes(mailbox_id: int | None = None) -> int:
    """Pauses what is refused by more than 5 % or complained of by more than 0.3 %; answers how many."""
    stopped = 0
    for mailing_id, count, refused, complaints in _answers(mailbox_id):
        if refused > count * MOST_REFUSED:
            stopped += _stop(mailing_id, "too_many_refused", refused, count)
        elif complaints >= LEAST_COMPLAINTS and complaints > count * MOST_COMPLAINTS:
            stopped += _stop(mailing_id, "too_many_complaints", complaints, count)
    return stopped


def _answers(mailbox_id: int | None) -> list[tuple[int, int, int, int]]:
    """(mailing, answers judged, refused, complained of) of each that is leaving."""
    mailbox = "AND m.mailbox_id = %(mailbox)s" if mailbox_id else ""
    statement = _ANSWERS.format(mailbox=mailbox, largest=2**63 - 1)
    with transaction.atomic(), by_index(), connection.cursor() as cursor:
        cursor.execute(statement, {"mailbox": mailbox_id, "last": LAST, "least": LEAST})
        return list(cursor.fetchall())


@transaction.atomic
def _stop(mailing_id: int, reason: str, bad: int, of: int) -> bool:
    mailing = (
        Mailing.objects.select_for_update(of=["self"], no_key=True)
        .filter(pk=mailing_id, state="sending")
        .first()
    )
    if mailing is None:
        return False
    mailing.state, mailing.reason, mailing.reason_words = Mailing.State.PAUSED, reason, ""
    mailing.reason_facts = {"bad": bad, "of": of}
    mailing.save(update_fields=["state", "reason", "reason_words", "reason_facts", "updated_at"])
    record("mailing_stopped", mailing.workspace_id, mailing_id=mailing.pk, reason=reason, bad=bad, of=of)
    if mailing.approved_by:
        notify(mailing.approved_by, reason, mailing=mailing.pk, subject=mailing.subject[:200], bad=bad, of=of)
    return True
