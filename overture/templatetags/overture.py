"""Template tags of the look: icons, monograms, stages, delivery states, bars and the links of the frame.

Widths are SVG attributes and colours are classes: the content security policy allows no style attribute.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any
from zlib import crc32

from django import template
from django.contrib.messages.storage.base import Message
from django.urls import NoReverseMatch, reverse
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from lucide.templatetags.lucide import lucide

from overture.delivery.models import Delivery
from overture.prospects.models import Stage

register = template.Library()

_STAGE_CLASSES = {"rejected_by_partner": "rejected", "rejected_by_you": "rejected"}
_DELIVERY_LOOKS = {
    "queued": ("clock", "dim"),
    "sending": ("loader-circle", ""),
    "deferred": ("rotate-cw", ""),
    "sent": ("send", "good"),
    "failed": ("mail-x", "bad"),
    "skipped": ("ban", "dim"),
    "cancelled": ("circle-x", "dim"),
    "unknown": ("circle-question-mark", ""),
}
_LEVEL_ICONS = {"error": "circle-alert", "warning": "triangle-alert"}
# The order in which a mailing's bar is drawn: what is done first, what is to come last.
_BAR_ORDER = ("sent", "sending", "deferred", "failed", "unknown", "skipped", "cancelled", "queued")
MONOGRAMS = 8


@register.simple_tag
def icon(name: str, **attributes: str) -> SafeString:
    """A Lucide icon, inline: `{% icon "mail" %}`, `{% icon "loader-circle" class="spin" %}`."""
    return _icon(name, attributes.get("class", ""))


@lru_cache(maxsize=512)
def _icon(name: str, classes: str) -> SafeString:
    drawing = lucide(name, size=None)
    # Size, stroke and colour are the stylesheet's; what stays is the drawing.
    shapes = drawing.split(">", 1)[1]
    opening = format_html(
        '<svg class="{}" viewBox="0 0 24 24" width="16" height="16" fill="none" stroke="currentColor" '
        'stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">',
        f"icon {classes}".strip(),
    )
    return mark_safe(opening + shapes)  # noqa: S308  # shapes come from the icon package, not from input


@register.simple_tag
def logo() -> SafeString:
    """The mark beside the name: a rising arc over a point."""
    return mark_safe(
        '<svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">'
        '<path d="M3.5 15.5a8.5 8.5 0 0 1 17 0" fill="none" stroke="currentColor" stroke-width="2.6" '
        'stroke-linecap="round"/><circle cx="12" cy="15.5" r="2.6" fill="currentColor"/></svg>'
    )


@register.simple_tag
def stage(value: str) -> SafeString:
    """`{% stage prospect.stage %}`: a pill whose ring fills."""
    return format_html(
        '<span class="stage {}">{}</span>', _STAGE_CLASSES.get(value, value), Stage(value).label
    )


@register.simple_tag
def delivery(state: str) -> SafeString:
    """`{% delivery row.state %}`: icon and word for one recipient's copy."""
    name, look = _DELIVERY_LOOKS[state]
    turning = "spin" if state == "sending" else ""
    return format_html(
        '<span class="deliv {}">{} {}</span>', look, _icon(name, turning), Delivery.State(state).label
    )


@register.simple_tag
def mono(name: object, size: str = "") -> SafeString:
    """`{% mono partner.name %}`, `{% mono user "round" %}`: initials; sizes are round, big, huge."""
    text = str(name)
    shade = crc32(text.encode()) % MONOGRAMS + 1
    return format_html(
        '<span class="mono mono-{} {}" aria-hidden="true">{}</span>', shade, size, initials(text)
    )


@register.filter
def initials(name: str) -> str:
    words = [word for word in name.replace("@", " ").split() if word[0].isalnum()]
    return "".join(word[0] for word in words[:2]).upper() or "?"


@register.filter
def grouped(number: int | None) -> str:
    """`{{ 3907|grouped }}`: 3,907 in English, 3 907 in French."""
    return "" if number is None else number_format(number, force_grouping=True)


@register.simple_tag
def percent(number: int) -> str:
    """`{% percent 51 %}`: 51% in English, 51 % in French."""
    return gettext("%(n)d%%") % {"n": number}


@register.simple_tag
def stack(counts: Mapping[str, int], label: str = "") -> SafeString:
    """`{% stack counts %}`: the segmented bar of a mailing, from `{state: count}`."""
    shown = [(state, counts.get(state, 0)) for state in _BAR_ORDER if counts.get(state, 0)]
    words = label or ", ".join(f"{count} {Delivery.State(state).label.lower()}" for state, count in shown)
    return format_html(
        '<svg class="stack" viewBox="0 0 1000 12" preserveAspectRatio="none" role="img" '
        'aria-label="{}">{}</svg>',
        words,
        _rects((f"sw {state}", count) for state, count in shown),
    )


