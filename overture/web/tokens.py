"""API tokens: made for scripts of one's own, shown once, revoked at once."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from overture.accounts.access import make_token
from overture.accounts.models import Membership
from overture.accounts.revoke_token import revoke_token, tokens_of
from overture.accounts.roles import Permission
from overture.web.pages import page


class TokenForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name of the token"),
        max_length=80,
        help_text=gettext_lazy("What it is for, such as the script or the machine that uses it."),
    )


@page("GET", "HEAD", "POST", writes=Permission.MANAGE_PROSPECTS)
def tokens(request: HttpRequest, member: Membership) -> HttpResponse:
    form = TokenForm(request.POST or None)
    text = ""
    if request.method == "POST" and form.is_valid():
        _token, text = make_token(member, form.cleaned_data["name"])
        form = TokenForm()
    shown = {
        "tab": "tokens",
        "form": form,
        "text": text,
        "tokens": tokens_of(member).select_related("member__user").order_by("-id"),
        "may_change": member.can(Permission.MANAGE_PROSPECTS),
    }
    # The token is in this one answer: nothing may keep it.
    response = render(request, "settings/tokens.html", shown)
    response.headers["Cache-Control"] = "no-store"
    return response


@page("POST", writes=Permission.MANAGE_PROSPECTS)
def token_revoke(request: HttpRequest, member: Membership, token: int) -> HttpResponse:
    row = get_object_or_404(tokens_of(member), pk=token)
    revoke_token(member, row)
    messages.success(request, _("%(name)s is revoked; it is refused from now on.") % {"name": row.name})
    return redirect("web:tokens", workspace=member.workspace.slug)
