"""Addresses that a workspace must not e-mail: added by hand, lifted with a reason, kept as history."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.http import Http404
from django.utils import timezone

from overture.accounts.access import require
from overture.accounts.models import Membership
from overture.accounts.roles import Permission
from overture.activity.record import record
from overture.delivery.models import Suppression
from overture.lib import addresses


@transaction.atomic
def suppress(
    member: Membership, address: str, *, reason: str = Suppression.Reason.BY_HAND, note: str = ""
) -> tuple[Suppression, bool]:
    """The suppression of an address, and whether it is new. Raises AddressError, ValueError (reason)."""
    require(member, Permission.MANAGE_PROSPECTS)
    if reason not in Suppression.Reason.values:
        raise ValueError(reason)
    parsed = addresses.parse(address)
    suppression, is_new = Suppression.objects.get_or_create(
        workspace_id=member.workspace_id,
        address_key=addresses.key(parsed, settings.ADDRESS_KEY),
        lifted_at=None,
        defaults={"address": str(parsed), "reason": reason, "note": note.strip()[:500], "added_by": member},
    )
    if is_new:
        record("address_suppressed", member.workspace_id, member, suppression=suppression.pk, reason=reason)
    return suppression, is_new


@transaction.atomic
def lift(member: Membership, suppression: Suppression, because: str) -> Suppression:
    """It may be written to again; a lifted one stays as it is. Raises ValueError without a reason."""
    require(member, Permission.LIFT_SUPPRESSIONS)
    if not because.strip():
        raise ValueError("because")
    rows = Suppression.objects.visible_to(member).select_for_update()
    found: Suppression | None = rows.filter(pk=suppression.pk).first()
    if found is None:
        raise Http404
    if found.lifted_at is None:
        found.lifted_at, found.lifted_by, found.lifted_because = timezone.now(), member, because.strip()[:500]
        found.save(update_fields=["lifted_at", "lifted_by", "lifted_because"])
        record("suppression_lifted", member.workspace_id, member, suppression=found.pk)
    return found
