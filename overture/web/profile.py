"""What a person sets for themselves, and the switches of language and theme for everyone."""

from __future__ import annotations

from typing import cast

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from overture.accounts.models import User
from overture.web.home import remember_member
from overture.web.portal import last_partner

_YEAR = 365 * 24 * 3600


class ProfileForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        required=False,
        choices=[("", gettext_lazy("Like the browser")), ("en", "English"), ("fr", "Français")],
    )
    theme = forms.ChoiceField(label=gettext_lazy("Theme"), choices=User.Theme.choices)
    has_single_keys = forms.BooleanField(
        label=gettext_lazy("Single-key shortcuts"),
        required=False,
        help_text=gettext_lazy("J and K move through a list, X selects a row, E writes an email."),
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    remember_member(request)
    if not hasattr(request, "member") and (mine := last_partner(request)):
        return redirect("web:portal_settings", partner=mine.partner_id)
    fields = list(ProfileForm.base_fields)
    form = ProfileForm(request.POST or None, initial={name: getattr(user, name) for name in fields})
    if request.method == "POST" and form.is_valid():
        for name in fields:
            setattr(user, name, form.cleaned_data[name])
        user.save(update_fields=fields)
        # The answer already speaks the language just chosen; empty follows the browser again.
        with translation.override(user.language or translation.get_language_from_request(request)):
            messages.success(request, _("Your profile is saved."))
        return with_cookies(redirect("web:profile"), language=user.language, theme=user.theme)
    return render(request, "profile/page.html", {"form": form})


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """The switch of pages for people who are not signed in; in the profile, too, for who is."""
    chosen = request.POST.get("language", "")
    if chosen not in {code for code, _name in settings.LANGUAGES}:
        return HttpResponse(status=400)
    if request.user.is_authenticated:
        User.objects.filter(pk=request.user.pk).update(language=chosen)
    return with_cookies(redirect(local(request)), language=chosen)


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    chosen = request.POST.get("theme", "")
    if chosen not in User.Theme.values:
        return HttpResponse(status=400)
    if request.user.is_authenticated:
        User.objects.filter(pk=request.user.pk).update(theme=chosen)
    return with_cookies(redirect(local(request)), theme=chosen)


def local(request: HttpRequest) -> str:
    """Where the form was, when that is a page of this site; never another host."""
    for target in (
        request.POST.get("next", ""),
        request.headers.get("Referer", "").partition(request.get_host())[2],
    ):
        if target.startswith("/") and url_has_allowed_host_and_scheme(target, allowed_hosts=None):
            return target
    return "/"


def with_cookies(
    response: HttpResponseRedirect, language: str | None = None, theme: str = ""
) -> HttpResponse:
    is_secure = settings.SESSION_COOKIE_SECURE
    if theme:
        response.set_cookie("theme", theme, max_age=_YEAR, secure=is_secure, httponly=True, samesite="Lax")
    if language:
        name = settings.LANGUAGE_COOKIE_NAME
        response.set_cookie(name, language, max_age=_YEAR, secure=is_secure, httponly=True, samesite="Lax")
    elif language == "":
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME, samesite="Lax")
    return response
