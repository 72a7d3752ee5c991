"""Claims before the operator: whose partner is it? Granted, another one, or refused with a reason."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from overture.accounts.models import Membership
from overture.directory import claim as claiming
from overture.directory import partner_users
from overture.directory.models import Contact, Partner, PartnerClaim, PartnerUser
from overture.directory.sign_up import LONGEST_REASON, ClaimError, make_other, refuse, waiting
from overture.directory.turns import Busy
from overture.directory.wording import INVITING, STANDING
from overture.marketplace.claim import grant
from overture.web.newest_first import newest_first
from overture.web.operator_pages import operator_page
from overture.web.portal_users import invited_words


class RefuseForm(forms.Form):
    reason = forms.CharField(max_length=LONGEST_REASON)


class AddressForm(forms.Form):
    address = forms.CharField(max_length=320)


@operator_page("GET", "HEAD")
def claims(request: HttpRequest, member: Membership) -> HttpResponse:
    """Who says that a known partner is theirs, the newest first, with what is known of both."""
    found = newest_first(waiting(member.user).select_related("user", "partner"), request.GET)
    accounts = _accounts([row.partner_id for row in found.rows])
    shown = {"page": found, "claims": [(row, accounts.get(row.partner_id, [])) for row in found.rows]}
    return render(request, "directory/claims.html", shown)


@operator_page("POST")
def claim_grant(request: HttpRequest, member: Membership, claim: int) -> HttpResponse:
    row = _find(member, claim)
    try:
        partner = grant(member.user, row)
    except ClaimError as error:
        messages.error(request, INVITING[error.code])
    else:
        told = {"name": row.user, "partner": partner.name}
        messages.success(request, _("%(name)s signs in for %(partner)s now.") % told)
    return redirect("web:claims", workspace=member.workspace.slug)


@operator_page("POST")
def claim_other(request: HttpRequest, member: Membership, claim: int) -> HttpResponse:
    """It is another one than the known one: it comes into the directory beside it, in review."""
    row = _find(member, claim)
    try:
        made = make_other(member.user, row)
    except ClaimError as error:
        messages.error(request, INVITING[error.code])
    except Busy as error:
        messages.error(request, STANDING[error.code])
    else:
        messages.success(request, _("%(name)s is in the directory, in review.") % {"name": made.name})
        return redirect("web:directory_partner", workspace=member.workspace.slug, entry=made.pk)
    return redirect("web:claims", workspace=member.workspace.slug)


@operator_page("POST")
def claim_refuse(request: HttpRequest, member: Membership, claim: int) -> HttpResponse:
    row = _find(member, claim)
    try:
        refuse(member.user, row, request.POST.get("reason", ""))
    except ClaimError as error:
        messages.error(request, INVITING.get(error.code) or STANDING[error.code])
    else:
        messages.success(request, _("The claim is refused, and %(name)s is told why.") % {"name": row.user})
    return redirect("web:claims", workspace=member.workspace.slug)


@operator_page("POST")
def directory_invite(request: HttpRequest, member: Membership, entry: int) -> HttpResponse:
    """Invites an address to claim the partner."""
    partner = get_object_or_404(Partner.objects.filter(workspace=None), pk=entry)
    try:
        invitation = claiming.invite_as_operator(member.user, partner, request.POST.get("address", ""))
    except claiming.ClaimInvitationError as error:
        messages.error(request, INVITING[error.code])
    else:
        messages.success(request, invited_words(invitation.address))
    return redirect("web:directory_partner", workspace=member.workspace.slug, entry=entry)


@operator_page("POST")
def directory_invitation_revoke(
    request: HttpRequest, member: Membership, entry: int, invited: int
) -> HttpResponse:
    row = get_object_or_404(claiming.open_invitations().filter(partner=entry), pk=invited)
    claiming.end(row)
    messages.success(request, _("The invitation of %(email)s is taken back.") % {"email": row.address})
    return redirect("web:directory_partner", workspace=member.workspace.slug, entry=entry)


@operator_page("POST")
def directory_user_remove(request: HttpRequest, member: Membership, entry: int, person: int) -> HttpResponse:
    row = get_object_or_404(PartnerUser.objects.current().filter(partner=entry), pk=person)
    partner_users.remove_as_operator(member.user, row)
    messages.success(request, _("%(name)s can no longer sign in here.") % {"name": row})
    return redirect("web:directory_partner", workspace=member.workspace.slug, entry=entry)


def people_of(partner: Partner) -> dict[str, object]:
    """Who signs in for it, and who is invited, for the operator's page of a partner."""
    open_ones = claiming.open_invitations().filter(partner=partner).order_by("-pk")
    return {
        "people": partner_users.users_of(partner),
        "invitations": [(each, claiming.link_of(each)) for each in open_ones],
    }


def _find(member: Membership, number: int) -> PartnerClaim:
    rows: QuerySet[PartnerClaim] = PartnerClaim.objects.select_related("user")
    return get_object_or_404(rows, pk=number)


def _accounts(partners: list[int | None]) -> dict[int, list[str]]:
    """Addresses of the accounts, which the person's own can be held against."""
    told: dict[int, list[str]] = {}
    rows = Contact.objects.filter(partner__in=partners, workspace=None, erased_at=None).exclude(address="")
    for partner, address in rows.order_by("pk").values_list("partner", "address"):
        told.setdefault(partner, []).append(address)
    return told
