"""A partner's people: who signs in for it, whom they invite, who leaves."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from overture.directory import claim as claims
from overture.directory import partner_users
from overture.directory.models import PartnerInvitation, PartnerUser
from overture.directory.wording import INVITING
from overture.web.portal_pages import portal_page


class ColleagueForm(forms.Form):
    email = forms.CharField(
        label=gettext_lazy("Email"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )


@portal_page("GET", "HEAD", "POST")
def portal_users(request: HttpRequest, mine: PartnerUser) -> HttpResponse:
    form = ColleagueForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            invitation = claims.invite_colleague(mine, form.cleaned_data["email"])
        except claims.ClaimInvitationError as error:
            form.add_error("email", str(INVITING[error.code]))
        else:
            messages.success(request, invited_words(invitation.address))
            return redirect("web:portal_users", partner=mine.partner_id)
    shown = {
        "form": form,
        "people": partner_users.users_of(mine.partner),
        "invitations": [(each, claims.link_of(each)) for each in _invitations(mine)],
    }
    return render(request, "portal/users.html", shown, status=422 if form.errors else 200)


@portal_page("POST")
def portal_user_remove(request: HttpRequest, mine: PartnerUser, other: int) -> HttpResponse:
    row = get_object_or_404(partner_users.users_of(mine.partner), pk=other)
    try:
        partner_users.remove(mine, row)
    except partner_users.LastUser:
        messages.error(request, _("Somebody has to stay. Invite another person first."))
        return redirect("web:portal_users", partner=mine.partner_id)
    if row.pk == mine.pk:
        messages.success(request, _("You left %(name)s.") % {"name": mine.partner.name})
        return redirect("web:home")
    messages.success(request, _("%(name)s can no longer sign in here.") % {"name": row})
    return redirect("web:portal_users", partner=mine.partner_id)


@portal_page("POST")
def portal_invitation_revoke(request: HttpRequest, mine: PartnerUser, invitation: int) -> HttpResponse:
    row = get_object_or_404(_invitations(mine), pk=invitation)
    claims.end(row)
    messages.success(request, _("The invitation of %(email)s is taken back.") % {"email": row.address})
    return redirect("web:portal_users", partner=mine.partner_id)


def invited_words(address: str) -> str:
    """By system mail where there is one; the link stands in the list in any case."""
    if settings.OVERTURE_SYSTEM_MAIL:
        return _("Invited: an email is on its way to %(email)s.") % {"email": address}
    return _("Invited. Send the link below to %(email)s.") % {"email": address}


def _invitations(mine: PartnerUser) -> QuerySet[PartnerInvitation]:
    """Of colleagues: whom brands and the operator asked to claim it is not theirs to see."""
    rows = claims.open_invitations().filter(partner=mine.partner_id, is_colleague=True)
    return rows.order_by("-pk")
