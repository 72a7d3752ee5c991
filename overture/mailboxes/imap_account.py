"""Where and as whom a mailbox is read, as an IMAP client needs it."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from overture.mailboxes.models import Mailbox
from overture.mailboxes.providers.smtp import Security
from overture.mailboxes.secret import imap_password_of
from overture.mailboxes.tokens import access_token_of


@dataclass(frozen=True)
class ImapAccount:
    """With an `access_token` (XOAUTH2, OAUTHBEARER) there is no password. `timeout`: seconds per answer."""

    host: str
    port: int
    security: Security
    username: str
    password: str = ""
    access_token: str = ""
    allow_private: bool = False
    timeout: float = 30.0

    def __repr__(self) -> str:
        return f"ImapAccount({self.username}@{self.host}:{self.port}, {self.security})"


def imap_account_of(mailbox: Mailbox, timeout: float = 30.0) -> ImapAccount:
    """Raises lib.secrets.SecretError when its password cannot be decrypted, and SendError when its provider
    gives no access token: a permanent one is for delivery.faults.disconnect."""
    if mailbox.provider:
        return imap_account(mailbox, access_token=access_token_of(mailbox), timeout=timeout)
    return imap_account(mailbox, imap_password_of(mailbox), timeout=timeout)


def imap_account(
    mailbox: Mailbox, password: str = "", access_token: str = "", timeout: float = 30.0
) -> ImapAccount:
    """The same with a password, or a token, that is not kept yet."""
    security: Security = mailbox.imap_security  # type: ignore[assignment]  # its choices are those of Security
    return ImapAccount(
        host=mailbox.imap_host,
        port=mailbox.imap_port,
        security=security,
        username=mailbox.imap_username or mailbox.username,
        password=password,
        access_token=access_token,
        allow_private=settings.OVERTURE_ALLOW_PRIVATE_MAIL_HOSTS,
        timeout=timeout,
    )
