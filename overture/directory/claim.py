"""Invites people to claim a partner, or to join its users; a signed link carries the invitation's number.

A link is used once, by whoever confirmed the address it was sent to, within DAYS, unless it is taken back;
inviting the same address again makes a new one, and the old one is over.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone

from overture.accounts.access import require_operator
from overture.accounts.models import Membership, User
from overture.directory.history import note
from overture.directory.models import (
    Contact,
    Partner,
    PartnerClaim,
    PartnerInvitation,
    PartnerUser,
    Standing,
)
from overture.directory.partner_users import take_in, users_of
from overture.directory.sign_up import alike, be_written_to
from overture.directory.tell import tell_invited_later
from overture.directory.turns import take_turn
from overture.lib import addresses, signing

DAYS = 14
# Of colleagues.
MOST_OPEN = 20
# Nobody is mailed again and again by one click after the other.
PAUSE = timedelta(minutes=5)
_PURPOSE = "partner-invitation"
# What a workspace wrote of a private partner is the workspace's: it stays on its prospect.
_OF_THE_WORKSPACE: dict[str, Any] = {
    "country": "", "category": "", "language": "", "audience": None, "about": "", "topics": [],
    "languages": [], "methods": [], "business_model": "", "audience_countries": {}, "audience_ages": {},
    "channels": [], "active_on": None,
}  # fmt: skip


class ClaimInvitationError(ValueError):
    """Codes: invalid_address, already_user, has_users (its own people invite), merged, too_soon, too_many;
    ended (used, taken back or too old), other_address (of accepting)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Accepted:
    """Signed in for the partner; or, where the invitation proved too little, a claim before an operator."""

    partner: Partner
    claim: PartnerClaim | None = None
    # It was private to a workspace until now.
    was_private: bool = False


@transaction.atomic
def invite_as_operator(operator: User, partner: Partner, address: str) -> PartnerInvitation:
    """To claim a partner of the directory. Raises ClaimInvitationError."""
    require_operator(operator)
    if partner.workspace_id is not None or partner.standing == Standing.MERGED:
        raise ClaimInvitationError("merged")
    return _invite(partner, address, invited_by_user=operator)


@transaction.atomic
def invite_for_workspace(member: Membership, partner: Partner, address: str) -> PartnerInvitation:
    """To claim; the caller has seen that the member may, and whose address it is."""
    if users_of(partner).exists():
        raise ClaimInvitationError("has_users")
    return _invite(partner, address, workspace_id=member.workspace_id, invited_by_member=member)


@transaction.atomic
def invite_colleague(mine: PartnerUser, address: str) -> PartnerInvitation:
    """To join the partner's users. Raises ClaimInvitationError."""
    if open_invitations().filter(partner=mine.partner, is_colleague=True).count() >= MOST_OPEN:
        raise ClaimInvitationError("too_many")
    return _invite(mine.partner, address, invited_by_user=mine.user, is_colleague=True)


def link_of(invitation: PartnerInvitation) -> str:
    return settings.OVERTURE_BASE_URL + reverse(
        "web:partner_invitation", kwargs={"invitation": token_of(invitation)}
    )


def token_of(invitation: PartnerInvitation) -> str:
    return signing.sign(invitation.pk, _PURPOSE, settings.SIGNING_KEY)


def invitation_with(token: str) -> PartnerInvitation | None:
    """The invitation of a link, while it may still be accepted."""
    number = signing.unsign(token, _PURPOSE, settings.SIGNING_KEY)
    if number is None:
        return None
    return open_invitations().filter(pk=number).first()


def open_invitations() -> models.QuerySet[PartnerInvitation]:
    since = timezone.now() - timedelta(days=DAYS)
    rows = PartnerInvitation.objects.filter(ended_at=None, created_at__gt=since)
    return rows.select_related("partner", "workspace", "invited_by_member__user", "invited_by_user")


def invitations_for(user: User) -> list[PartnerInvitation]:
    return list(open_invitations().filter(address=user.email.lower()).order_by("-pk"))


def end(invitation: PartnerInvitation) -> bool:
    """Takes it back; whether it still stood. The caller has seen that it is theirs."""
    rows = PartnerInvitation.objects.filter(pk=invitation.pk, ended_at=None)
    return bool(rows.update(ended_at=timezone.now()))