@register.simple_tag
def meter(limit: int, used: int = 0, adding: int = 0, label: str = "") -> SafeString:
    """`{% meter 500 used=180 adding=228 %}`: what is used of a limit, and what would be added."""
    used_part = min(used, limit)
    adding_part = min(adding, limit - used_part)
    return _meter([("used", used_part), ("adding", adding_part)], limit, label)


@register.simple_tag
def bar(value: int, total: int, look: str = "quiet") -> SafeString:
    """`{% bar 19 31 %}`: one share of a whole; looks are quiet, used, adding."""
    return _meter([(look, min(value, total))], total, "")


def _meter(parts: Iterable[tuple[str, int]], whole: int, label: str) -> SafeString:
    named = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="meter" viewBox="0 0 1000 6" preserveAspectRatio="none" {}>{}</svg>',
        named,
        _rects(parts, whole, 0),
    )


def _rects(parts: Iterable[tuple[str, int]], whole: int = 0, gap: int = 3) -> SafeString:
    """Rectangles side by side on a width of 1,000; a part that is there is always wide enough to see."""
    drawn = [(classes, count) for classes, count in parts if count]
    total = max(whole, sum(count for _classes, count in drawn), 1)
    widths = [max(round(1000 * count / total), 4) for _classes, count in drawn]
    starts = [sum(widths[:index]) for index in range(len(widths))]
    shapes = zip(drawn, starts, widths, strict=True)
    return format_html_join(
        "",
        '<rect class="{}" x="{}" y="0" width="{}" height="12"/>',
        ((classes, start, max(width - gap, 2)) for (classes, _count), start, width in shapes),
    )


@register.inclusion_tag("shell/_nav_link.html", takes_context=True)
def nav_link(
    context: template.Context, route: str, icon: str, label: str, count: int | None = None
) -> dict[str, Any]:
    """A link of the navigation, marked when the page is at it or below; nothing where the route is not."""
    href = workspace_url(context, route)
    path = context["request"].path if "request" in context else ""
    current = "page" if path == href else "true" if href and path.startswith(f"{href}/") else ""
    return {"href": href, "icon": icon, "label": label, "count": count, "current": current}


@register.inclusion_tag("shell/_nav_link.html", takes_context=True)
def portal_link(
    context: template.Context, route: str, icon: str, label: str, count: int | None = None
) -> dict[str, Any]:
    """The same in the portal, for the partner of the page."""
    try:
        href = reverse(route, kwargs={"partner": context["mine"].partner_id})
    except NoReverseMatch:
        href = ""
    path = context["request"].path
    current = "page" if path == href else "true" if href and path.startswith(f"{href}/") else ""
    return {"href": href, "icon": icon, "label": label, "count": count, "current": current}


@register.simple_tag(takes_context=True)
def workspace_url(context: template.Context, route: str) -> str:
    """The address of `route` in the page's workspace, else "": a page that is not built yet has no link."""
    workspace = context.get("workspace")
    for kwargs in ({"workspace": workspace.slug} if workspace else {}, {}):
        try:
            return reverse(route, kwargs=kwargs)
        except NoReverseMatch:
            continue
    return ""


@register.filter
def undo_url(message: Message) -> str:
    """Where a message's act is taken back: `messages.success(request, text, extra_tags=f"undo:{url}")`."""
    tags = message.extra_tags or ""
    return tags.removeprefix("undo:") if tags.startswith("undo:") else ""


@register.filter
def bare_svg(document: str) -> SafeString:
    """The one path of an SVG document, such as a QR code, drawn inline in ink."""
    box, path = re.search(r'viewBox="([^"]*)"', document), re.search(r'<path[^>]*? d="([^"]*)"', document)
    if not box or not path:
        return SafeString("")
    return format_html(
        '<svg viewBox="{}" aria-hidden="true"><path d="{}" fill="currentColor"/></svg>', box[1], path[1]
    )


@register.filter
def concat(text: str, more: object) -> str:
    """As `add`, which adds numbers to texts to nothing."""
    return f"{text}{more}"


@register.filter
def level_icon(message: Message) -> str:
    return _LEVEL_ICONS.get(message.level_tag or "", "")


@register.simple_tag
def theme_names() -> list[tuple[str, str, Any]]:
    """The three themes as (value, icon, label)."""
    return [
        ("system", "monitor", _("Like this device")),
        ("light", "sun", _("Light")),
        ("dark", "moon", _("Dark")),
    ]
