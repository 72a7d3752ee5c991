"""How many prospects and partners a workspace has, for the frame of every page; counted when one changed.

To count 100,000 rows takes longer than the rest of a page. A row carries the number of the transaction that
made it, moved it or archived it; where none has since the last count, the count stands.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from django.db import connection

from overture.accounts.models import Membership

# Rows that are gone leave nothing to see: seconds until a count is made anew all the same.
_LONGEST = 30
_MOST_KEPT = 1000
_CHANGED = """
SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
       EXISTS (SELECT FROM overture_prospect WHERE workspace_id = %(workspace)s AND changed_xid >= %(since)s)
"""
_COUNT = """
SELECT count(*), count(*) FILTER (WHERE stage = 'joined') FROM overture_prospect
WHERE workspace_id = %s AND archived_at IS NULL
"""


@dataclass(frozen=True)
class Totals:
    """Without archived ones; who joined is counted among both."""

    prospects: int
    partners: int


@dataclass(frozen=True)
class _Counted:
    totals: Totals
    # Transactions before this one had ended.
    since: int
    at: float


def totals(member: Membership) -> Totals:
    last = _kept.get(member.workspace_id)
    with connection.cursor() as cursor:
        cursor.execute(_CHANGED, {"workspace": member.workspace_id, "since": last.since if last else 2**62})
        now, has_changed = cursor.fetchone()
        if last and not has_changed and time.monotonic() - last.at < _LONGEST:
            return last.totals
        cursor.execute(_COUNT, [member.workspace_id])
        counted = _Counted(Totals(*cursor.fetchone()), now, time.monotonic())
    with _lock:
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        _kept[member.workspace_id] = counted
    return counted.totals


_lock = threading.Lock()
_kept: dict[int, _Counted] = {}
