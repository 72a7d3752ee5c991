"""Who works in a workspace: invite, change the role, remove."""

from __future__ import annotations

import logging
from smtplib import SMTPException

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.mail import send_mail
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from overture.accounts import invite as inviting
from overture.accounts.change_role import LastAdministrator, change_role, remove_member
from overture.accounts.models import Invitation, Membership
from overture.accounts.roles import MANAGER, Permission
from overture.lib import addresses
from overture.mailboxes.edit import remove_all_of
from overture.web.pages import page

logger = logging.getLogger("overture.web")


class InviteForm(forms.Form):
    email = forms.CharField(
        label=gettext_lazy("Email"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=Membership.ROLES, initial=MANAGER)

    def clean_email(self) -> str:
        try:
            return str(addresses.parse(self.cleaned_data["email"])).lower()
        except addresses.AddressError as error:
            raise forms.ValidationError(_("Enter a full address, such as name@brand.example.")) from error


class RoleForm(forms.Form):
    role = forms.ChoiceField(choices=Membership.ROLES)


@page("GET", "HEAD", "POST", writes=Permission.ADMINISTER)
def members(request: HttpRequest, member: Membership) -> HttpResponse:
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            invitation = inviting.invite(member, **form.cleaned_data)
        except inviting.InviteError:
            form.add_error("email", _("This person is a member already."))
        else:
            _tell(request, invitation)
            return redirect("web:members", workspace=member.workspace.slug)
    invitations = Invitation.objects.visible_to(member).filter(ended_at=None).order_by("-id")
    shown = {
        "tab": "members",
        "form": form,
        "members": Membership.objects.visible_to(member).select_related("user").order_by("id"),
        "invitations": [(invitation, inviting.link_of(invitation)) for invitation in invitations],
        "roles": Membership.ROLES,
        "may_change": member.can(Permission.ADMINISTER),
    }
    return render(request, "settings/members.html", shown)


def _tell(request: HttpRequest, invitation: Invitation) -> None:
    """By system mail where there is one; the link stands in the list in any case."""
    if not settings.OVERTURE_SYSTEM_MAIL:
        messages.success(
            request, _("Invited. Send the link below to %(email)s.") % {"email": invitation.email}
        )
        return
    facts = {"brand": invitation.workspace.name, "link": inviting.link_of(invitation), "days": inviting.DAYS}
    subject = " ".join(_("Join %(brand)s on Overture").split()) % facts
    text = _("Join us in %(brand)s on Overture. The link is valid for %(days)d days:\n\n%(link)s") % facts
    try:
        send_mail(subject.replace("\n", " ").replace("\r", " "), text, None, [invitation.email])
    except (OSError, SMTPException) as error:
        logger.warning("the invitation of %s was not sent: %s", invitation.email, error)
        messages.warning(
            request, _("Invited, but the email could not be sent. Pass on the link below yourself.")
        )
    else:
        messages.success(
            request, _("Invited: an email is on its way to %(email)s.") % {"email": invitation.email}
        )


@page("POST", writes=Permission.ADMINISTER)
def member_role(request: HttpRequest, member: Membership, other: int) -> HttpResponse:
    row = get_object_or_404(Membership.objects.visible_to(member).select_related("user"), pk=other)
    form = RoleForm(request.POST)
    if form.is_valid():
        try:
            change_role(member, row, form.cleaned_data["role"])
            messages.success(request, _("The role of %(name)s is changed.") % {"name": row})
        except LastAdministrator:
            messages.error(request, _last_words())
    return redirect("web:members", workspace=member.workspace.slug)


@page("POST", writes=Permission.ADMINISTER)
def member_remove(request: HttpRequest, member: Membership, other: int) -> HttpResponse:
    row = get_object_or_404(Membership.objects.visible_to(member).select_related("user"), pk=other)
    try:
        with transaction.atomic():
            remove_all_of(member, row)
            remove_member(member, row)
    except LastAdministrator:
        messages.error(request, _last_words())
    else:
        messages.success(request, _("%(name)s is no longer a member.") % {"name": row})
        if row.pk == member.pk:
            return redirect("web:home")
    return redirect("web:members", workspace=member.workspace.slug)


@page("POST", writes=Permission.ADMINISTER)
def invitation_revoke(request: HttpRequest, member: Membership, invitation: int) -> HttpResponse:
    row = get_object_or_404(Invitation.objects.visible_to(member), pk=invitation)
    inviting.revoke(member, row)
    messages.success(request, _("The invitation of %(email)s is taken back.") % {"email": row.email})
    return redirect("web:members", workspace=member.workspace.slug)


@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, invitation: str) -> HttpResponse:
    """The page behind an invitation's link: sign in or up first, then join."""
    found = inviting.invitation_with(invitation)
    if found is None:
        return render(request, "workspaces/invitation_ended.html", status=404)
    if not request.user.is_authenticated:
        # Opens sign-up for this person where it is closed to all others, and leads back here.
        request.session["invitation"] = invitation
        return render(request, "workspaces/invitation.html", {"invitation": found})
    user = request.user
    if request.method == "POST":
        try:
            member = inviting.accept(user, found)
        except inviting.InviteError:
            return render(
                request, "workspaces/invitation.html", {"invitation": found, "is_other": True}, status=403
            )
        return redirect("web:home_of", workspace=member.workspace.slug)
    is_other = user.email.lower() != found.email
    return render(request, "workspaces/invitation.html", {"invitation": found, "is_other": is_other})


def _last_words() -> str:
    return _("A workspace needs an administrator. Make somebody else one first.")
