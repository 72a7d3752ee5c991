"""Template tags of the marketplaces: what is drawn a hundred times a page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

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


_CHECKED = SafeString(" checked")
