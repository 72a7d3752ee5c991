"""Mailboxes: connect, test, edit, remove."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from overture.accounts.models import Membership
from overture.accounts.roles import Permission
from overture.delivery.grants import resume_reconnected
from overture.lib.addresses import AddressError
from overture.lib.secrets import SecretError
from overture.mailboxes import oauth
from overture.mailboxes.account import account
from overture.mailboxes.check import PATIENCE, Finding, check_both, explain, explain_grant
from overture.mailboxes.connect import connect
from overture.mailboxes.details import Details, MailboxError
from overture.mailboxes.discover import Found, discover
from overture.mailboxes.domain import lacking, look_up
from overture.mailboxes.edit import (
    IMAP_SERVER,
    SERVER,
    edit,
    reconnect,
    remove,
    require_change,
    require_passwords,
)
from overture.mailboxes.imap_account import imap_account
from overture.mailboxes.models import Mailbox
from overture.mailboxes.oauth import OAuthError
from overture.mailboxes.presets import PRESETS, Preset, preset
from overture.mailboxes.relays.account import RelayAccount
from overture.mailboxes.relays.check import checked
from overture.mailboxes.relays.kinds import KINDS
from overture.mailboxes.relays.remedies import explain as explain_relay
from overture.mailboxes.secret import opened, password_of
from overture.mailboxes.sign import drop_key, make_key
from overture.mailboxes.sizes import note_largest
from overture.mailboxes.today import used_today
from overture.mailboxes.wording import WORDS
from overture.web.mailbox_form import MailboxForm
from overture.web.mailbox_page import form_page
from overture.web.mailbox_relays import relay_page
from overture.web.pages import page
from overture.web.reading import reading_of
from overture.web.relay_form import RelayForm


@page("GET", "HEAD")
def mailboxes(request: HttpRequest, member: Membership) -> HttpResponse:
    rows = list(
        Mailbox.objects.visible_to(member).select_related("owner__user", "relay").order_by("owner_id", "id")
    )
    today, reading = used_today(rows), reading_of(rows)
    shown = {
        "tab": "mailboxes",
        "mailboxes": [
            (
                row,
                today[row.pk],
                _why(row),
                _may_change(member, row),
                ", ".join(lacking(row)),
                reading.get(row.pk, ""),
                KINDS[row.kind].name if row.is_relay else "",
            )
            for row in rows
        ],
        "may_connect": member.can(Permission.EMAIL_ONE),
    }
    return render(request, "mailboxes/list.html", shown)


@page("GET", "HEAD", "POST", needs=Permission.EMAIL_ONE)
def mailbox_new(request: HttpRequest, member: Membership) -> HttpResponse:
    chosen, found = preset(request.GET.get("provider", "")), None
    address = request.GET.get("address", "").strip()
    if address and request.method != "POST":
        found = _found(request, address)
        if found and oauth.provider(found.provider):
            way = reverse("web:mailbox_sign_in", kwargs={"workspace": member.workspace.slug})
            return redirect(f"{way}?{urlencode({'provider': found.provider, 'address': address})}")
        chosen = (found and found.preset) or preset("other")
    if chosen is None and request.method != "POST":
        return render(
            request,
            "mailboxes/presets.html",
            {
                "tab": "mailboxes",
                "presets": PRESETS,
                "providers": oauth.providers(),
                "relays": KINDS.values() if member.can(Permission.MANAGE_MAILBOXES) else (),
            },
        )
    form = MailboxForm(
        request.POST or None, member=member, initial=_first_guess(member, chosen) | _told(address, found)
    )
    if request.method == "POST" and form.is_valid():
        details = form.details()
        finding = _tested(request, details, details.password or "", details.imap_password or "")
        if finding is None or (finding.is_well and "test" not in request.POST):
            return _saved(request, member, form, None, finding)
        return form_page(request, form, chosen, finding=finding)
    return form_page(request, form, chosen)


@page("GET", "HEAD", "POST", needs=Permission.EMAIL_ONE)
def mailbox_edit(request: HttpRequest, member: Membership, mailbox: int) -> HttpResponse:
    row = get_object_or_404(Mailbox.objects.visible_to(member), pk=mailbox)
    require_change(member, row)
    if row.is_relay:
        form_of_relay = RelayForm(request.POST or None, member=member, code=row.kind, mailbox=row)
        return relay_page(request, member, form_of_relay, row)
    form = MailboxForm(request.POST or None, member=member, mailbox=row)
    if request.method == "POST" and form.is_valid():
        details = form.details()
        kept = _kept(row, details)
        finding = None if kept is None or row.provider else _tested(request, details, *kept)
        if finding is None or (finding.is_well and "test" not in request.POST):
            return _saved(request, member, form, row, finding)
        return form_page(request, form, None, mailbox=row, finding=finding)
    return form_page(request, form, None, mailbox=row)


@page("POST", needs=Permission.EMAIL_ONE)
def mailbox_test(request: HttpRequest, member: Membership, mailbox: int) -> HttpResponse:
    """Tests a connected mailbox as it is; a good answer connects it again."""
    row = get_object_or_404(Mailbox.objects.visible_to(member), pk=mailbox)
    require_change(member, row)
    try:
        finding = checked(row)
    except SecretError:
        messages.error(request, _("The password can no longer be read. Enter it again."))
        return redirect("web:mailbox", workspace=member.workspace.slug, mailbox=row.pk)
    look_up(row)
    if finding.is_well:
        reconnect(member, row, finding.largest)
        resume_reconnected(row.pk)
    if row.is_relay:
        row.refresh_from_db()
        form: MailboxForm = RelayForm(None, member=member, code=row.kind, mailbox=row)
    else:
        form = MailboxForm(None, member=member, mailbox=row)
    return form_page(request, form, None, mailbox=row, finding=finding)


@page("POST", needs=Permission.EMAIL_ONE)
def mailbox_sign(request: HttpRequest, member: Membership, mailbox: int) -> HttpResponse:
    """Makes a key to sign by, instead of the one there is."""
    row = get_object_or_404(Mailbox.objects.visible_to(member), pk=mailbox)
    make_key(member, row)
    messages.success(
        request, _("The key is made. Have its record added to the DNS, then test the connection.")
    )
    return redirect("web:mailbox", workspace=member.workspace.slug, mailbox=row.pk)


@page("POST", needs=Permission.EMAIL_ONE)
def mailbox_sign_no_more(request: HttpRequest, member: Membership, mailbox: int) -> HttpResponse:
    row = get_object_or_404(Mailbox.objects.visible_to(member), pk=mailbox)
    drop_key(member, row)
    messages.success(
        request, _("Emails from %(address)s are no longer signed here.") % {"address": row.address}
    )
    return redirect("web:mailbox", workspace=member.workspace.slug, mailbox=row.pk)


@page("POST", needs=Permission.EMAIL_ONE)
def mailbox_remove(request: HttpRequest, member: Membership, mailbox: int) -> HttpResponse:
    row = get_object_or_404(Mailbox.objects.visible_to(member), pk=mailbox)
    is_forgotten = remove(member, row)
    told = _("%(address)s is removed; its password is deleted.")
    if row.provider:
        told = _("%(address)s is removed; what its provider granted is given back and deleted.")
    if not is_forgotten:
        told = _(
            "%(address)s is removed and its access deleted here. To withdraw it at %(provider)s, too, look "
            "for connected apps in your account there."
        )
    facts = {"address": row.address, "provider": row.get_provider_display()}
    messages.success(request, told % facts)
    return redirect("web:mailboxes", workspace=member.workspace.slug)


def _tested(request: HttpRequest, details: Details, password: str, imap_password: str) -> Finding | None:
    """None for who was told what is wrong and saves all the same."""
    if "anyway" in request.POST:
        return None
    server = Mailbox(**_server(details))
    reading = imap_account(server, imap_password or password, timeout=PATIENCE) if details.reads else None
    return check_both(account(server, password, PATIENCE), reading)


def _saved(
    request: HttpRequest,
    member: Membership,
    form: MailboxForm,
    row: Mailbox | None,
    finding: Finding | None,
) -> HttpResponse:
    try:
        saved = edit(member, row, form.details()) if row else connect(member, form.details())
    except MailboxError as error:
        form.add_error(error.field, WORDS.get(error.code, WORDS["other"]))
        return form_page(request, form, None, mailbox=row)
    if finding:
        note_largest(saved.pk, finding.largest)
    messages.success(request, _("%(address)s is connected.") % {"address": saved.address})
    return redirect("web:mailboxes", workspace=member.workspace.slug)


def _kept(row: Mailbox, details: Details) -> tuple[str, str] | None:
    """The passwords to test with, kept ones for their own servers; None where the verb asks again."""
    try:
        require_passwords(row, details)
        password = details.password if details.password is not None else password_of(row)
        kept = opened(row, row.imap_secret, "imap")
    except (MailboxError, SecretError):
        return None
    return password, details.imap_password if details.imap_password is not None else kept


def _server(details: Details) -> dict[str, Any]:
    return {name: getattr(details, name) for name in (*SERVER, *IMAP_SERVER)}


def _first_guess(member: Membership, chosen: Preset | None) -> dict[str, Any]:
    guess: dict[str, Any] = {
        "time_zone": member.workspace.time_zone,
        "sender_name": member.user.name,
        "scope": "personal",
    }
    if chosen:
        guess |= {"reads": bool(chosen.imap_host), "imap_host": chosen.imap_host}
        guess |= {
            name: getattr(chosen, name)
            for name in ("host", "port", "security", "per_minute", "per_hour", "per_day")
        }
    return guess


def _found(request: HttpRequest, address: str) -> Found | None:
    try:
        found = discover(address)
    except AddressError:
        messages.error(request, WORDS["bad_address"])
        return None
    if found is None:
        messages.info(
            request, _("No servers were found for this address; your provider’s help page names them.")
        )
    return found


def _told(address: str, found: Found | None) -> dict[str, Any]:
    """What the form begins with, where servers were found for an address."""
    if found is None:
        return {"address": address} if address else {}
    told: dict[str, Any] = {"address": address, "username": found.username, "reads": found.imap is not None}
    told |= asdict(found.smtp)
    if found.imap:
        told |= {f"imap_{name}": value for name, value in asdict(found.imap).items()}
    return told


def _why(row: Mailbox) -> Finding | None:
    if row.state == Mailbox.State.CONNECTED and not row.reason:
        return None
    if row.is_relay:
        return explain_relay(row.reason, row.reason_words, RelayAccount(row.kind, "", row.relay.region))
    if row.provider:
        return explain_grant(OAuthError(row.reason, row.reason_words), row.get_provider_display())
    return explain(row.reason, row.reason_words, account(row))


def _may_change(member: Membership, row: Mailbox) -> bool:
    try:
        require_change(member, row)
    except PermissionDenied:
        return False
    return True
