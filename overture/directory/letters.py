"""Letters to people who are to speak for a partner: invitations, and what became of their claim."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from overture.accounts.models import User
from overture.directory.claim import DAYS, link_of, open_invitations
from overture.directory.models import Partner, PartnerClaim, PartnerInvitation
from overture.directory.partner_users import users_of
from overture.notices.letter import send_letter


def send_invitation(number: int) -> None:
    """Nothing where it is over meanwhile."""
    invitation = open_invitations().filter(pk=number).first()
    if invitation is None:
        return
    facts = {
        "partner": invitation.partner.name,
        "brand": invitation.workspace.name if invitation.workspace else "",
        "by": str(invitation.invited_by_user) if invitation.is_colleague else "",
        "link": link_of(invitation),
        "days": DAYS,
    }
    send_letter("partner_invitation", invitation.address, _language_of(invitation), facts)


def send_decision(number: int) -> None:
    """To who claimed: granted, made another one, or refused and why."""
    claim = PartnerClaim.objects.select_related("user").get(pk=number)
    facts = {
        "partner": claim.name,
        "outcome": claim.outcome,
        "reason": claim.reason,
        "link": settings.OVERTURE_BASE_URL + reverse("web:portal"),
    }
    send_letter("partner_claim", claim.user.email, claim.user.language, facts)


def send_listed(number: int) -> None:
    """To a partner's people: brands find it from now on."""
    partner = Partner.objects.get(pk=number)
    link = settings.OVERTURE_BASE_URL + reverse("web:portal_profile", kwargs={"partner": number})
    for each in users_of(partner):
        facts = {"partner": partner.name, "link": link}
        send_letter("partner_listed", each.user.email, each.user.language, facts)


def _language_of(invitation: PartnerInvitation) -> str:
    """That of the person if they have been here, else of the partner, else of who invites."""
    known = {code for code, _name in settings.LANGUAGES}
    member = invitation.invited_by_member
    by = invitation.invited_by_user or (member.user if member else None)
    reader = User.objects.filter(email__iexact=invitation.address).first()
    for language in (
        reader.language if reader else "",
        invitation.partner.language,
        by.language if by else "",
    ):
        if language in known:
            return language
    return "en"
