"""Mailboxes that send through a relay: connect, change, another address for the webhook."""

from __future__ import annotations

from dataclasses import replace

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from overture.accounts.models import Membership
from overture.accounts.roles import Permission
from overture.lib.secrets import SecretError
from overture.mailboxes.check import PATIENCE, Finding
from overture.mailboxes.details import MailboxError
from overture.mailboxes.edit import IMAP_SERVER, require_change, require_passwords
from overture.mailboxes.imap_account import ImapAccount, imap_account
from overture.mailboxes.models import Mailbox
from overture.mailboxes.relays.account import RelayAccount
from overture.mailboxes.relays.check import check
from overture.mailboxes.relays.connect import connect_relay, edit_relay, renew_hook, require_key
from overture.mailboxes.relays.details import PLAIN, check_relay
from overture.mailboxes.relays.kinds import KINDS
from overture.mailboxes.secret import opened
from overture.mailboxes.wording import WORDS
from overture.web.mailbox_page import form_page
from overture.web.pages import page
from overture.web.relay_form import RelayForm

# What their smallest accounts may send without harm.
_LIMITS = {"per_minute": 60, "per_hour": 2000, "per_day": 10_000}


@page("GET", "HEAD", "POST", needs=Permission.MANAGE_MAILBOXES)
def mailbox_relay(request: HttpRequest, member: Membership) -> HttpResponse:
    """A new one; which relay stands in the address."""
    kind = KINDS.get(request.GET.get("kind", ""))
    if kind is None:
        return redirect("web:mailbox_new", workspace=member.workspace.slug)
    first = _LIMITS | {"time_zone": member.workspace.time_zone, "sender_name": member.workspace.name}
    form = RelayForm(request.POST or None, member=member, code=kind.code, initial=first)
    return relay_page(request, member, form, None)


def relay_page(
    request: HttpRequest, member: Membership, form: RelayForm, row: Mailbox | None
) -> HttpResponse:
    """Also of one that is connected, after `require_change`."""
    shown = {"mailbox": row, "relay": KINDS[form.code]}
    if request.method != "POST" or not form.is_valid():
        return form_page(request, form, None, **shown)
    finding = None if "anyway" in request.POST else _tested(form, row)
    if finding and ("test" in request.POST or not finding.is_well):
        return form_page(request, form, None, finding=finding, **shown)
    try:
        saved = _saved(member, form, row)
    except MailboxError as error:
        form.add_error(error.field if error.field in form.fields else None, WORDS[error.code])
        return form_page(request, form, None, **shown)
    messages.success(request, _("%(address)s is connected.") % {"address": saved.address})
    # There stands the address of its webhook.
    return redirect("web:mailbox", workspace=member.workspace.slug, mailbox=saved.pk)


@page("POST", needs=Permission.MANAGE_MAILBOXES)
def mailbox_hook(request: HttpRequest, member: Membership, mailbox: int) -> HttpResponse:
    """Another password in the address of its webhook."""
    row = get_object_or_404(Mailbox.objects.visible_to(member), pk=mailbox)
    require_change(member, row)
    if not row.is_relay:
        raise Http404
    renew_hook(member, row)
    told = _("The webhook has a new address. Enter it at the provider: the old one is refused.")
    messages.success(request, told)
    return redirect("web:mailbox", workspace=member.workspace.slug, mailbox=row.pk)


def _saved(member: Membership, form: RelayForm, row: Mailbox | None) -> Mailbox:
    if row:
        return edit_relay(member, row, form.details(), form.relay())
    return connect_relay(member, form.code, form.details(), form.relay())


def _tested(form: RelayForm, row: Mailbox | None) -> Finding | None:
    """None where the verb says what is missing."""
    try:
        given = check_relay(form.code, form.relay())
        key = given.api_key
        if row and key is None:
            require_key(row, given)
            key = opened(row, row.relay.api_key, "relay")
        reading = _reading(form, row)
    except (MailboxError, SecretError):
        return None
    place = {name: getattr(given, name) for name in PLAIN}
    return check(RelayAccount(form.code, key or "", **place), reading)


def _reading(form: RelayForm, row: Mailbox | None) -> ImapAccount | None:
    details = form.details()
    if not details.reads:
        return None
    password = details.imap_password
    if row and password is None:
        require_passwords(
            row, replace(details, host=row.host, port=row.port, security=row.security, username="")
        )
        password = opened(row, row.imap_secret, "imap")
    server = Mailbox(**{name: getattr(details, name) for name in IMAP_SERVER})
    return imap_account(server, password or "", timeout=PATIENCE)
