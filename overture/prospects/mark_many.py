"""Marks partners as prospects: one or ten thousand, in the same few statements."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import QuerySet

from overture.accounts.access import require
from overture.accounts.models import Membership
from overture.accounts.roles import Permission
from overture.prospects import group as groups
from overture.prospects import search
from overture.prospects.archive import restore
from overture.prospects.models import Group, Prospect

_COPIED = "name, kind, website, country, category, language, audience"
# Whom the member may see, as Partner.visible_to() has it; numbers of merged partners lead on.
_SEEN = """
SELECT DISTINCT led.id FROM overture_partner AS asked
JOIN overture_partner AS led ON led.id = coalesce(asked.merged_into_id, asked.id)
WHERE asked.id = ANY(%s)
  AND (led.workspace_id = %s OR led.workspace_id IS NULL AND led.standing = 'listed')
"""
# A merge that is under way is waited for: its old partner is nobody's prospect afterwards.
_HOLD = "SELECT FROM overture_partner WHERE id = ANY(%s) ORDER BY id FOR KEY SHARE"
_MARK = f"""
WITH prospect AS (
    SELECT %s::bigint AS workspace_id, id AS partner_id, 'new' AS stage, {_COPIED}
    FROM overture_partner WHERE id = ANY(%s)
), marked AS (
    INSERT INTO overture_prospect
        (workspace_id, partner_id, stage, {_COPIED}, created_at, active_at, search_text)
    SELECT prospect.*, now(), now(), {search.WORDS} FROM prospect ORDER BY partner_id
    ON CONFLICT (workspace_id, partner_id) DO NOTHING RETURNING id
), told AS (
    INSERT INTO overture_activity (workspace_id, member_id, verb, prospect_id, facts, at)
    SELECT %s, %s, 'prospect_marked', id, %s::jsonb, now() FROM marked
)
SELECT count(*) FROM marked
"""  # noqa: S608


@dataclass(frozen=True)
class Marked:
    """What marking did. `known` were prospects before, `restored` of them archived ones."""

    new: int
    known: int
    restored: int
    # All of them, new and known, by id.
    prospects: list[int]


@transaction.atomic
def mark_many(member: Membership, mpids: Iterable[int], group: Group | None = None) -> Marked:
    """Those of the partners that the member can see, as prospects; all of them put into `group`.

    A prospect that was archived comes out of the archive: who marks it wants it. Stages stay as they are.
    Raises Group.DoesNotExist for a group of another workspace.
    """
    require(member, Permission.MANAGE_PROSPECTS)
    seen = _seen(member, mpids)
    if not seen:
        return Marked(0, 0, 0, [])
    new = _mark(member, seen)
    rows: QuerySet[Prospect] = Prospect.objects.visible_to(member).filter(partner_id__in=seen)
    restored = restore(member, rows)
    if group is not None:
        groups.add(member, rows, group)
    prospects = list(rows.order_by("pk").values_list("pk", flat=True))
    return Marked(new, len(prospects) - new, restored, prospects)


def _seen(member: Membership, mpids: Iterable[int]) -> list[int]:
    numbers = list(mpids)
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, [numbers])
        cursor.execute(_SEEN, [numbers, member.workspace_id])
        return [number for (number,) in cursor.fetchall()]


def _mark(member: Membership, mpids: list[int]) -> int:
    workspace = member.workspace_id
    with connection.cursor() as cursor:
        cursor.execute(_MARK, [workspace, mpids, workspace, member.pk, json.dumps({})])
        return int(cursor.fetchone()[0])
