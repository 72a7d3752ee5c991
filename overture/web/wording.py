"""What codes of the ledger and of compose mean to a person, in the language of the page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_noop, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from overture.compose import ComposeError
from overture.delivery.errors import DraftError
from overture.delivery.file_words import refused_words
from overture.delivery.models import Mailing
from overture.delivery.refusals import CHANGED
from overture.mailboxes.remedies import REMEDIES

# The sentences of compose, which knows no Django: here they are found by makemessages.
COMPOSE = (
    gettext_noop("{%(token)s} is not a token."),
    gettext_noop("{%(token)s} is not a token. Did you mean {%(suggestion)s}?"),
    gettext_noop("There is no ad %(ad)s."),
    gettext_noop("There is no ad %(ad)s. Did you mean {%(suggestion)s}?"),
    gettext_noop("Ad %(ad)s is not active."),
    gettext_noop("Ad %(ad)s is not active. Did you mean {%(suggestion)s}?"),
    gettext_noop("{%(token)s} is HTML: it can stand in the content only, not in the subject."),
    gettext_noop("{%(token)s} can stand in the text only, not in the %(attribute)s of an element."),
    gettext_noop("{%(token)s} can stand in the text only, not in an address."),
    gettext_noop("{%(token)s} is a link itself and cannot stand inside another link."),
    gettext_noop("{%(token)s} cannot decide how a link begins: start it with https://."),
    gettext_noop("{%(token)s} cannot be part of a link's host: use it after the first slash."),
    gettext_noop("%(url)s: a link must begin with http://, https:// or mailto:."),
    gettext_noop("%(url)s: the address of a picture must begin with https://."),
    gettext_noop("%(url)s is not an address that a link can have."),
    gettext_noop("The subject contains a control character or a line break."),
    gettext_noop("The subject contains “=?”, which mail programs would decode."),
    gettext_noop("The subject is longer than %(limit)s characters."),
    gettext_noop("The content is larger than %(limit)s characters."),
    gettext_noop("The content is nested more than %(limit)s levels deep."),
    gettext_noop("The fallback of {%(token)s} is longer than %(limit)s characters."),
    gettext_noop("{%(token)s has no closing brace, so it stays as it is."),
    gettext_noop("A single %(brace)s stays as it is. For a brace beside a token write it twice."),
    gettext_noop("The { in the fallback of {%(token)s} stays as it is; no token is read there."),
)

# Why somebody gets no e-mail: short, for lists and bars; in the order of the ledger.
SKIPPED: dict[str, Promise] = {
    "opted_out": _("Opted out"),
    "bounced": _("Bounced before"),
    "complained": _("Complained before"),
    "suppressed": _("On the suppression list"),
    "erased": _("Data erased"),
    "no_address": _("Without an address"),
    "invalid_address": _("Address not valid"),
    "contacted_recently": _("Contacted recently"),
    "joined": _("Joined already"),
    "rejected_by_partner": _("Rejected by partner"),
    "archived": _("Archived"),
    "missing_token": _("A token has no value"),
    "same_address": _("Same address as another recipient"),
    "by_hand": _("Taken out by hand"),
    "address_changed": _("Address changed since"),
}

# Why a copy failed, is tried again or is unknown.
DELIVERED: dict[str, Promise] = {
    "5": _("The server refused it"),
    "4": _("The server asks to try later"),
    "2": "",  # type: ignore[dict-item]  # the server's words follow
    "timeout": _("The server did not answer in time"),
    "dropped": _("The connection broke off"),
    "closing": _("The server closed the connection"),
    "lease_ended": _("Sending was interrupted; it may have left"),
    "lease_expired": _("Sending was interrupted; it may have left"),
    "stopped": _("Sending was interrupted; it may have left"),
    "worker_died": _("Sending was interrupted; it may have left"),
    "too_large": _("Too large for this server"),
    "too_slow": _("The line was too slow for an email of this size"),
    "smtputf8_missing": _("The server takes no such address"),
    "8bitmime_missing": _("The server takes no such content"),
    "invalid_address": _("Address not valid"),
    "invalid_sender": _("The mailbox’s own address is not valid"),
    "by_hand": _("By hand"),
    "in_sent_folder": _("Found in the Sent folder"),
    "relay_told": _("Told by the relay"),
    "recipient_refused": _("The relay refused the recipient"),
    "relay_unfit": _("The relay takes no such email"),
}

TAGS: dict[str, tuple[str, str, str]] = {
    # state: look, icon, class of the icon
    Mailing.State.DRAFT: ("", "pencil", ""),
    Mailing.State.PREPARED: ("", "list-checks", ""),
    Mailing.State.SCHEDULED: ("", "clock", ""),
    Mailing.State.SENDING: ("good", "loader-circle", "spin"),
    Mailing.State.PAUSED: ("", "pause", ""),
    Mailing.State.CANCELLED: ("bad", "x", ""),
    Mailing.State.DONE: ("good", "check", ""),
}

DRAFT: dict[tuple[str, str], Promise] = {
    ("mailbox", "missing"): _("Choose the mailbox that it leaves from."),
    ("mailbox", "not_usable"): _("You cannot send from this mailbox."),
    ("subject", "empty"): _("Write a subject."),
    ("subject", "invalid"): _("The subject contains a control character, a line break or “=?”."),
    ("content", "empty"): _("Write the content."),
    ("content", "too_long"): _("The content is too long."),
    ("sender_name", "invalid"): _("The sender name contains a character that it cannot have."),
    ("reply_to", "invalid"): _("Enter a full address, such as name@brand.example."),
}

HAPPENED: dict[str, Promise] = {
    "mailing_drafted": pgettext_lazy("email", "Draft begun"),
    "mailing_sent": pgettext_lazy("email", "Sent off"),
    "mailing_scheduled": pgettext_lazy("email", "Scheduled"),
    "mailing_rescheduled": _("Another time was chosen"),
    "mailing_begun": _("Sending began"),
    "mailing_undone": _("Sending undone"),
    "mailing_paused": _("Paused"),
    "mailing_stopped": _("Stopped by itself"),
    "mailing_resumed": _("Resumed"),
    "mailing_cancelled": _("Cancelled"),
    "mailing_done": _("Finished"),
    "unknown_left": _("Unknown ones marked as sent"),
    "unknown_sent_again": _("Unknown ones sent again"),
    "opted_out": _("Somebody opted out"),
}


def compose_text(error: ComposeError) -> str:
    return gettext(error.wording) % error.fill


def draft_text(error: DraftError) -> str:
    if error.field == "attachments":
        return refused_words(error)
    return str(DRAFT.get((error.field, error.code)) or _("This cannot stand here."))


def changed_text(what: Iterable[str]) -> str:
    return " ".join(str(CHANGED.get(code, code)) for code in what)


def reason_text(state: str, code: str) -> str:
    """Of one delivery; a code without words stays as it is, beside the server's words."""
    if not code:
        return ""
    if state == "skipped":
        return str(SKIPPED.get(code, code))
    # An SMTP code such as 550 tells by its first digit; the server's own words stand beside.
    code = code[:1] if code.isdigit() else code
    if code in DELIVERED:
        return str(DELIVERED[code])
    return str(REMEDIES[code][0]) % {"host": gettext("The server"), "port": ""} if code in REMEDIES else ""


def n(number: int) -> str:
    """3,907 in English, 3 907 in French."""
    return number_format(number, force_grouping=True)


def local(mailing: Mailing, moment: datetime) -> datetime:
    """In the time zone of the mailbox, in which its limits and dates are counted."""
    return moment.astimezone(
        ZoneInfo(mailing.mailbox.time_zone if mailing.mailbox else mailing.workspace.time_zone)
    )


def when(moment: datetime, *, with_day: bool = False) -> str:
    """ "14:02" today, "3 May, 14:02" else; `moment` is in the zone it is to be told in."""
    clock = date_format(moment, "H:i", use_l10n=False)
    if not with_day and moment.date() == timezone.now().astimezone(moment.tzinfo).date():
        return clock
    return f"{date_format(moment, 'MONTH_DAY_FORMAT')}, {clock}"
