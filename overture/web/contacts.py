"""The people at a prospect: add, edit, choose who is written to."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from overture.accounts.models import Membership
from overture.accounts.roles import Permission
from overture.directory.models import Contact
from overture.prospects import contacts
from overture.prospects.contacts import ContactError, Person
from overture.prospects.models import Prospect
from overture.web.list_state import state_behind
from overture.web.pages import page
from overture.web.prospect_panel import changed, find_prospect

_WRITES = Permission.MANAGE_PROSPECTS


class ContactForm(forms.Form):
    first_name = forms.CharField(label=gettext_lazy("First name"), required=False, max_length=100)
    last_name = forms.CharField(label=gettext_lazy("Last name"), required=False, max_length=100)
    title = forms.CharField(label=gettext_lazy("Job title"), required=False, max_length=100)
    address = forms.CharField(
        label=gettext_lazy("Email"),
        required=False,
        max_length=320,
        widget=forms.TextInput(attrs={"inputmode": "email", "autocomplete": "off", "spellcheck": "false"}),
    )

    def person(self) -> Person:
        return Person(**self.cleaned_data)


@page("GET", "HEAD", "POST", needs=_WRITES)
def contact_new(request: HttpRequest, member: Membership, prospect: int) -> HttpResponse:
    return _form_page(request, member, find_prospect(member, prospect), None)


@page("GET", "HEAD", "POST", needs=_WRITES)
def contact(request: HttpRequest, member: Membership, prospect: int, contact: int) -> HttpResponse:
    row = find_prospect(member, prospect)
    found = _find(member, row, contact)
    if found.workspace_id is None:
        # Of the partner's own account: theirs to change, and not all of it is shown.
        raise Http404
    return _form_page(request, member, row, found)


@page("POST", writes=_WRITES)
def contact_primary(request: HttpRequest, member: Membership, prospect: int, contact: int) -> HttpResponse:
    row = find_prospect(member, prospect)
    contacts.choose_primary(member, row, _find(member, row, contact))
    return changed(request, state_behind(request, member), row)


def contact_problem(error: ContactError) -> str:
    return {
        "empty": _("Give a name or an email address."),
        "too_long": _("This is too long."),
        "invalid_address": _("Enter a full address, such as name@brand.example."),
        "taken": _("Another contact of this partner has this address already."),
        "erased": _("This person asked to be erased, and is not taken in again."),
        "not_custom": _("Only the partner can change this contact."),
    }[error.code]


def _form_page(
    request: HttpRequest, member: Membership, row: Prospect, found: Contact | None
) -> HttpResponse:
    state = state_behind(request, member)
    initial = {name: getattr(found, name) for name in ContactForm.base_fields} if found else None
    form = ContactForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            if found:
                contacts.edit(member, row, found, form.person())
            else:
                contacts.add(member, row, form.person())
        except ContactError as error:
            form.add_error(error.field or None, contact_problem(error))
        else:
            messages.success(request, _("Contact saved."))
            return redirect(state.panel_url(row.pk))
    shown = {"form": form, "prospect": row, "contact": found, "back_url": state.panel_url(row.pk)}
    return render(request, "prospects/contact.html", shown, status=422 if form.errors else 200)


def _find(member: Membership, row: Prospect, number: int) -> Contact:
    rows = Contact.objects.visible_to(member).filter(erased_at=None)
    found: Contact = get_object_or_404(rows, pk=number, partner_id=row.partner_id)
    return found
