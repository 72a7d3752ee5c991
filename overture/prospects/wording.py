"""Sentences for the codes of prospects: why a row was refused, why an import failed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from overture.directory.wording import WORDS as DIRECTORY

_REFUSED = {
    "no_name": gettext_lazy("There is no company, website or person to name it by."),
    "invalid_address": gettext_lazy("“%(value)s” is not an email address."),
    "invalid_website": gettext_lazy("“%(value)s” is not a website."),
    "unknown_country": gettext_lazy("“%(value)s” is not a country we know; its two-letter code works."),
    "unknown_kind": gettext_lazy("“%(value)s” is neither partner nor creator."),
    "unknown_language": gettext_lazy("“%(value)s” is not a language we know; its two-letter code works."),
    "invalid_number": gettext_lazy("“%(value)s” cannot be read as a whole number."),
    "number_too_large": gettext_lazy("“%(value)s” is more than %(most)s."),
    "too_long": gettext_lazy("It is longer than %(most)s characters."),
    "too_many_groups": gettext_lazy("There are more than %(most)s groups."),
    "formula": gettext_lazy("It is a formula; put its value here."),
    "undecodable": gettext_lazy("It has characters that cannot be read."),
    "nul": gettext_lazy("It has a NUL character."),
    "cell_too_long": gettext_lazy("The cell is longer than a spreadsheet allows."),
    "too_many_cells": gettext_lazy("The row has more cells than there are headings."),
    "too_few_cells": gettext_lazy("The row has fewer cells than there are headings."),
    "unclosed_quote": gettext_lazy("A quotation mark is opened here and never closed."),
    "text_after_quote": gettext_lazy("There is text after a closing quotation mark."),
    "line_too_long": gettext_lazy("The line is too long."),
    "ambiguous": gettext_lazy("It could be any of %(count)s partners: %(partners)s."),
    "hidden_address": gettext_lazy(
        "This address was hidden when it was exported; the full one is not known here."
    ),
    "erased": gettext_lazy("This person asked to be erased, and is not taken in again."),
}
_FAILED = {
    "too_large": gettext_lazy("The file is larger than 100 MB."),
    "too_many_rows": gettext_lazy("The file has more than 500,000 rows. Split it into several."),
    "empty": gettext_lazy("The file is empty."),
    "too_many_columns": gettext_lazy("The file has more than 200 columns."),
    "bad_heading": gettext_lazy("The first row, with the headings, cannot be read."),
    "no_name_column": gettext_lazy(
        "No column gives a company, website, person or email address. Say which does."
    ),
    "unknown_column": gettext_lazy("The file has no such column."),
    "unknown_field": gettext_lazy("A column was given a meaning we do not know."),
}


def refusal_sentence(code: str, facts: Mapping[str, Any]) -> str:
    """Why a row was refused, in the reader's language."""
    known = {"value": "", "most": "", "count": "", "partners": ""} | dict(facts)
    if code in _REFUSED:
        return str(_REFUSED[code]) % known
    return str(DIRECTORY.get(code) or _("This row cannot be read.")) % known


def failure_sentence(code: str) -> str:
    """Why an import or a file failed as a whole."""
    return str(_FAILED.get(code) or _("Something went wrong on our side. Nothing was imported."))
