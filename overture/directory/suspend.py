"""Takes a partner out of the marketplace, or lists it: out of review, or again."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from overture.accounts.access import require_operator
from overture.accounts.models import User
from overture.directory.history import note
from overture.directory.models import Partner, Standing
from overture.directory.partner_users import users_of
from overture.directory.tell import tell_listed_later

LONGEST_REASON = 500


class StandingError(ValueError):
    """A step that is not possible. Codes: private, merged, listed, suspended, no_reason, long_reason."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def suspend(operator: User, partner: Partner, reason: str) -> Partner:
    """Nobody finds it any more; whose prospect it is keeps it as one. Raises StandingError."""
    require_operator(operator)
    because = " ".join(reason.replace("\0", " ").split())
    if not because or len(because) > LONGEST_REASON:
        raise StandingError("long_reason" if because else "no_reason")
    row = _locked(partner, Standing.SUSPENDED)
    row.standing = Standing.SUSPENDED
    row.save(update_fields=["standing"])
    note(operator, row, "suspended", reason=because)
    return row


@transaction.atomic
def list_partner(operator: User, partner: Partner) -> Partner:
    """In review or suspended before: all workspaces see it from now on. Raises StandingError."""
    require_operator(operator)
    row = _locked(partner, Standing.LISTED)
    was = row.standing
    row.standing = Standing.LISTED
    if was == Standing.IN_REVIEW:
        # New to the marketplace, whenever it was written down.
        row.listed_at = timezone.now()
    row.save(update_fields=["standing", "listed_at"])
    if was == Standing.IN_REVIEW and users_of(row).exists():
        tell_listed_later(row)
    note(operator, row, "approved" if was == Standing.IN_REVIEW else "lifted")
    return row


def _locked(partner: Partner, wanted: Standing) -> Partner:
    row: Partner = Partner.objects.select_for_update().get(pk=partner.pk)
    if row.workspace_id is not None:
        raise StandingError("private")
    if row.standing in (Standing.MERGED, wanted):
        raise StandingError(str(row.standing))
    return row
