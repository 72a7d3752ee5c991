"""Mailboxes: connect, test, edit, remove."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from overture.accounts.models import Membership
from overture.accounts.roles import Permission
from overture.lib.secrets import SecretError
from overture.mailboxes.account import account, account_of
from overture.mailboxes.check import PATIENCE, Finding, check, explain
from overture.mailboxes.connect import connect
from overture.mailboxes.details import Details, MailboxError
from overture.mailboxes.edit import edit, reconnect, remove, require_change
from overture.mailboxes.models import Mailbox
from overture.mailboxes.presets import PRESETS, Preset, preset
from overture.mailboxes.sizes import note_largest
from overture.mailboxes.today import used_today
from overture.mailboxes.wording import WORDS
from overture.web.mailbox_form import MailboxForm
from overture.web.pages import page


@page("GET", "HEAD")
def mailboxes(request: HttpRequest, member: Membership) -> HttpResponse:
    rows = list(Mailbox.objects.visible_to(member).select_related("owner__user").order_by("owner_id", "id"))
    used = used_today(rows)
    shown = {
        "tab": "mailboxes",
        "mailboxes": [(row, used[row.pk], _why(row), _may_change(member, row)) for row in rows],
        "may_connect": member.can(Permission.EMAIL_ONE),
    }
    return render(request, "mailboxes/list.html", shown)


@page("GET", "HEAD", "POST", needs=Permission.EMAIL_ONE)
def mailbox_new(request: HttpRequest, member: Membership) -> HttpResponse:
    chosen = preset(request.GET.get("provider", ""))
    if chosen is None and request.method != "POST":
        return render(request, "mailboxes/presets.html", {"tab": "mailboxes", "presets": PRESETS})
    form = MailboxForm(request.POST or None, member=member, initial=_first_guess(member, chosen))
    if request.method == "POST" and form.is_valid():
        details = form.details()
        finding = _tested(request, Mailbox(**_server(details)), details.password or "")
        if finding is None or (finding.is_well and "test" not in request.POST):
            return _saved(request, member, form, None, finding)
        return _form_page(request, form, chosen, finding=finding)
    return _form_page(request, form, chosen)


@page("GET", "HEAD", "POST", needs=Permission.EMAIL_ONE)
def mailbox_edit(request: HttpRequest, member: Membership, mailbox: int) -> HttpResponse:
    row = get_object_or_404(Mailbox.objects.visible_to(member), pk=mailbox)
    require_change(member, row)
    form = MailboxForm(request.POST or None, member=member, mailbox=row)
    if request.method == "POST" and form.is_valid():
        details = form.details()
        password = details.password if details.password is not None else _kept(row, details)
        finding = None if password is None else _tested(request, Mailbox(**_server(details)), password)
        if finding is None or (finding.is_well and "test" not in request.POST):
            return _saved(request, member, form, row, finding)
        return _form_page(request, form, None, mailbox=row, finding=finding)
    return _form_page(request, form, None, mailbox=row)


@page("POST", needs=Permission.EMAIL_ONE)
def mailbox_test(request: HttpRequest, member: Membership, mailbox: int) -> HttpResponse:
    """Tests a connected mailbox as it is; a good answer connects it again."""
    row = get_object_or_404(Mailbox.objects.visible_to(member), pk=mailbox)
    require_change(member, row)
    try:
        finding = check(account(row, account_of(row).password, PATIENCE))
    except SecretError:
        messages.error(request, _("The password can no longer be read. Enter it again."))
        return redirect("web:mailbox", workspace=member.workspace.slug, mailbox=row.pk)
    if finding.is_well:
        reconnect(member, row, finding.largest)
    form = MailboxForm(None, member=member, mailbox=row)
    return _form_page(request, form, None, mailbox=row, finding=finding)


@page("POST", needs=Permission.EMAIL_ONE)
def mailbox_remove(request: HttpRequest, member: Membership, mailbox: int) -> HttpResponse:
    row = get_object_or_404(Mailbox.objects.visible_to(member), pk=mailbox)
    remove(member, row)
    messages.success(
        request, _("%(address)s is removed; its password is deleted.") % {"address": row.address}
    )
    return redirect("web:mailboxes", workspace=member.workspace.slug)


def _form_page(request: HttpRequest, form: MailboxForm, chosen: Preset | None, **shown: Any) -> HttpResponse:
    finding: Finding | None = shown.get("finding")
    shown |= {
        "tab": "mailboxes",
        "form": form,
        "preset": chosen,
        "may_save_anyway": finding and not finding.is_well,
    }
    answer = render(request, "mailboxes/form.html", shown)
    # After a test that failed the form holds the password that was typed: nothing may keep this page.
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _tested(request: HttpRequest, server: Mailbox, password: str) -> Finding | None:
    """None for who was told what is wrong and saves all the same."""
    return None if "anyway" in request.POST else check(account(server, password, PATIENCE))


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
        return _form_page(request, form, None, mailbox=row)
    if finding:
        note_largest(saved.pk, finding.largest)
    messages.success(request, _("%(address)s is connected.") % {"address": saved.address})
    return redirect("web:mailboxes", workspace=member.workspace.slug)


def _kept(row: Mailbox, details: Details) -> str | None:
    """The password there is, for the server it belongs to; None where the verb will ask for it again."""
    if any(getattr(row, name) != value for name, value in _server(details).items()):
        return None if row.secret else ""
    try:
        return account_of(row).password
    except SecretError:
        return None


def _server(details: Details) -> dict[str, Any]:
    return {name: getattr(details, name) for name in ("host", "port", "security", "username")}


def _first_guess(member: Membership, chosen: Preset | None) -> dict[str, Any]:
    guess: dict[str, Any] = {
        "time_zone": member.workspace.time_zone,
        "sender_name": member.user.name,
        "scope": "personal",
    }
    if chosen:
        guess |= {
            name: getattr(chosen, name)
            for name in ("host", "port", "security", "per_minute", "per_hour", "per_day")
        }
    return guess


def _why(row: Mailbox) -> Finding | None:
    if row.state == Mailbox.State.CONNECTED and not row.reason:
        return None
    return explain(row.reason, row.reason_words, account(row, ""))


def _may_change(member: Membership, row: Mailbox) -> bool:
    try:
        require_change(member, row)
    except PermissionDenied:
        return False
    return True
