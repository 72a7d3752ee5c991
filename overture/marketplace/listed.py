"""Which of some account numbers are listed; those of merged partners lead on."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from overture.accounts.models import Membership

_LISTED = """
SELECT DISTINCT led.id FROM overture_partner AS asked
JOIN overture_partner AS led ON led.id = coalesce(asked.merged_into_id, asked.id)
WHERE asked.id = ANY(%s) AND led.workspace_id IS NULL AND led.standing = 'listed'
ORDER BY led.id
"""
_UNKNOWN = """
SELECT DISTINCT given.id FROM unnest(%s::bigint[]) AS given (id)
LEFT JOIN overture_partner AS asked ON asked.id = given.id
LEFT JOIN overture_partner AS led ON led.id = coalesce(asked.merged_into_id, asked.id)
    AND (led.workspace_id = %s OR led.workspace_id IS NULL AND led.standing = 'listed')
WHERE led.id IS NULL ORDER BY given.id
"""


def listed(mpids: Iterable[int]) -> list[int]:
    """In order, each once; numbers that nobody has, suspended and private ones are left out. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_LISTED, [list(mpids)])
        return [number for (number,) in cursor.fetchall()]


def unknown_of(member: Membership, mpids: Iterable[int]) -> list[int]:
    """Numbers that lead to no partner the member can see, in order. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_UNKNOWN, [list(mpids), member.workspace_id])
        return [number for (number,) in cursor.fetchall()]
