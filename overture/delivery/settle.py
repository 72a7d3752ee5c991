"""Writes back what became of claimed deliveries, many at once, each only where its lease still matches."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction

from overture.delivery.array_literal import array
from overture.delivery.by_index import by_index
from overture.delivery.follow_up import follow_up_rows
from overture.delivery.given_ids import note_given
from overture.delivery.queue import queue_again
from overture.lib.steps import Statement, Steps, run
from overture.mailboxes.limits import give_back

FIRST_RETRY = timedelta(minutes=5)
LONGEST_RETRY = timedelta(hours=1)
GIVE_UP = timedelta(days=2)


class Told(NamedTuple):
    """One delivery's end. `kind`: sent, deferred, failed, unknown, skipped, or returned (nothing began)."""

    id: int
    lease: UUID | str | None
    kind: str
    code: str
    reply: str


# `sent` needs no reason. An unknown keeps its token, so that a late answer still settles it. Two days after
# the first attempt a deferral is a failure. Keys are (id, lease): a predicate on state would invite a scan
# (see by_index).
_SETTLE = """
WITH told AS MATERIALIZED (
    SELECT * FROM unnest(%(ids)s::bigint[], %(leases)s::uuid[], %(kinds)s::text[], %(codes)s::text[],
        %(replies)s::text[])
        AS told(id, lease, kind, code, reply)
), settled AS (
    UPDATE overture_delivery d SET
        state = CASE told.kind WHEN 'returned' THEN 'queued'
            WHEN 'deferred' THEN CASE WHEN d.first_tried_at < now() - %(give_up)s THEN 'failed' ELSE
                'deferred' END
            ELSE told.kind END,
        reason = CASE WHEN told.kind = 'returned' THEN '' ELSE told.code END,
        smtp_reply = CASE WHEN told.kind = 'returned' THEN d.smtp_reply ELSE told.reply END,
        attempts = d.attempts - (told.kind = 'returned')::int,
        first_tried_at = CASE WHEN told.kind = 'returned' AND d.attempts <= 1 THEN NULL ELSE
            d.first_tried_at END,
        due_at = CASE told.kind WHEN 'returned' THEN coalesce(d.due_at, now())
            WHEN 'deferred' THEN now() + least(%(first)s * 2 ^ least(d.attempts - 1, 10), %(longest)s) END,
        lease = CASE WHEN told.kind = 'unknown' THEN d.lease END,
        leased_until = CASE WHEN told.kind = 'unknown' THEN d.leased_until END,
        sent_at = CASE WHEN told.kind = 'sent' THEN now() END,
        changed_at = now()
    FROM told WHERE d.id = told.id AND d.lease = told.lease
    RETURNING d.id, d.state, told.lease
)
SELECT count(*), array_agg(id) FILTER (WHERE state = 'queued'),
    array_agg(id) FILTER (WHERE state = 'deferred'), array_agg(id) FILTER (WHERE lease <> ALL(%(open)s))
FROM settled
"""
# Held, so that what follows from a lease (follow_up.py) is written after this, or has been before.
_OPEN = "SELECT id FROM overture_lease WHERE id = ANY(%s) AND NOT has_ended ORDER BY id FOR SHARE"

_RELEASE = """
UPDATE overture_delivery d SET state = 'queued', reason = '', lease = NULL, leased_until = NULL,
    due_at = coalesce(d.due_at, now()), attempts = d.attempts - 1, changed_at = now(),
    first_tried_at = CASE WHEN d.attempts > 1 THEN d.first_tried_at END
FROM overture_lease l, unnest(l.deliveries) AS leased (id)
WHERE l.id = %(lease)s AND d.id = leased.id AND d.lease = %(lease)s AND d.state IN ('sending', 'unknown')
  AND d.id <> ALL(%(but)s)
RETURNING d.id
"""


def settle(told: Sequence[Told]) -> int:
    """Answers how many stood under their lease. Writing the same again changes nothing."""
    with transaction.atomic(), by_index():
        return run(settling(told))


