"""The wording of notices."""

from __future__ import annotations

from django import template
from django.template.loader import select_template
from django.utils.safestring import SafeString, mark_safe

from overture.notices.models import Notice

register = template.Library()


@register.simple_tag
def noticed(notice: Notice) -> SafeString:
    """The wording of a notice: templates/notices/<kind>.html, in the language of the page."""
    names = [f"notices/{notice.kind}.html", "notices/other.html"]
    text: str = select_template(names).render({"notice": notice, "facts": notice.facts})
    return mark_safe(text.strip())  # noqa: S308  # rendered by a template, which escapes
