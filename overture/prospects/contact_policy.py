"""The contact policy: nobody here wrote to this partner in the last N days; reserved before writing.

Other packages write these rows downward: `lock`, `reserve` what is about to be sent, `done` or `release`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from overture.accounts.models import Membership
from overture.prospects.models import Contacted, Stage

# A first key for advisory locks, so that a workspace's number meets nobody else's.
_LOCK = 0x0C0417AC

# Partners of a workspace written to lately, or about to be, by anything but one mailing. Partners that
# joined are
# exempt: the caller leaves them out. Named parameters: workspace, days, mailing (may be null).
RECENT = """
    SELECT held.partner_id FROM overture_contacted held
    WHERE held.workspace_id = %(workspace)s
      AND (held.mailing_number IS NULL OR held.mailing_number IS DISTINCT FROM %(mailing)s)
      AND (held.done_at IS NULL OR held.done_at > now() - make_interval(days => %(days)s))
"""


@dataclass(frozen=True)
class Hold:
    """Who wrote to a partner, when and how; `is_planned`: it has not left yet."""

    partner_id: int
    member: Membership | None
    way: str
    at: datetime
    is_planned: bool
    mailing_number: int | None


def check(
    member: Membership, partner_ids: Sequence[int], *, mailing_number: int | None = None
) -> dict[int, Hold]:
    """The latest contact with each that the policy holds against writing now. Joined ones are exempt."""
    days = member.workspace.contact_days
    if not days or not partner_ids:
        return {}
    rows = Contacted.objects.raw(
        f"""SELECT DISTINCT ON (c.partner_id) c.* FROM overture_contacted c
        WHERE c.workspace_id = %(workspace)s AND c.partner_id = ANY(%(partners)s)
          AND (c.mailing_number IS NULL OR c.mailing_number IS DISTINCT FROM %(mailing)s)
          AND (c.done_at IS NULL OR c.done_at > now() - make_interval(days => %(days)s))
          AND NOT EXISTS (SELECT FROM overture_prospect p WHERE p.workspace_id = c.workspace_id
                          AND p.partner_id = c.partner_id AND p.stage = '{Stage.JOINED}')
        ORDER BY c.partner_id, coalesce(c.done_at, c.planned_at) DESC""",  # noqa: S608
        {
            "workspace": member.workspace_id,
            "partners": list(partner_ids),
            "mailing": mailing_number,
            "days": days,
        },
    ).prefetch_related("member__user")
    return {
        row.partner_id: Hold(
            row.partner_id,
            row.member,
            row.way,
            row.done_at or row.planned_at,
            row.done_at is None,
            row.mailing_number,
        )
        for row in rows
    }


def lock(workspace_id: int) -> None:
    """Until the transaction ends nobody else of this workspace reserves: what `check` said stays true."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, workspace_id % 2**31])


def reserve(
    member: Membership,
    way: str,
    partners: str,
    parameters: dict[str, Any],
    *,
    mailing_number: int | None = None,
) -> int:
    """Plans contact with every `partner_id` of this SELECT; answers how many. Call `lock` before."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""INSERT INTO overture_contacted (workspace_id, partner_id, member_id, way, mailing_number,
                planned_at)
            SELECT DISTINCT %(p_workspace)s::bigint, chosen.partner_id, %(p_member)s::bigint, %(p_way)s,
                   %(p_mailing)s::bigint, now()
            FROM ({partners}) chosen WHERE chosen.partner_id IS NOT NULL
            ON CONFLICT (mailing_number, partner_id) WHERE mailing_number IS NOT NULL DO NOTHING""",  # noqa: S608
            {
                **parameters,
                "p_workspace": member.workspace_id,
                "p_member": member.pk,
                "p_way": way,
                "p_mailing": mailing_number,
            },
        )
        return int(cursor.rowcount)


def release(mailing_number: int, partner_ids: Sequence[int] | None = None) -> None:
    """Forgets what was planned for a mailing and did not happen."""
    planned = Contacted.objects.filter(mailing_number=mailing_number, done_at=None)
    if partner_ids is not None:
        planned = planned.filter(partner_id__in=partner_ids)
    planned.delete()


def wrote(member: Membership, way: str, partner_id: int) -> Contacted:
    """Notes that a member has just written to a partner (a message, an answer)."""
    row: Contacted = Contacted.objects.create(
        workspace_id=member.workspace_id,
        partner_id=partner_id,
        member=member,
        way=way,
        planned_at=_now(),
        done_at=_now(),
    )
    return row


def _now() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        moment: datetime = cursor.fetchone()[0]
        return moment
