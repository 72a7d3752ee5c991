"""Sentences about how far mailboxes are read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from overture.inbound.coverage import Coverage, Replies

_REASONS: dict[str, Promise] = {
    "auth_535": gettext_lazy("the server refused user name or password"),
    "auth_later": gettext_lazy("the server does not check passwords at the moment"),
    "token_refused": gettext_lazy("the provider wants it to be signed in again"),
    "grant_refused": gettext_lazy("the provider wants it to be signed in again"),
    "secret": gettext_lazy("its password can no longer be decrypted"),
    "dns": gettext_lazy("there is no server of that name"),
    "refused": gettext_lazy("the server refuses connections"),
    "unreachable": gettext_lazy("the server cannot be reached"),
    "timeout": gettext_lazy("the server does not answer in time"),
    "dropped": gettext_lazy("the server broke off the connection"),
    "tls": gettext_lazy("no secure connection came about"),
    "certificate": gettext_lazy("the server’s certificate is not valid"),
    "certificate_name": gettext_lazy("the server’s certificate is for another name"),
    "mail_not_taken": gettext_lazy("an email could not be taken and is tried again"),
}

Clock = Callable[[datetime], str]


def coverage_words(coverage: Coverage, when: Clock) -> str:
    """`when` tells a moment in the reader's zone and language."""
    why = reading_reason(coverage)
    if coverage.read_up_to is None:
        return _("Cannot be read: %(why)s") % {"why": why} if why else _("Being read for the first time")
    time = when(coverage.read_up_to)
    if why:
        return _("Read up to %(time)s; since then it cannot be: %(why)s") % {"time": time, "why": why}
    return _("Read up to %(time)s") % {"time": time}


def replies_words(replies: Replies, when: Clock) -> str:
    if replies.coverage is None:
        return _("Replies to %(address)s are not seen here.") % {"address": replies.address}
    why, read_up_to = reading_reason(replies.coverage), replies.coverage.read_up_to
    if read_up_to is None:
        unread = _("Replies are not read yet: %(why)s.") % {"why": why}
        return unread if why else _("Replies are being read for the first time.")
    if why:
        text = _("Replies are read up to %(time)s; later ones are not seen yet: %(why)s.")
        return text % {"time": when(read_up_to), "why": why}
    return _("Replies are read up to %(time)s.") % {"time": when(read_up_to)}


def reading_reason(coverage: Coverage) -> str:
    """Why it is not read further, with the server's own words where ours do not say it all; empty: it is."""
    if not coverage.reason:
        return ""
    known = _REASONS.get(coverage.reason)
    return str(known) if known else coverage.words or coverage.reason
