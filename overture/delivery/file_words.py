"""Sentences for what is refused of a mailing's files, and for what is said of them before Send."""

from __future__ import annotations

from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from overture.delivery.errors import DraftError
from overture.files.errors import Refused
from overture.files.wording import refusal_words

_MB = 1024 * 1024


def refused_words(error: DraftError) -> str:
    """For a DraftError of `attachments`."""
    words = {
        "file_infected": _("A virus was found in %(file)s. Take it out: it is never sent."),
        "file_unscannable": _("%(file)s could not be scanned. Take it out, or attach a simpler copy."),
    }
    if error.code == "message_too_large":
        return too_large_words(error.facts)
    if error.code in words:
        return words[error.code] % error.facts
    return refusal_words(Refused(error.code, error.facts))


def too_large_words(facts: dict[str, Any]) -> str:
    """`facts` of attached.too_large: how large the e-mail is, what its server takes, what to do."""
    return _(
        "With these files an email has %(size)s MB (they grow by a third on the way); %(host)s takes %(most)s"
        " MB. Take a file out, or send a link to it."
    ) % {"size": _mb(facts["size"]), "most": _mb(facts["most"]), "host": facts["host"]}


def _mb(size: int) -> str:
    return number_format(size / _MB, 1)
