"""Sentences for what is refused of a partner of the directory, by the code of the refusal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

WORDS = {
    "required": gettext_lazy("A partner needs a name."),
    "unknown": gettext_lazy("There is no such name here."),
    "unknown_mpid": gettext_lazy("No partner of the directory has this number."),
    "too_long": gettext_lazy("It is longer than %(most)s characters."),
    "too_many": gettext_lazy("There are more than %(most)s."),
    "invalid_website": gettext_lazy("“%(value)s” is not a website."),
    "invalid_address": gettext_lazy("“%(value)s” is not an email address."),
    "hidden_address": gettext_lazy("This address was hidden when it was shown; the full one is needed."),
    "erased": gettext_lazy("This person asked to be erased, and is not taken in again."),
    "unknown_country": gettext_lazy("“%(value)s” is not a country we know; its two-letter code works."),
    "unknown_language": gettext_lazy("“%(value)s” is not a language we know; its two-letter code works."),
    "unknown_kind": gettext_lazy("“%(value)s” is neither partner nor creator."),
    "unknown_category": gettext_lazy("“%(value)s” is not one of the categories."),
    "unknown_method": gettext_lazy("“%(value)s” is not one of the promotional methods."),
    "unknown_business_model": gettext_lazy("“%(value)s” is not one of the business models."),
    "unknown_channel": gettext_lazy("“%(value)s” is not a channel with a size, such as YouTube 12,000."),
    "unknown_age": gettext_lazy("“%(value)s” is no span of ages, such as 25-34 or 65+."),
    "invalid_number": gettext_lazy("“%(value)s” cannot be read as a whole number."),
    "number_too_large": gettext_lazy("“%(value)s” is more than %(most)s."),
    "invalid_percent": gettext_lazy("“%(value)s” is no share in percent, such as FR 62."),
    "over_100": gettext_lazy("The shares add up to %(value)s percent."),
    "invalid_date": gettext_lazy("“%(value)s” is no day; write it as 2026-01-31."),
    "invalid_flag": gettext_lazy("“%(value)s” is neither yes nor no."),
    "bad_shape": gettext_lazy("“%(value)s” is not in the form expected here."),
    "ambiguous": gettext_lazy("It could be any of %(count)s partners: %(partners)s."),
    "too_many_claims": gettext_lazy(
        "You signed up for %(most)s partners that are not decided yet. Wait for one of them."
    ),
    "repeated": gettext_lazy("An earlier row leads to the same partner under another name: %(partners)s."),
}


def sentence(code: str, facts: Mapping[str, Any]) -> str:
    """Why a value or a row cannot stand, in the reader's language."""
    known = {"value": "", "most": "", "count": "", "partners": ""} | dict(facts)
    return str(WORDS.get(code) or _("This cannot stand here.")) % known


STANDING = {
    "private": gettext_lazy("A private partner belongs to its workspace."),
    "merged": gettext_lazy("It was merged into another partner."),
    "same": gettext_lazy("A partner cannot be merged into itself."),
    "listed": gettext_lazy("It is listed already."),
    "suspended": gettext_lazy("It is suspended already."),
    "no_reason": gettext_lazy("Say why, for whoever looks at it later."),
    "long_reason": gettext_lazy("The reason is longer than 500 characters."),
    "directory_busy": gettext_lazy("The directory is being imported. Try again when it is done."),
}

# Of invitations and claims.
INVITING = {
    "invalid_address": gettext_lazy("Enter a full address, such as name@brand.example."),
    "already_user": gettext_lazy("This person signs in for the partner already."),
    "has_users": gettext_lazy("Somebody signs in for this partner already; its own people invite others."),
    "merged": gettext_lazy("Only a partner of the directory can be claimed."),
    "too_soon": gettext_lazy("This address was invited a moment ago. Wait five minutes to send it again."),
    "too_many": gettext_lazy("Twenty invitations are open. Take some back, or wait until they are used."),
    "ended": gettext_lazy("This invitation is over: used, taken back or too old."),
    "other_address": gettext_lazy("This invitation is for another address."),
    "no_address": gettext_lazy("This contact has no address."),
    "suppressed": gettext_lazy("This address is on the suppression list; nothing is sent to it."),
    "decided": gettext_lazy("This claim is decided already."),
}
