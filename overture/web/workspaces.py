"""A workspace: made after the first sign-in, named and set by those who administer it."""

from __future__ import annotations

from functools import lru_cache
from typing import cast
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from overture.accounts.edit_workspace import LONGEST_CONTACT_DAYS, edit_workspace
from overture.accounts.invite import invitations_for, link_of
from overture.accounts.make_workspace import make_workspace
from overture.accounts.models import Membership, User
from overture.accounts.roles import Permission
from overture.web.home import remember_member
from overture.web.pages import page

_POSTAL = gettext_lazy("Stands at the foot of every email; the law of many countries asks for it.")


class WorkspaceForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name of the brand"), max_length=120)
    kind = forms.ChoiceField(
        label=gettext_lazy("You work with"),
        choices=[
            ("both", gettext_lazy("Partners and creators")),
            ("partner", gettext_lazy("Partners")),
            ("creator", gettext_lazy("Creators")),
        ],
    )
    postal_address = forms.CharField(
        label=gettext_lazy("Postal address"),
        max_length=500,
        required=False,
        help_text=_POSTAL,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "street-address"}),
    )


class SettingsForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name of the brand"), max_length=120)
    postal_address = forms.CharField(
        label=gettext_lazy("Postal address"),
        max_length=500,
        required=False,
        help_text=_POSTAL,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    contact_days = forms.IntegerField(
        label=gettext_lazy("Days between two emails to a partner"),
        min_value=0,
        max_value=LONGEST_CONTACT_DAYS,
        help_text=gettext_lazy(
            "A bulk email skips partners anyone here wrote to in these days. 0 turns this off."
        ),
    )
    time_zone = forms.ChoiceField(label=gettext_lazy("Time zone"))
    is_open_to_partners = forms.BooleanField(
        label=gettext_lazy("Partners may write first"),
        required=False,
        help_text=gettext_lazy(
            "Listed partners find the brand by its name in their portal, and can begin a conversation."
        ),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        cast(forms.ChoiceField, self.fields["time_zone"]).choices = time_zones()


@lru_cache(maxsize=1)
def time_zones() -> list[tuple[str, str]]:
    """Places by which people name their time, UTC first."""
    places = sorted(
        zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "posix/"))
    )
    return [(zone, zone.replace("_", " ")) for zone in ["UTC", *places]]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def workspace_new(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    may_make = settings.OVERTURE_OPEN_SIGNUP or user.is_operator
    form = WorkspaceForm(request.POST or None)
    if request.method == "POST" and not may_make:
        return render(request, "403.html", status=403)
    if request.method == "POST" and form.is_valid():
        member = make_workspace(user, **form.cleaned_data)
        messages.success(request, _("%(name)s is ready.") % {"name": member.workspace.name})
        return redirect("web:home_of", workspace=member.workspace.slug)
    remember_member(request)
    invitations = [(invitation, link_of(invitation)) for invitation in invitations_for(user)]
    shown = {
        "form": form,
        "invitations": invitations,
        "may_make": may_make,
        "is_first": not hasattr(request, "member"),
    }
    return render(request, "workspaces/new.html", shown)


@page("GET", "HEAD")
def home_of(request: HttpRequest, member: Membership) -> HttpResponse:
    """The address of a workspace alone; remembers it as the one to open next time."""
    return redirect("web:prospects", workspace=member.workspace.slug)


@page("GET", "HEAD", "POST", writes=Permission.ADMINISTER)
def workspace_settings(request: HttpRequest, member: Membership) -> HttpResponse:
    workspace = member.workspace
    initial = {name: getattr(workspace, name) for name in SettingsForm.base_fields}
    form = SettingsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        edit_workspace(member, **form.cleaned_data)
        messages.success(request, _("The settings are saved."))
        return redirect("web:settings", workspace=workspace.slug)
    shown = {"form": form, "tab": "workspace", "may_change": member.can(Permission.ADMINISTER)}
    return render(request, "settings/workspace.html", shown)
