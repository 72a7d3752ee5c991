"""Saves partners of a marketplace for the workspace, to be found again under Saved."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection, transaction

from overture.accounts.access import require
from overture.accounts.models import Membership
from overture.accounts.roles import Permission
from overture.activity.record import record
from overture.marketplace.listed import listed
from overture.marketplace.models import NotInterested, SavedPartner

_SAVE = """
INSERT INTO overture_savedpartner (workspace_id, partner_id, member_id, created_at)
SELECT %s, id, %s, now() FROM unnest(%s::bigint[]) AS id ORDER BY id
ON CONFLICT DO NOTHING RETURNING partner_id
"""


@transaction.atomic
def save(member: Membership, mpids: Iterable[int]) -> int:
    """How many were not saved before. Who is saved is interesting again. What is not listed is left out."""
    require(member, Permission.MANAGE_PROSPECTS)
    numbers = listed(mpids)
    with connection.cursor() as cursor:
        cursor.execute(_SAVE, [member.workspace_id, member.pk, numbers])
        new = [number for (number,) in cursor.fetchall()]
    NotInterested.objects.visible_to(member).filter(partner_id__in=numbers).delete()
    if new:
        record("partners_saved", member.workspace_id, member, partners=new)
    return len(new)


@transaction.atomic
def unsave(member: Membership, mpids: Iterable[int]) -> int:
    """How many were saved, by whomever of the workspace."""
    require(member, Permission.MANAGE_PROSPECTS)
    rows = SavedPartner.objects.visible_to(member).filter(partner_id__in=set(mpids))
    gone = sorted(rows.select_for_update().values_list("partner_id", flat=True))
    rows.delete()
    if gone:
        record("partners_unsaved", member.workspace_id, member, partners=gone)
    return len(gone)
