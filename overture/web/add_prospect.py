"""Adds one prospect by hand."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from overture.accounts.models import Membership
from overture.accounts.roles import Permission
from overture.directory.models import PartnerKind
from overture.prospects.mark import AddError, AlreadyThere, Details, add
from overture.prospects.models import Group
from overture.web.pages import page


class ProspectForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name of the company or creator"), max_length=200, required=False
    )
    website = forms.CharField(label=gettext_lazy("Website"), max_length=300, required=False)
    first_name = forms.CharField(
        label=gettext_lazy("First name of the contact"), max_length=100, required=False
    )
    last_name = forms.CharField(label=gettext_lazy("Last name"), max_length=100, required=False)
    address = forms.CharField(
        label=gettext_lazy("Email"),
        max_length=320,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "email", "autocomplete": "off", "spellcheck": "false"}),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=PartnerKind.choices)
    country = forms.CharField(label=gettext_lazy("Country"), max_length=80, required=False)
    category = forms.CharField(label=gettext_lazy("Category"), max_length=80, required=False)
    language = forms.CharField(label=gettext_lazy("Language"), max_length=80, required=False)
    audience = forms.IntegerField(label=gettext_lazy("Audience"), min_value=0, required=False)
    groups = forms.ModelMultipleChoiceField(
        Group.objects.none(),
        label=gettext_lazy("Groups"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=10_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, member: Membership, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = Group.objects.visible_to(member).order_by("name")
        field = self.fields["groups"]
        if isinstance(field, forms.ModelMultipleChoiceField):
            field.queryset = groups

    def details(self) -> Details:
        values = {**self.cleaned_data, "groups": tuple(group.pk for group in self.cleaned_data["groups"])}
        return Details(**values)


@page("GET", "HEAD", "POST", needs=Permission.MANAGE_PROSPECTS)
def prospect_new(request: HttpRequest, member: Membership) -> HttpResponse:
    form = ProspectForm(member, request.POST or None)
    there = None
    if request.method == "POST" and form.is_valid():
        try:
            made = add(member, form.details())
        except AlreadyThere as error:
            there = error.prospect
        except AddError as error:
            form.add_error(error.field if error.field in form.fields else None, _problem(error))
        else:
            messages.success(request, _("%(name)s is a prospect now.") % {"name": made.name})
            return redirect("web:prospect", workspace=member.workspace.slug, prospect=made.pk)
    shown = {"form": form, "there": there}
    return render(request, "prospects/new.html", shown, status=422 if form.errors or there else 200)


def _problem(error: AddError) -> str:
    told = {
        "empty": _("Give a name, a website or a contact."),
        "too_long": _("This is too long."),
        "invalid_address": _("Enter a full address, such as name@brand.example."),
        "erased": _("This person asked to be erased, and is not taken in again."),
        "invalid_website": _("Enter a website, such as brand.example."),
        "unknown_country": _("We do not know this country; its two-letter code works."),
        "unknown_language": _("We do not know this language; its two-letter code works."),
        "unknown_kind": _("Choose partner or creator."),
        "invalid_number": _("Enter a whole number."),
        "unknown_group": _("This group is not there any more."),
        "ambiguous": _("It could be any of these partners: %(partners)s.") % {"partners": error.partners},
    }
    return told.get(error.code, _("This cannot be taken."))
