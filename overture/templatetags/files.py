"""Template tags of files: how large they are, and what is said before one chooses any."""

from __future__ import annotations

from django import template
from django.conf import settings
from django.template.loader import get_template
from django.utils.formats import number_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from overture.files.errors import Refused
from overture.files.standing import standing
from overture.files.wording import limit_words, refusal_words

register = template.Library()
_KB, _MB = 1024, 1024 * 1024


@register.filter
def file_size(size: int) -> str:
    """`412 KB`, `3.8 MB`; in French `412 Ko`."""
    if size < _KB:
        return _("%(size)s bytes") % {"size": size}
    if size < _MB:
        return _("%(size)s KB") % {"size": number_format(round(size / _KB))}
    return _("%(size)s MB") % {"size": number_format(size / _MB, 1)}


@register.simple_tag
def file_bytes() -> int:
    return int(settings.OVERTURE_FILE_LIMIT_MB) * _MB


@register.simple_tag
def files_per_message() -> int:
    return int(settings.OVERTURE_FILES_PER_MESSAGE)


@register.simple_tag
def file_limits() -> str:
    return limit_words()


@register.simple_tag
def file_too_large() -> str:
    return refusal_words(Refused("too_large", {"most": settings.OVERTURE_FILE_LIMIT_MB}))


@register.simple_tag
def files_too_many() -> str:
    return refusal_words(Refused("too_many", {"most": settings.OVERTURE_FILES_PER_MESSAGE}))


@register.simple_tag
def scanner_note() -> SafeString:
    """Said where files are attached: that the scanner is away, or knows no real virus. Else nothing."""
    words: str = get_template("files/_scanner_note.html").render({"note": standing().note})
    return mark_safe(words.strip())  # noqa: S308  # rendered by a template, which escapes
