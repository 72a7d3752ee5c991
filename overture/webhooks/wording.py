"""Sentences for what the verbs of webhooks refuse, and for how an attempt ended."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _

from overture.webhooks.models import WebhookCall

WORDS: dict[str, Promise] = {
    "bad_url": _("Enter the whole address, such as https://hooks.brand.example/overture."),
    "not_https": _("The address must begin with https://, so that nobody on the way reads what is told."),
    "has_password": _("Leave user name and password out of the address: check the signature instead."),
    "bad_host": _("Between https:// and the first slash must stand a host, such as hooks.brand.example."),
    "bad_port": _("Webhooks go to port 443, or to one from 1024 that is not for mail."),
    "url_too_long": _("The address is longer than 500 characters."),
    "too_many_webhooks": _("A workspace has 20 webhooks at most: remove one, or change one."),
    "no_event": _("Choose at least one event."),
    "unknown_event": _("One of these events does not exist."),
    "webhook_paused": _("This webhook is paused. Resume it first."),
}

# How an attempt ended without an answer that counts.
_PROBLEMS: dict[str, Promise] = {
    **WORDS,
    "dns": _("The name of the host was not found."),
    "private_address": _("The host is not on the open Internet; whoever runs Overture can allow that."),
    "refused": _("The host refuses connections on this port."),
    "unreachable": _("The host cannot be reached."),
    "timeout": _("No answer within 10 seconds. Answer first, then work."),
    "tls": _("The encryption failed: certificate and name must be right."),
    "dropped": _("The connection ended before an answer came."),
    "no_http": _("What came back is not HTTP."),
    "redirect": _("It leads elsewhere. Redirects are not followed: enter the address it leads to."),
    "secret_lost": _("The secret can no longer be read. Change it."),
    "removed": _("The webhook was removed before it arrived."),
}


def refusal(code: str) -> str:
    return str(WORDS.get("url_too_long" if code == "too_long" else code, WORDS["bad_url"]))


def ending_words(call: WebhookCall) -> str:
    """How the last attempt ended, in a sentence; empty before the first."""
    if call.problem in _PROBLEMS:
        return str(_PROBLEMS[call.problem])
    if call.status is None:
        return ""
    if call.state == WebhookCall.State.DONE:
        return translated("Answered %(status)s.") % {"status": call.status}
    return translated("Answered %(status)s; 200 to 299 would count as received.") % {"status": call.status}
