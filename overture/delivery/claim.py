"""Claims deliveries for a mailbox, as many as its limits have room for; committed before a byte leaves."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings

from overture.delivery.attached import HELD
from overture.delivery.ledger_line import LedgerLine
from overture.delivery.queue import IS_DUE
from overture.delivery.restored import Restored, check, count_claim, last_claim, note_claim
from overture.lib.steps import Rows, Steps
from overture.mailboxes.limits import Limits, Room, lock_room, take
from overture.prospects.models import Stage


def lease_length() -> timedelta:
    return timedelta(seconds=settings.OVERTURE_LEASE_SECONDS)


class Row(NamedTuple):
    """A claimed delivery: what its letter needs."""

    id: int
    manifest_id: int
    address: str
    mpid: int
    company_name: str
    first_name: str
    last_name: str
    first_tried_at: datetime


@dataclass(frozen=True)
class Claim:
    """Rows leased to us, and why there are no more: a limit reached, or the time when something is due."""

    rows: Sequence[Row] = ()
    withheld: int = 0
    room: Room | None = None
    # Mailings that have more due than there was room for.
    waiting: Sequence[int] = field(default_factory=list)


class _Share(NamedTuple):
    mailing_id: int
    is_single: bool
    wanted: int


_MAILBOX = """
    SELECT address_key, per_minute, per_hour, per_day, time_zone FROM overture_mailbox
    WHERE id = %s AND removed_at IS NULL AND state = 'connected'
"""
# Mailings of the mailbox that may leave, held so that nobody pauses or cancels them until we commit.
_MAILINGS = f"""
    SELECT m.id, m.is_single FROM overture_mailing m
    WHERE m.mailbox_id = %(mailbox)s AND m.state = 'sending' AND m.starts_at <= clock_timestamp()
      AND {IS_DUE} AND NOT {HELD}
    ORDER BY m.id FOR SHARE OF m
"""  # noqa: S608

# Row by row by index: whatever the statistics say of a ledger that changes by the second. The address is
# locked, so no other claim reads these runs of the queue; what was read of them is taken off.
_CLAIM = f"""
WITH share AS (
    SELECT * FROM unnest(%(mailings)s::bigint[], %(wanted)s::int[]) AS share(mailing_id, wanted)
), run AS MATERIALIZED (
    SELECT due.*, row_number() OVER (PARTITION BY due.mailing_id ORDER BY due.due_at, due.first) AS place
    FROM share CROSS JOIN LATERAL (
        SELECT * FROM overture_queued q WHERE q.mailing_id = share.mailing_id AND q.due_at <= %(now)s
        ORDER BY q.due_at, q.first LIMIT share.wanted
    ) due
), picked AS MATERIALIZED (
    SELECT due.* FROM share CROSS JOIN LATERAL (
        SELECT run.place, d.id, d.workspace_id, d.mailing_id, d.manifest_id, d.prospect_id, d.partner_id,
            d.contact_id, d.address_key
        FROM (SELECT * FROM run WHERE run.mailing_id = share.mailing_id ORDER BY run.place) run
        CROSS JOIN LATERAL (
            SELECT * FROM overture_delivery d
            WHERE d.mailing_id = run.mailing_id AND d.id BETWEEN run.first AND run.last
              AND d.state IN ('queued', 'deferred')
            ORDER BY d.id LIMIT share.wanted
        ) d LIMIT share.wanted
    ) due
), reached AS (
    -- Where each mailing's reading stopped; nowhere: all of its runs were read to their ends.
    SELECT share.mailing_id, last.place, last.id FROM share LEFT JOIN LATERAL (
        SELECT * FROM picked WHERE picked.mailing_id = share.mailing_id
        ORDER BY picked.place, picked.id OFFSET share.wanted - 1 LIMIT 1
    ) last ON true
), read AS (
    DELETE FROM overture_queued q USING run JOIN reached ON reached.mailing_id = run.mailing_id
    WHERE q.id = run.id AND (reached.id IS NULL OR run.place < reached.place
        OR run.place = reached.place AND run.last <= reached.id)
), shortened AS (
    UPDATE overture_queued q SET first = reached.id + 1
    FROM run JOIN reached ON reached.mailing_id = run.mailing_id AND reached.place = run.place
    WHERE q.id = run.id AND run.last > reached.id
), judged AS MATERIALIZED (
    SELECT picked.id, picked.mailing_id, picked.partner_id, CASE
        WHEN s.reason IN ('opted_out', 'bounced', 'complained') THEN s.reason
        WHEN s.reason IS NOT NULL THEN 'suppressed'
        WHEN p.id IS NULL OR c.erased_at IS NOT NULL THEN 'erased'
        WHEN m.contact_policy = 'hold' AND w.contact_days > 0 AND p.stage <> '{Stage.JOINED}' AND EXISTS (
            SELECT FROM overture_contacted held
            WHERE held.workspace_id = picked.workspace_id AND held.partner_id = picked.partner_id
              AND held.mailing_number IS DISTINCT FROM picked.mailing_id
              AND (held.done_at IS NULL OR held.done_at > now() - make_interval(days => w.contact_days))
        ) THEN 'contacted_recently'
        WHEN m.origin = 'prospects' AND p.stage = '{Stage.JOINED}' THEN 'joined'
        WHEN p.stage = '{Stage.REJECTED_BY_PARTNER}' THEN 'rejected_by_partner'
        WHEN p.archived_at IS NOT NULL THEN 'archived'
        WHEN c.id IS NULL OR c.address_key <> picked.address_key THEN 'address_changed'
        END AS withheld
    FROM picked
    JOIN overture_manifest m ON m.id = picked.manifest_id
    JOIN overture_workspace w ON w.id = picked.workspace_id
    LEFT JOIN overture_prospect p ON p.id = picked.prospect_id
    LEFT JOIN overture_contact c ON c.id = picked.contact_id
    LEFT JOIN overture_suppression s ON s.workspace_id = picked.workspace_id AND s.address_key =
        picked.address_key
        AND s.lifted_at IS NULL
), released AS (
    DELETE FROM overture_contacted planned USING judged
    WHERE judged.withheld IS NOT NULL AND planned.mailing_number = judged.mailing_id
      AND planned.partner_id = judged.partner_id AND planned.done_at IS NULL
), leased AS (
    INSERT INTO overture_lease (id, mailbox_id, mailings, deliveries, until, has_ended)
    SELECT %(lease)s::uuid, %(mailbox)s, array_agg(DISTINCT mailing_id), array_agg(id ORDER BY id),
        clock_timestamp() + make_interval(secs => %(length)s), false
    FROM judged WHERE withheld IS NULL HAVING count(*) > 0
)
UPDATE overture_delivery d SET
    state = CASE WHEN judged.withheld IS NULL THEN 'sending' ELSE 'skipped' END,
    reason = coalesce(judged.withheld, ''),
    lease = CASE WHEN judged.withheld IS NULL THEN %(lease)s::uuid END,
    leased_until = CASE WHEN judged.withheld IS NULL THEN clock_timestamp() + make_interval(secs =>
        %(length)s) END,
    attempts = d.attempts + (judged.withheld IS NULL)::int,
    first_tried_at = coalesce(d.first_tried_at, %(now)s),
    claimed_at = %(second)s, due_at = CASE WHEN judged.withheld IS NULL THEN d.due_at END, changed_at =
        %(now)s