def settling(told: Sequence[Told]) -> Steps[int]:
    """`settle`, within a transaction by index."""
    told = [each for each in told if each.lease]
    if not told:
        return 0
    if back := [each.id for each in told if each.kind in ("returned", "deferred")]:
        yield _hold_mailings("d.id = ANY(%s)", back)
    are_open = yield _OPEN, [list({each.lease for each in told})]
    settled = yield _SETTLE, _parameters(told) | {"open": [lease for (lease,) in are_open]}
    ((count, queued, deferred, late),) = settled
    yield from _give_back(queued or [])
    yield from _come_back([*(queued or []), *(deferred or [])])
    yield from note_given((each.id, each.reply) for each in told if each.kind == "sent")
    yield from follow_up_rows(late or [])
    return int(count)


def _parameters(told: Sequence[Told]) -> dict[str, Any]:
    # In one order everywhere, so that two settlings of the same rows wait for each other instead of
    # deadlocking.
    ids, leases, kinds, codes, replies = zip(*sorted(told, key=itemgetter(0)), strict=True)
    return {
        "ids": array(map(str, ids)),
        "leases": array(map(str, leases)),
        "kinds": array(kinds),
        "codes": array(
            "" if kind == "sent" and code.isdigit() else code for kind, code in zip(kinds, codes, strict=True)
        ),
        "replies": array(replies),
        "first": FIRST_RETRY,
        "longest": LONGEST_RETRY,
        "give_up": GIVE_UP,
    }


def release(lease: UUID | str, but: Sequence[int] = ()) -> int:
    """Queues again whatever a lease holds and nothing began; `but` those that did. Answers how many."""
    with transaction.atomic(), by_index():
        return run(_releasing(lease, but))


def _releasing(lease: UUID | str, but: Sequence[int]) -> Steps[int]:
    yield _hold_mailings("d.id IN (SELECT unnest(deliveries) FROM overture_lease WHERE id = %s)", lease)
    released = yield _RELEASE, {"lease": lease, "but": list(but)}
    ids = [number for (number,) in released]
    yield from _give_back(ids)
    yield from _come_back(ids)
    return len(ids)


def _give_back(ids: Sequence[int]) -> Steps[None]:
    """The limits' slots of e-mails that never left."""
    if not ids:
        return
    slots = yield (
        """SELECT b.address_key, d.claimed_at, count(*) FROM overture_delivery d
        JOIN overture_mailing m ON m.id = d.mailing_id JOIN overture_mailbox b ON b.id = m.mailbox_id
        WHERE d.id = ANY(%s) AND d.claimed_at IS NOT NULL GROUP BY b.address_key, d.claimed_at""",
        [list(ids)],
    )
    yield from give_back((key, second, count) for key, second, count in slots)


def _hold_mailings(condition: str, value: UUID | str | list[int]) -> Statement:
    """Before their rows, as everybody does: `finish` must not see a mailing as over while rows come back."""
    return (
        f"""SELECT FROM overture_mailing m WHERE m.id IN (
            SELECT d.mailing_id FROM overture_delivery d WHERE {condition})
        ORDER BY m.id FOR NO KEY UPDATE""",  # noqa: S608
        [value],
    )


def _come_back(ids: Sequence[int]) -> Steps[None]:
    """They wait again. A mailing that seemed done goes on for them; those of a cancelled one are, too."""
    if not ids:
        return
    # A worker that was stopped let them expire: unknown, they held no mailing open.
    yield (
        """UPDATE overture_mailing m SET state = 'sending', done_at = NULL, updated_at = now()
        WHERE m.state = 'done'
          AND m.id IN (SELECT mailing_id FROM overture_delivery WHERE id = ANY(%s))""",
        [list(ids)],
    )
    yield (
        """WITH cancelled AS (
            UPDATE overture_delivery d SET state = 'cancelled', reason = 'by_hand', due_at = NULL
            FROM overture_mailing m
            WHERE d.id = ANY(%s) AND d.state IN ('queued', 'deferred') AND m.id = d.mailing_id
              AND m.state = 'cancelled' RETURNING d.mailing_id, d.partner_id
        )
        DELETE FROM overture_contacted c USING cancelled
        WHERE c.mailing_number = cancelled.mailing_id AND c.partner_id = cancelled.partner_id
          AND c.done_at IS NULL""",
        [list(ids)],
    )
    yield from queue_again(ids)
