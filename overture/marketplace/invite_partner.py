"""A member invites a prospect's contact to claim the partner, so that its own people read and answer."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404

from overture.accounts.access import require
from overture.accounts.models import Membership
from overture.accounts.roles import Permission
from overture.activity.record import record
from overture.delivery.models import Suppression
from overture.directory import claim as claims
from overture.directory.claim import ClaimInvitationError
from overture.directory.models import Contact, PartnerInvitation
from overture.prospects.models import Prospect


@transaction.atomic
def invite_partner(member: Membership, prospect: Prospect, contact: Contact) -> PartnerInvitation:
    """Raises ClaimInvitationError: also no_address, suppressed (`contact`); Http404 for another's rows."""
    require(member, Permission.MESSAGE)
    own: Prospect | None = (
        Prospect.objects.visible_to(member).select_related("partner").filter(pk=prospect.pk).first()
    )
    known: Contact | None = (
        Contact.objects.visible_to(member).filter(pk=contact.pk, erased_at=None).first() if own else None
    )
    if own is None or known is None or known.partner_id != own.partner_id:
        raise Http404
    if not known.address:
        raise ClaimInvitationError("no_address")
    if _is_suppressed(member, known):
        raise ClaimInvitationError("suppressed")
    invitation = claims.invite_for_workspace(member, own.partner, known.address)
    record("partner_invited", member.workspace_id, member, prospect_id=own.pk, contact=known.pk)
    return invitation


@transaction.atomic
def withdraw(member: Membership, invitation: PartnerInvitation) -> None:
    """Its link leads nowhere from now on."""
    require(member, Permission.MESSAGE)
    if invitation.workspace_id != member.workspace_id:
        raise Http404
    claims.end(invitation)


def invitations_of(member: Membership, prospect: Prospect) -> QuerySet[PartnerInvitation]:
    """Those of this workspace that still stand, the newest first."""
    mine = claims.open_invitations().filter(workspace_id=member.workspace_id, partner_id=prospect.partner_id)
    return mine.order_by("-pk")


def _is_suppressed(member: Membership, contact: Contact) -> bool:
    held = Suppression.objects.visible_to(member).filter(address_key=contact.address_key, lifted_at=None)
    return bool(held.exists())
