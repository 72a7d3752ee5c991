"""Hides partners that a workspace does not want from its results, and brings them back."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection, transaction

from overture.accounts.access import require
from overture.accounts.models import Membership
from overture.accounts.roles import Permission
from overture.activity.record import record
from overture.marketplace.listed import listed
from overture.marketplace.models import NotInterested
from overture.prospects.models import Prospect

_DISMISS = """
INSERT INTO overture_notinterested (workspace_id, partner_id, member_id, created_at)
SELECT %s, id, %s, now() FROM unnest(%s::bigint[]) AS id ORDER BY id
ON CONFLICT DO NOTHING RETURNING partner_id
"""


class NotInterestedError(ValueError):
    """A partner that cannot be hidden. Codes: is_prospect (`partners`: the first ten of them)."""

    def __init__(self, code: str, partners: list[int]) -> None:
        super().__init__(code)
        self.code = code
        self.partners = partners


@transaction.atomic
def dismiss(member: Membership, mpids: Iterable[int]) -> int:
    """How many were not hidden before. What is not listed is left out.

    A saved one stays saved, so that bring_back() restores all there was. Prospects are what
    the workspace works on: with one among them nothing is hidden, and NotInterestedError is raised.
    """
    require(member, Permission.MANAGE_PROSPECTS)
    numbers = listed(mpids)
    prospects = Prospect.objects.visible_to(member).filter(partner_id__in=numbers)
    if known := sorted(prospects.values_list("partner_id", flat=True)[:10]):
        raise NotInterestedError("is_prospect", known)
    with connection.cursor() as cursor:
        cursor.execute(_DISMISS, [member.workspace_id, member.pk, numbers])
        new = [number for (number,) in cursor.fetchall()]
    if new:
        record("partners_dismissed", member.workspace_id, member, partners=new)
    return len(new)


@transaction.atomic
def bring_back(member: Membership, mpids: Iterable[int]) -> int:
    """How many were hidden."""
    require(member, Permission.MANAGE_PROSPECTS)
    rows = NotInterested.objects.visible_to(member).filter(partner_id__in=set(mpids))
    gone = sorted(rows.select_for_update().values_list("partner_id", flat=True))
    rows.delete()
    if gone:
        record("partners_brought_back", member.workspace_id, member, partners=gone)
    return len(gone)
