"""Sentences for the codes of files: why one is not taken in, and what to do; in the reader's language."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from overture.files.errors import Refused

_REFUSED: dict[str, Promise] = {
    "type": gettext_lazy(
        "Files named .%(ending)s cannot be attached. Send a CSV, PDF, JPEG, PNG or GIF file."
    ),
    "no_type": gettext_lazy(
        "The name of the file does not say what it is. Let it end in .csv, .pdf, .jpg, .png or .gif."
    ),
    "no_picture": gettext_lazy("A logo is a picture: send a JPEG, PNG or GIF file."),
    "too_large": gettext_lazy(
        "The file is larger than %(most)s MB. Make it smaller, or send a link to it instead."
    ),
    "empty": gettext_lazy("The file is empty. Look whether it was saved, then attach it again."),
    "mismatch": gettext_lazy(
        "Its content is not %(type)s, whatever its name says. Save it as %(type)s, then attach that file."
    ),
    "broken": gettext_lazy(
        "This %(type)s file is damaged or cut short. Open it, save it anew, then attach that file."
    ),
    "hidden_data": gettext_lazy(
        "Other data is hidden in this %(type)s file. Open it, save it anew, then attach that file."
    ),
    "too_many_pixels": gettext_lazy(
        "The picture has more than %(most)s million pixels. Make it smaller, then attach it."
    ),
    "too_many_frames": gettext_lazy(
        "The animation is too long: %(most)s frames at most, fewer of large ones. Cut it, or send a link."
    ),
    "encrypted": gettext_lazy(
        "The PDF is protected by a password, so it cannot be scanned. Save it without, then attach it."
    ),
    "acts": gettext_lazy(
        "The PDF holds scripts or actions that start by themselves. Print it to a new PDF, then attach that."
    ),
    "too_many_objects": gettext_lazy(
        "The PDF is made of too many parts to be checked. Print it to a new PDF, or split it."
    ),
    "too_deep": gettext_lazy("The PDF is nested too deeply to be checked. Print it to a new PDF."),
    "too_complex": gettext_lazy(
        "This %(type)s file takes too much time or memory to be checked. Save it simpler, or split it."
    ),
    "not_text": gettext_lazy(
        "Line %(line)s holds what is no text. Save the table as “CSV UTF-8”, then attach that file."
    ),
    "unclosed_quote": gettext_lazy(
        "A quotation mark is opened in line %(line)s and never closed. Mend that line, then attach the file."
    ),
    "not_a_table": gettext_lazy(
        "The first row cannot be read as headings. Save the table as “CSV UTF-8”, then attach that file."
    ),
    "unknown_file": gettext_lazy("A file is not here any more, or was sent already. Attach it again."),
    "too_many": gettext_lazy(
        "At most %(most)s files go with one message. Send the others with a second one."
    ),
    "too_much_today": gettext_lazy(
        "You have given %(most)s MB of files in the last 24 hours. Send a link to this one, or try tomorrow."
    ),
    "no_file": gettext_lazy("Choose a file first."),
}
_CLOSED: dict[str, Promise] = {
    "pending": gettext_lazy("The file is still being scanned. It opens as soon as it is found clean."),
    "infected": gettext_lazy("A virus was found in this file. Nobody can open it."),
    "unscannable": gettext_lazy("The file could not be scanned, so it stays closed. Ask for a simpler copy."),
    "none": gettext_lazy("There is no preview of this file."),
    "gone": gettext_lazy("The file is not here any more. Ask for it to be sent again."),
}


def refusal_words(refused: Refused) -> str:
    """One or two sentences: what is wrong, and what to do."""
    code = "no_type" if refused.code == "type" and not refused.facts.get("ending") else refused.code
    known = {"most": "", "type": "", "line": "", "ending": "", **refused.facts}
    return str(_REFUSED.get(code) or _("The file cannot be attached. Save it anew, then try again.")) % known


def closed_words(state: str) -> str:
    """Why a file does not open; `state` is that of NotClean."""
    return str(_CLOSED.get(state) or _CLOSED["gone"])


def limit_words() -> str:
    """Said before anybody chooses: what can be attached."""
    facts: dict[str, Any] = {"most": settings.OVERTURE_FILE_LIMIT_MB}
    return _("CSV, PDF, JPEG, PNG or GIF, up to %(most)s MB each") % facts
