"""Claims as pages and API call them: what workspaces know of the partner follows, and who invited is told."""

from __future__ import annotations

from django.db import transaction

from overture.accounts.models import User
from overture.activity.record import record
from overture.directory import claim as claims
from overture.directory import sign_up
from overture.directory.claim import Accepted
from overture.directory.models import Partner, PartnerClaim, PartnerInvitation
from overture.lib.transactions import ThisTransaction
from overture.notices.notices import notify
from overture.prospects import search
from overture.prospects.models import Prospect


@transaction.atomic
def accept(user: User, invitation: PartnerInvitation, *, has_messaging: bool = True) -> Accepted:
    """See directory.claim. Raises ClaimInvitationError and Busy."""
    accepted = claims.accept(user, invitation, has_messaging=has_messaging)
    if accepted.claim is None:
        search.refresh_partners([accepted.partner.pk])
        if accepted.was_private:
            # Its workspace's shelf of the marketplace learns of prospects by their own changes.
            Prospect.objects.filter(partner=accepted.partner).update(changed_xid=ThisTransaction())
        if not invitation.is_colleague:
            _tell(invitation, accepted.partner)
    return accepted


@transaction.atomic
def grant(operator: User, claim: PartnerClaim) -> Partner:
    """See directory.sign_up. Raises ClaimError."""
    partner = sign_up.grant(operator, claim)
    search.refresh_partners([partner.pk])
    return partner


def _tell(invitation: PartnerInvitation, partner: Partner) -> None:
    """The workspace that invited, and the member who did."""
    if invitation.workspace_id is None:
        return
    prospect = Prospect.objects.filter(workspace_id=invitation.workspace_id, partner=partner).first()
    if prospect is None:
        return
    member = invitation.invited_by_member
    record("partner_claimed", prospect.workspace_id, prospect_id=prospect.pk)
    if member is not None and member.removed_at is None:
        notify(member, "partner_claimed", name=prospect.name, prospect=prospect.pk)
