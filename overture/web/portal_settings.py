"""What one of a partner's people sets for themselves: how they are told of messages, name, language."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from overture.accounts.models import Notify, User
from overture.directory.models import PartnerUser
from overture.directory.partner_users import choose_notices
from overture.web.portal_pages import portal_page
from overture.web.profile import with_cookies


class NoticesForm(forms.Form):
    notify = forms.ChoiceField(
        label=gettext_lazy("Emails about new messages"), choices=Notify.choices, widget=forms.RadioSelect
    )


class YouForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=120,
        help_text=gettext_lazy("Brands see it beside your messages."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        choices=[("en", "English"), ("fr", "Français")],
        help_text=gettext_lazy("Of these pages and of the emails you get from them."),
    )


@portal_page("GET", "HEAD", "POST")
def portal_settings(request: HttpRequest, mine: PartnerUser) -> HttpResponse:
    user = cast(User, request.user)
    form = YouForm(request.POST or None, initial=_you(user))
    if request.method == "POST" and form.is_valid():
        user.name, user.language = form.cleaned_data["name"], form.cleaned_data["language"]
        user.save(update_fields=["name", "language"])
        # The answer already speaks the language just chosen.
        with translation.override(user.language):
            messages.success(request, _("Your settings are saved."))
        return with_cookies(redirect("web:portal_settings", partner=mine.partner_id), language=user.language)
    return _page(request, mine, you=form)


@portal_page("POST")
def portal_notices(request: HttpRequest, mine: PartnerUser) -> HttpResponse:
    """Apart from the rest: who chooses here wants it so, whatever was opted out of elsewhere."""
    form = NoticesForm(request.POST)
    if not form.is_valid():
        return _page(request, mine, notices=form)
    choose_notices(mine, form.cleaned_data["notify"])
    messages.success(request, _("Your settings are saved."))
    return redirect("web:portal_settings", partner=mine.partner_id)


def _page(request: HttpRequest, mine: PartnerUser, you: Any = None, notices: Any = None) -> HttpResponse:
    shown = {
        "you": you or YouForm(initial=_you(cast(User, request.user))),
        "notices": notices or NoticesForm(initial={"notify": mine.notify}),
    }
    is_wrong = any(form.errors for form in shown.values())
    return render(request, "portal/settings.html", shown, status=422 if is_wrong else 200)


def _you(user: User) -> dict[str, str]:
    return {"name": user.name, "language": user.language or (translation.get_language() or "en")[:2]}
