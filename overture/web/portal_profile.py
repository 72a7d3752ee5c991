"""What brands see of a partner, described by its own people: an edit shows at once."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from overture.directory.logo import shown_logo
from overture.directory.models import Contact, Partner, PartnerUser
from overture.directory.partner_users import users_of
from overture.directory.reading import DetailsError
from overture.directory.turns import Busy
from overture.directory.wording import STANDING
from overture.marketplace.describe import describe_own
from overture.web.directory_form import PartnerForm, initial_of
from overture.web.portal_pages import portal_page


class ProfileForm(PartnerForm):
    """Whom brands write to is one of the partner's own people: each confirmed their address."""

    active_on = None  # type: ignore[assignment]  # the operator's affair
    has_messaging = forms.BooleanField(
        label=gettext_lazy("Brands may send you messages"),
        required=False,
        help_text=gettext_lazy(
            "Turned off, nobody can write to you here; you go on seeing what was written."
        ),
    )
    address = forms.ChoiceField(  # type: ignore[assignment]  # chosen, not written
        label=gettext_lazy("Emails of brands go to"),
        help_text=gettext_lazy("Brands see it as m•••@example.com, until you answer or join."),
    )

    def __init__(self, partner: Partner, contact: Contact | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = [each.user.email for each in users_of(partner)]
        if contact and contact.address not in own:
            own.insert(0, contact.address)
        self.fields["address"].choices = [(each, each) for each in own]  # type: ignore[attr-defined]

    @property
    def main(self) -> list[forms.BoundField]:
        return [each for each in super().main if each.name != "has_messaging"]

    def refuse(self, error: DetailsError) -> None:
        if error.code == "ambiguous":
            # Who the other one is they learn on its page, not here.
            self.add_error("website", _("Another partner of the directory has this website."))
        else:
            super().refuse(error)


@portal_page("GET", "HEAD", "POST")
def portal_profile(request: HttpRequest, mine: PartnerUser) -> HttpResponse:
    partner = mine.partner
    contact = partner.contacts.filter(workspace=None, erased_at=None).order_by("pk").first()
    form = ProfileForm(partner, contact, request.POST or None, initial=initial_of(partner, contact))
    if request.method == "POST" and form.is_valid() and _describe(mine, form):
        messages.success(request, _("Your profile is saved."))
        return redirect("web:portal_profile", partner=partner.pk)
    return render(
        request,
        "portal/profile.html",
        {"form": form, "partner": partner, "logo": partner.logo, "has_logo": shown_logo(partner) is not None},
        status=422 if form.errors else 200,
    )


def _describe(mine: PartnerUser, form: ProfileForm) -> bool:
    try:
        outcome = describe_own(mine, form.details)
    except Busy as error:
        form.add_error(None, STANDING[error.code])
        return False
    for refused in outcome.errors:
        form.refuse(refused)
    return outcome.state != "refused"
