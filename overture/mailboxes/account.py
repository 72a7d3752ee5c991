"""Where and as whom a mailbox sends, as its SMTP provider needs it."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings

from overture.mailboxes.models import Mailbox
from overture.mailboxes.providers.smtp import Account, Security
from overture.mailboxes.secret import password_of
from overture.mailboxes.tokens import access_token_of


def account_of(mailbox: Mailbox) -> Account:
    """Raises lib.secrets.SecretError when its password or token cannot be decrypted, SendError when its
    provider gives no access token."""
    if mailbox.provider:
        return account(mailbox, access_token=access_token_of(mailbox))
    return account(mailbox, password_of(mailbox))


def account(mailbox: Mailbox, password: str = "", timeout: float = 30.0, access_token: str = "") -> Account:
    """The same with what is not kept yet; `timeout` is in seconds for each answer."""
    security: Security = mailbox.security  # type: ignore[assignment]  # its choices are those of Security
    return Account(
        host=mailbox.host,
        port=mailbox.port,
        security=security,
        username=mailbox.username,
        password=password,
        access_token=access_token,
        helo=_own_name(),
        allow_private=settings.OVERTURE_ALLOW_PRIVATE_MAIL_HOSTS,
        timeout=timeout,
    )


def _own_name() -> str:
    """The name we greet with: the site's where it is a full one, else an address (RFC 5321, 4.1.3)."""
    host = urlsplit(settings.OVERTURE_BASE_URL).hostname or ""
    return host if "." in host and not host.replace(".", "").isdigit() else "[127.0.0.1]"
