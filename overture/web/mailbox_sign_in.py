"""Connects a mailbox by signing in at its provider (OAuth 2), and signs one in again.

The way there and back belongs to one browser: what is kept until the way back stands in its session, by a
state that is used once.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from overture.accounts.access import member_of, require
from overture.accounts.models import Membership, User
from overture.accounts.roles import Permission
from overture.delivery.grants import resume_reconnected
from overture.mailboxes import oauth
from overture.mailboxes.account import account
from overture.mailboxes.check import PATIENCE, Finding, check, check_reading, explain_grant
from overture.mailboxes.connect import connect_granted, granted, needed
from overture.mailboxes.details import Details, MailboxError, check_details
from overture.mailboxes.edit import require_change, sign_in_again
from overture.mailboxes.imap_account import imap_account
from overture.mailboxes.models import Mailbox
from overture.mailboxes.oauth import OAuthError, Provider, Tokens
from overture.mailboxes.presets import preset
from overture.mailboxes.wording import WORDS
from overture.web.mailbox_form import scope_choices
from overture.web.pages import page

# Seconds that a person may take at the provider, and ways that may be open at once in one browser.
_WAIT, _OPEN = 900, 5
_PRESETS = {"google": "gmail", "microsoft": "microsoft"}
_LIMITS = ("per_minute", "per_hour", "per_day")


class SignInForm(forms.Form):
    scope = forms.ChoiceField(label=gettext_lazy("Who sends from it"), widget=forms.RadioSelect)
    address = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=320,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    sender_name = forms.CharField(
        label=gettext_lazy("Sender name"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Recipients see this before the address."),
    )
    reads = forms.BooleanField(
        label=gettext_lazy("Read replies and bounces"),
        required=False,
        initial=True,
        help_text=gettext_lazy(
            "Only what concerns your prospects is kept. Without it, replies stay in the mailbox: "
            "conversations, stages and bounces do not follow."
        ),
    )
    shares_other_mail = forms.BooleanField(
        label=gettext_lazy("Share other emails of contacts with the workspace"),
        required=False,
        help_text=gettext_lazy("Replies to emails sent from here are shared in any case."),
    )

    def __init__(self, *args: Any, member: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["scope"]).choices = scope_choices(member)
        self._member = member

    def clean(self) -> dict[str, Any]:
        if not self.errors:
            try:
                check_details(_details(self._member, "google", self.cleaned_data, host="localhost"))
            except MailboxError as error:
                self.add_error(error.field, WORDS.get(error.code, WORDS["other"]))
        return self.cleaned_data


class AgainForm(forms.Form):
    reads = forms.BooleanField(label=gettext_lazy("Read replies and bounces"), required=False)


@dataclass(frozen=True)
class _Way:
    """What the session keeps until the way back."""

    provider: str
    workspace: str
    verifier: str
    began: float
    mailbox: int | None
    given: dict[str, Any]


@page("GET", "HEAD", "POST", needs=Permission.EMAIL_ONE)
def mailbox_sign_in(request: HttpRequest, member: Membership) -> HttpResponse:
    """A new mailbox at `?provider=`."""
    at = oauth.provider(request.GET.get("provider", ""))
    if at is None:
        return redirect("web:mailbox_new", workspace=member.workspace.slug)
    first = {
        "scope": "personal",
        "sender_name": member.user.name,
        "address": request.GET.get("address") or member.user.email,
        "reads": True,
    }
    form = SignInForm(request.POST or None, member=member, initial=first)
    if request.method == "POST" and form.is_valid():
        require(member, needed(form.cleaned_data["scope"] == "personal"))
        return _go(request, member, at, form.cleaned_data)
    return _page(request, at, form=form)


@page("GET", "HEAD", "POST", needs=Permission.EMAIL_ONE)
def mailbox_sign_in_again(request: HttpRequest, member: Membership, mailbox: int) -> HttpResponse:
    row = get_object_or_404(Mailbox.objects.visible_to(member), pk=mailbox)
    require_change(member, row)
    at = oauth.provider(row.provider)
    if at is None:
        return redirect("web:mailbox", workspace=member.workspace.slug, mailbox=row.pk)
    form = AgainForm(request.POST or None, initial={"reads": row.reads})
    if request.method == "POST" and form.is_valid():
        return _go(request, member, at, {"address": row.address, **form.cleaned_data}, row.pk)
    return _page(request, at, mailbox=row, form=form)


@login_required
@require_http_methods(["GET"])
def signed_in(request: HttpRequest) -> HttpResponse:
    """The way back from the provider: `state` says whose, and it is good once."""
    way = _back(request)
    if way is None:
        return render(request, "mailboxes/way_lost.html", status=400)
    member = member_of(cast(User, request.user), way.workspace)
    require(member, Permission.EMAIL_ONE)
    at = _provider(way.provider)
    row = _row(member, way.mailbox)
    try:
        if "code" not in request.GET:
            raise OAuthError("not_allowed", request.GET.get("error_description", "")[:300])
        tokens = oauth.exchange(at, request.GET["code"], way.verifier, _callback(), bool(way.given["reads"]))
    except OAuthError as error:
        return _not_connected(request, member, at, way, explain_grant(error, at.name))
    finding = _tested(member, at, way, tokens)
    if not finding.is_well:
        # Not revoked: providers end all grants of the account then, and another mailbox may use one.
        return _not_connected(request, member, at, way, finding)
    return _connected(request, member, at, way, tokens, row)


def _connected(
    request: HttpRequest, member: Membership, at: Provider, way: _Way, tokens: Tokens, row: Mailbox | None
) -> HttpResponse:
    if row:
        sign_in_again(member, row, tokens, bool(way.given["reads"]))
        resume_reconnected(row.pk)
    else:
        row = connect_granted(member, _details(member, at.code, way.given), at, tokens)
    messages.success(request, _("%(address)s is connected.") % {"address": row.address})
    return redirect("web:mailboxes", workspace=member.workspace.slug)


def _go(
    request: HttpRequest, member: Membership, at: Provider, given: dict[str, Any], mailbox: int | None = None
) -> HttpResponse:
    going = oauth.sign_in(at, given["address"], bool(given["reads"]), _callback())
    ways = request.session.get("signing_in", {})
    newest = dict(sorted(ways.items(), key=lambda way: way[1]["began"])[-_OPEN + 1 :])
    way = _Way(at.code, member.workspace.slug, going.verifier, time.time(), mailbox, given)
    request.session["signing_in"] = newest | {going.state: way.__dict__}
    return redirect(going.url)


def _back(request: HttpRequest) -> _Way | None:
    ways = request.session.get("signing_in", {})
    kept = ways.pop(request.GET.get("state", ""), None)
    if kept is None:
        return None
    request.session["signing_in"] = ways
    way = _Way(**kept)
    return way if time.time() - way.began < _WAIT else None


def _tested(member: Membership, at: Provider, way: _Way, tokens: Tokens) -> Finding:
    """Whether the servers take the token for this address: who signed in may be somebody else."""
    details = granted(_details(member, at.code, way.given), at)
    server = Mailbox(
        **{name: getattr(details, name) for name in ("host", "port", "security", "username")},
        **{name: getattr(details, name) for name in ("imap_host", "imap_port", "imap_security")},
    )
    finding = check(account(server, access_token=tokens.access, timeout=PATIENCE))
    if finding.is_well and details.reads:
        finding = check_reading(imap_account(server, access_token=tokens.access, timeout=PATIENCE))
    return finding


def _details(member: Membership, code: str, given: dict[str, Any], host: str = "") -> Details:
    limits = preset(_PRESETS[code])
    return Details(
        given["address"],
        host,
        sender_name=given.get("sender_name", ""),
        time_zone=member.workspace.time_zone,
        is_personal=given.get("scope", "personal") == "personal",
        reads=bool(given["reads"]),
        imap_host=host,
        shares_other_mail=bool(given.get("shares_other_mail")),
        **{name: getattr(limits, name) for name in _LIMITS},
    )


def _row(member: Membership, number: int | None) -> Mailbox | None:
    if number is None:
        return None
    row: Mailbox = get_object_or_404(Mailbox.objects.visible_to(member), pk=number)
    require_change(member, row)
    return row


def _provider(code: str) -> Provider:
    found = oauth.provider(code)
    if found is None:
        raise Http404
    return found


def _page(request: HttpRequest, at: Provider, **shown: Any) -> HttpResponse:
    answer = render(request, "mailboxes/sign_in.html", {"tab": "mailboxes", "provider": at} | shown)
    # The form's answer leads to the provider, which browsers take for a place the form is sent to.
    parts = urlsplit(at.authorize_url)
    answer._csp_update = {"form-action": [f"{parts.scheme}://{parts.netloc}"]}  # type: ignore[attr-defined]
    return answer


def _not_connected(
    request: HttpRequest, member: Membership, at: Provider, way: _Way, finding: Finding
) -> HttpResponse:
    numbers: dict[str, Any] = {"workspace": member.workspace.slug}
    if way.mailbox:
        again = reverse("web:mailbox_sign_in_again", kwargs=numbers | {"mailbox": way.mailbox})
    else:
        again = reverse("web:mailbox_sign_in", kwargs=numbers) + f"?provider={at.code}"
    shown = {"tab": "mailboxes", "finding": finding, "again": again, "workspace": member.workspace}
    return render(request, "mailboxes/not_connected.html", shown, status=422)


def _callback() -> str:
    return settings.OVERTURE_BASE_URL + reverse("web:mailbox_signed_in")
