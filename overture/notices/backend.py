"""System mail: by the server of OVERTURE_SYSTEM_MAIL, or, without one, its links to the operator's log."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend

logger = logging.getLogger("overture.notices")


class SystemMailBackend(BaseEmailBackend):
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        if settings.OVERTURE_SYSTEM_MAIL:
            return _server(settings.OVERTURE_SYSTEM_MAIL).send_messages(email_messages) or 0
        for message in email_messages:
            logger.warning(
                "no system mail is set; to %s: %s\n%s", ", ".join(message.to), message.subject, message.body
            )
        return len(email_messages)


def _server(url: str) -> EmailBackend:
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps", "smtp+starttls"} or not parts.hostname:
        raise ImproperlyConfigured(
            "OVERTURE_SYSTEM_MAIL must read like smtp+starttls://user:password@host:587"
        )
    return EmailBackend(
        host=parts.hostname,
        port=parts.port or {"smtps": 465}.get(parts.scheme, 587),
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        use_tls=parts.scheme == "smtp+starttls",
        use_ssl=parts.scheme == "smtps",
        timeout=20,
    )
