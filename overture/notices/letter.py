"""Letters of the system: text and HTML of templates/letters, in the reader's language, marked automatic."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

# RFC 3834, section 5: no vacation notice answers it. Exchange knows another name for the same wish.
_AUTOMATIC = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}


def send_letter(name: str, address: str, language: str, facts: dict[str, Any], unsubscribe: str = "") -> None:
    """`name`: templates/letters/<name>.txt, its first line the subject, and <name>.html.

    `unsubscribe`: a page that stops such letters, by one press, too (RFC 8058). Raises OSError and
    SMTPException.
    """
    known = {code for code, _name in settings.LANGUAGES}
    told = facts | {"unsubscribe": unsubscribe, "site": settings.OVERTURE_BASE_URL}
    with translation.override(language if language in known else "en"):
        told["language"] = translation.get_language()
        subject, _, text = render_to_string(f"letters/{name}.txt", told).strip().partition("\n")
        html = render_to_string(f"letters/{name}.html", told)
    headers = dict(_AUTOMATIC)
    if unsubscribe:
        headers["List-Unsubscribe"] = f"<{unsubscribe}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    letter = EmailMultiAlternatives(
        " ".join(subject.split()), text.strip() + "\n", None, [address], headers=headers
    )
    letter.attach_alternative(html, "text/html")
    letter.send()
