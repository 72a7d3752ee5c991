"""A member invites a prospect's contact to claim the partner: who is asked, what still stands, taken back."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from overture.accounts.models import Membership
from overture.accounts.roles import Permission
from overture.directory import claim as claims
from overture.directory.claim import ClaimInvitationError
from overture.directory.models import Contact, PartnerInvitation
from overture.directory.partner_users import users_of
from overture.directory.wording import INVITING
from overture.lib.addresses import obfuscate
from overture.marketplace.invite_partner import invitations_of, invite_partner, withdraw
from overture.prospects.models import Prospect
from overture.web.pages import page
from overture.web.portal_users import invited_words
from overture.web.shown_contacts import shown_contacts


@dataclass(frozen=True)
class Open:
    """An invitation as the member may see it; the link is theirs to pass on where the address is."""

    number: int
    address: str
    link: str
    invitation: PartnerInvitation


@page("GET", "HEAD", "POST", writes=Permission.MESSAGE)
def partner_invite(request: HttpRequest, member: Membership, prospect: int) -> HttpResponse:
    row = _find(member, prospect)
    if request.method == "POST":
        number = request.POST.get("contact", "")
        rows = Contact.objects.visible_to(member).filter(partner=row.partner_id)
        contact = get_object_or_404(rows, pk=int(number) if number.isascii() and number.isdigit() else 0)
        try:
            invitation = invite_partner(member, row, contact)
        except ClaimInvitationError as error:
            messages.error(request, INVITING[error.code])
        else:
            messages.success(request, invited_words(_address(invitation, addresses_shown(member, row))))
        return redirect("web:partner_invite", workspace=member.workspace.slug, prospect=prospect)
    known = addresses_shown(member, row)
    shown = {
        "prospect": row,
        "contacts": [each for each in shown_contacts(member, row.partner_id, row) if each.address],
        "has_users": users_of(row.partner).exists(),
        "invitations": [_shown(each, known) for each in invitations_of(member, row)],
        "may_write": member.can(Permission.MESSAGE),
        "days": claims.DAYS,
    }
    return render(request, "prospects/invite.html", shown)


@page("POST", writes=Permission.MESSAGE)
def partner_invite_revoke(
    request: HttpRequest, member: Membership, prospect: int, invited: int
) -> HttpResponse:
    row = get_object_or_404(invitations_of(member, _find(member, prospect)), pk=invited)
    withdraw(member, row)
    messages.success(request, _("The invitation is taken back."))
    return redirect("web:partner_invite", workspace=member.workspace.slug, prospect=prospect)


def addresses_shown(member: Membership, prospect: Prospect) -> dict[str, str]:
    """What the member may see of each address of the partner's contacts."""
    return {
        each.contact.address.lower(): each.address
        for each in shown_contacts(member, prospect.partner_id, prospect)
        if each.contact.address
    }


def _shown(invitation: PartnerInvitation, known: dict[str, str]) -> Open:
    address = _address(invitation, known)
    # Of a hidden address the member cannot pass the link on to anybody.
    link = claims.link_of(invitation) if address.lower() == invitation.address else ""
    return Open(invitation.pk, address, link, invitation)


def _address(invitation: PartnerInvitation, known: dict[str, str]) -> str:
    """Of a contact that is gone meanwhile: as hidden as any."""
    return known.get(invitation.address) or obfuscate(invitation.address)


def _find(member: Membership, number: int) -> Prospect:
    rows = Prospect.objects.visible_to(member).select_related("partner")
    found: Prospect = get_object_or_404(rows, pk=number)
    return found