@transaction.atomic
def accept(user: User, invitation: PartnerInvitation, *, has_messaging: bool = True) -> Accepted:
    """Raises ClaimInvitationError, and Busy. The address a user signs in with is a confirmed one."""
    if user.email.lower() != invitation.address:
        raise ClaimInvitationError("other_address")
    take_turn()
    if not open_invitations().filter(pk=invitation.pk).update(ended_at=timezone.now()):
        raise ClaimInvitationError("ended")
    partner = _locked(invitation.partner_id)
    if invitation.is_colleague:
        take_in(partner, user)
        note(user, partner, "user_joined", name=str(user))
        return Accepted(partner)
    if not _is_proof(partner, invitation):
        return Accepted(partner, _claim(user, partner))
    was_private = _make_its_own(partner, has_messaging)
    take_in(partner, user)
    be_written_to(partner, user)
    note(user, partner, "claimed", name=str(user), **_twins(partner))
    return Accepted(partner, was_private=was_private)


def _locked(number: int) -> Partner:
    """As it is now: merged meanwhile, it is the one it became."""
    row: Partner = Partner.objects.select_for_update().get(pk=number)
    return row if row.merged_into_id is None else _locked(row.merged_into_id)


def _is_proof(partner: Partner, invitation: PartnerInvitation) -> bool:
    """Whether who reads mail of this address may speak for the partner.

    A brand knows best who its own private partner is, and nothing of what others see is given away. Of a
    partner of the directory only the address of its own account proves it: else a brand could hand over a
    listed partner to anybody. Where somebody signs in already, an operator looks, too.
    """
    if invitation.workspace_id is None:
        return True
    if users_of(partner).exists():
        return False
    if partner.workspace_id is not None:
        return partner.workspace_id == invitation.workspace_id
    key = addresses.key(addresses.parse(invitation.address), settings.ADDRESS_KEY)
    of_account = Contact.objects.filter(partner=partner, workspace=None, erased_at=None, address_key=key)
    return of_account.exists()


def _make_its_own(partner: Partner, has_messaging: bool) -> bool:
    """A private one comes into the directory, in review, with nothing but its name and website."""
    was_private = partner.workspace_id is not None
    partner.has_messaging = has_messaging
    fields = ["has_messaging"]
    if was_private:
        if alike(partner.name, partner.website)["website"]:
            # Two with one website would stand in each other's way until the operator merges them.
            partner.website_key = ""
        for name, nothing in _OF_THE_WORKSPACE.items():
            setattr(partner, name, nothing)
        partner.workspace, partner.standing = None, Standing.IN_REVIEW
        partner.listed_at = timezone.now()
        fields += ["website_key", "workspace", "standing", "listed_at", *_OF_THE_WORKSPACE]
    partner.save(update_fields=fields)
    return was_private


def _claim(user: User, partner: Partner) -> PartnerClaim:
    now = timezone.now()
    claim: PartnerClaim | None = PartnerClaim.objects.filter(user=user, partner=partner, outcome="").first()
    return claim or PartnerClaim.objects.create(
        user=user,
        partner=partner,
        name=partner.name,
        kind=partner.kind,
        website=partner.website,
        found_by=PartnerClaim.Found.INVITATION,
        begun_at=now,
    )


def _twins(partner: Partner) -> dict[str, list[int]]:
    """Others of the directory that it may be: for the operator, who merges them."""
    found = alike(partner.name, partner.website)
    twins = sorted({number for numbers in found.values() for number in numbers} - {partner.pk})
    return {"alike": twins} if twins else {}


def _invite(partner: Partner, address: str, **by: Any) -> PartnerInvitation:
    try:
        known = str(addresses.parse(address)).lower()
    except addresses.AddressError as error:
        raise ClaimInvitationError("invalid_address") from error
    if users_of(partner).filter(user__email__iexact=known).exists():
        raise ClaimInvitationError("already_user")
    mine = PartnerInvitation.objects.filter(
        partner=partner, workspace=by.get("workspace_id"), address=known, ended_at=None
    )
    if mine.filter(created_at__gt=timezone.now() - PAUSE).exists():
        raise ClaimInvitationError("too_soon")
    mine.update(ended_at=timezone.now())
    invitation: PartnerInvitation = PartnerInvitation.objects.create(partner=partner, address=known, **by)
    tell_invited_later(invitation)
    return invitation
