"""A partner signs up: a public page for new people, a shorter one for who is signed in already."""

from __future__ import annotations

from typing import Any, cast

from allauth.account.forms import SignupForm
from allauth.account.views import SignupView
from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods

from overture.accounts.models import User
from overture.directory.find import find_listed
from overture.directory.models import PartnerKind
from overture.directory.sign_up import SignUpError, checked, sign_up
from overture.directory.wording import sentence


class PartnerFields(forms.Form):
    """What a partner says of itself first."""

    partner_name = forms.CharField(
        label=_("Company or creator name"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    kind = forms.ChoiceField(
        label=pgettext_lazy("sign-up", "You are"),
        choices=[
            (PartnerKind.PARTNER, pgettext_lazy("sign-up", "A company or publication")),
            (PartnerKind.CREATOR, pgettext_lazy("sign-up", "A creator")),
        ],
    )
    website = forms.CharField(
        label=_("Website"),
        max_length=300,
        required=False,
        help_text=_("Or your main channel. By it we see whether you are in the directory already."),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "url"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                checked(*self.said)
            except SignUpError as error:
                self.refuse(error)
        return cleaned

    @property
    def said(self) -> tuple[str, str, str]:
        data = self.cleaned_data
        return data.get("partner_name", ""), data.get("kind", ""), data.get("website", "")

    def refuse(self, error: SignUpError) -> None:
        """Beside the field that is wrong."""
        field = {"name": "partner_name"}.get(error.field, error.field)
        self.add_error(field, sentence(error.code, {"value": error.value, **error.params}))


class PartnerSignupForm(PartnerFields, SignupForm):  # type: ignore[misc]  # allauth is untyped
    field_order = ["partner_name", "kind", "website", "name", "email", "password1"]

    def signup(self, request: HttpRequest, user: User) -> None:
        super().signup(request, user)
        user.language = (translation.get_language() or "en")[:2]
        user.save(update_fields=["language"])
        sign_up(user, *self.said)


class NewPartner(SignupView):  # type: ignore[misc]  # allauth is untyped
    template_name = "portal/sign_up.html"
    form_class = PartnerSignupForm

    def get_initial(self) -> dict[str, Any]:
        return cast(dict[str, Any], super().get_initial()) | meant(self.request)


def meant(request: HttpRequest) -> dict[str, str]:
    """Of a partner's public page: whoever comes from there says that it is theirs."""
    number = request.GET.get("partner", "")
    partner = find_listed(int(number)) if number.isascii() and number.isdigit() and len(number) < 19 else None
    if partner is None:
        return {}
    return {"partner_name": partner.name, "kind": partner.kind, "website": partner.website}


new_partner = NewPartner.as_view()


@require_http_methods(["GET", "HEAD", "POST"])
def partner_sign_up(request: HttpRequest) -> HttpResponseBase:
    if not request.user.is_authenticated:
        return cast(HttpResponseBase, new_partner(request))
    form = PartnerFields(request.POST or None, initial=meant(request))
    if request.method == "POST" and form.is_valid():
        try:
            sign_up(request.user, *form.said)
        except SignUpError as error:
            form.refuse(error)
        else:
            request.session.pop("partner", None)
            return redirect("web:portal")
    return render(request, "portal/sign_up.html", {"form": form}, status=422 if form.errors else 200)
