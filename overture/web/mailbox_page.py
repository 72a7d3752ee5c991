"""The page of a mailbox: its form, what a test found, and how it stands."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from overture.inbound.coverage import folders_of
from overture.inbound.models import Folder
from overture.lib.secrets import SecretError
from overture.mailboxes.check import Finding
from overture.mailboxes.limits import Limits, last_sent, used
from overture.mailboxes.models import Mailbox
from overture.mailboxes.presets import Preset
from overture.mailboxes.relays.hook import hook_url
from overture.mailboxes.relays.kinds import KINDS
from overture.mailboxes.sign import DnsRecord, record_of
from overture.mailboxes.wording import DOMAIN_WORDS
from overture.web.reading import reading_of


def form_page(request: HttpRequest, form: forms.Form, chosen: Preset | None, **shown: Any) -> HttpResponse:
    finding: Finding | None = shown.get("finding")
    mailbox: Mailbox | None = shown.get("mailbox")
    shown |= {
        "tab": "mailboxes",
        "health": _health(mailbox) if mailbox else None,
        "hook": _hook(mailbox) if mailbox and mailbox.is_relay else None,
        "form": form,
        "preset": chosen,
        "may_save_anyway": finding and not finding.is_well,
    }
    answer = render(request, "mailboxes/form.html", shown)
    # It may hold the password that was typed, or that of a webhook: nothing may keep this page.
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _health(row: Mailbox) -> dict[str, Any]:
    limits_of, folders = Limits.of(row), folders_of([row])[row.pk]
    return {
        "last_sent": last_sent(row.address_key),
        "reading": reading_of([row]).get(row.pk, ""),
        "folders": [role.label for role in folders],
        "has_junk": Folder.Role.JUNK in folders,
        "used": used(row.address_key, limits_of),
        "limits": limits_of,
        "key": _key(row),
        "domain": row.address.rpartition("@")[2],
        "records": [(name.upper(), DOMAIN_WORDS[said], said) for name, said in row.domain_says.items()],
    }


def _key(row: Mailbox) -> DnsRecord | None:
    try:
        return record_of(row)
    except SecretError:
        return None


def _hook(row: Mailbox) -> dict[str, Any]:
    kind = KINDS[row.kind]
    try:
        url = hook_url(row)
    except SecretError:
        url = ""
    return {
        "url": url,
        "name": kind.name,
        "events": kind.events,
        "signs": kind.signs,
        "lacks_key": kind.signs and not row.relay.signing_key,
        "last_event_at": row.relay.last_event_at,
    }