FROM judged WHERE d.id = judged.id AND d.state IN ('queued', 'deferred')
RETURNING judged.withheld IS NULL, d.mailing_id, d.id, d.manifest_id, d.address, d.mpid, d.company_name,
    d.first_name, d.last_name, nullif(d.first_tried_at, %(now)s)
"""  # noqa: S608


async def claim(ledger: LedgerLine, mailbox_id: int, lease: UUID | str, most: int) -> Claim:
    """Leases at most `most` due deliveries to `lease` for lease_length(); what must not leave is withheld.

    Durable when it returns. The limits' slots are taken; settling gives back those of what never left.
    Raises DatabaseGone.
    """
    try:
        claimed = await ledger(_claim(mailbox_id, lease, most))
    except Restored:
        await ledger.beside(check)
        return Claim()
    if claimed is None:
        return Claim()
    address_key, number, made = claimed
    try:
        note_claim(address_key, number, waits=False)
    except BlockingIOError:  # another worker notes one, or was stopped while it did: the loop goes on
        await ledger.beside(lambda: note_claim(address_key, number))
    return made


def _claim(mailbox_id: int, lease: UUID | str, most: int) -> Steps[tuple[str, int, Claim] | None]:
    """The sending address, the number of its claim, and what it holds; None where nothing may leave."""
    mailboxes = yield _MAILBOX, [mailbox_id]
    mailings = yield _MAILINGS, {"mailbox": mailbox_id}
    if not mailboxes or not mailings:
        return None
    ((address_key, *limits),) = mailboxes
    known = last_claim(address_key)
    room = yield from lock_room(address_key, Limits(*limits))
    number = yield from count_claim(address_key, known)
    shares = _shares(mailings, room, most)
    leased = (yield _CLAIM, _parameters(mailbox_id, shares, lease, room.now)) if shares else []
    rows = _rows(leased, shares, room.now)
    yield from take(address_key, room.now, len(rows))
    served = {share.mailing_id for share in shares}
    waiting = [mailing for mailing, _ in mailings if mailing not in served]
    return address_key, number, Claim(rows, len(leased) - len(rows), room, waiting)


def _shares(mailings: Sequence[tuple[Any, ...]], room: Room, most: int) -> list[_Share]:
    """Single e-mails first, one row each; the others share the rest evenly, in an order left to chance."""
    singles = [_Share(number, True, 1) for number, is_single in mailings if is_single]
    singles = singles[: min(room.singles, most)]
    left = min(room.many - len(singles), most - len(singles))
    others = [number for number, is_single in mailings if not is_single]
    random.shuffle(others)
    shares = []
    for index, number in enumerate(others):
        wanted = -(-max(left, 0) // (len(others) - index))
        left -= wanted
        if wanted:
            shares.append(_Share(number, False, wanted))
    return singles + shares


def _parameters(mailbox_id: int, shares: list[_Share], lease: UUID | str, now: datetime) -> dict[str, object]:
    return {
        "mailings": [share.mailing_id for share in shares],
        "wanted": [share.wanted for share in shares],
        "mailbox": mailbox_id,
        "lease": lease,
        "length": lease_length().total_seconds(),
        "now": now,
        "second": now.replace(microsecond=0),
    }


def _rows(leased: Rows, shares: list[_Share], now: datetime) -> list[Row]:
    """What may leave: single e-mails first, then the oldest. RETURNING promises no order."""
    leased.sort(key=itemgetter(2))
    if singles := {share.mailing_id for share in shares if share.is_single}:
        leased.sort(key=lambda row: row[1] not in singles)
    return [Row._make((*row[2:-1], row[-1] or now)) for row in leased if row[0]]
