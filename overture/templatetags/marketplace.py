"""Template tags of the marketplaces: what is drawn a hundred times a page, and why nobody can be messaged."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from overture.directory.models import Partner

if TYPE_CHECKING:
    from overture.web.marketplace_facets import Option

register = template.Library()


@register.simple_tag
def ticks(name: str, options: Iterable[Option], kind: str = "checkbox") -> SafeString:
    """`{% ticks facet.name facet.options %}`: a box for each option, with its count."""
    return format_html_join(
        "",
        '<label><input type="{0}" id="f-{1}-{2}" name="{1}" value="{2}"{3} autocomplete="off"> {4} '
        "<span>{5}</span></label>",
        (
            (kind, name, each.value, _CHECKED if each.is_ticked else "", each.label, each.count)
            for each in options
        ),
    )


@register.filter
def why_no_message(partner: Partner) -> str:
    if partner.has_messaging:
        return _("Messages are not part of this version yet.")
    return _("This partner has not turned messages on.")


_CHECKED = SafeString(" checked")
