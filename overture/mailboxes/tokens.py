"""Access tokens of a mailbox that signs in by OAuth 2: encrypted, renewed ahead of time, by one at a time."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from overture.lib.secrets import SecretError
from overture.mailboxes import oauth
from overture.mailboxes.models import Mailbox, MailboxGrant
from overture.mailboxes.oauth import OAuthError, Provider, Tokens
from overture.mailboxes.providers import SendError
from overture.mailboxes.secret import opened, sealed

# A token is renewed when it lasts no longer than this, or than half of what it was given for: longer than a
# worker holds a connection.
AHEAD = timedelta(minutes=10)
# And is used all the same while its provider cannot be reached, as long as it lasts this long.
_USABLE = timedelta(minutes=2)


def access_token_of(mailbox: Mailbox, at_least: timedelta = AHEAD) -> str:
    """One that lasts so long. Raises SendError: grant_refused (permanent), oauth_client or
    token_unreachable, and lib.secrets.SecretError."""
    grant = _grant(mailbox)
    if _lasts(grant, at_least):
        return opened(mailbox, grant.access_token, "access")
    return renew(mailbox, at_least=at_least)


def renew(mailbox: Mailbox, refused: str = "", at_least: timedelta = AHEAD) -> str:
    """A new access token, unless another worker was faster. `refused`: the one a server would not take.

    Holds the row of the grant while the provider answers, so that a refresh token that changes with each use
    is used once. Raises as `access_token_of`.
    """
    with transaction.atomic():
        grant = _grant(mailbox, is_locked=True)
        known = opened(mailbox, grant.access_token, "access")
        if known != refused and _lasts(grant, at_least):
            return known
        try:
            tokens = oauth.refresh(
                _provider(mailbox), opened(mailbox, grant.refresh_token, "refresh"), grant.scopes
            )
        except OAuthError as error:
            if error.code != "grant_refused" and known != refused and _lasts(grant, _USABLE):
                return known
            raise SendError(
                permanent=error.code == "grant_refused", code=error.code, reply=error.words
            ) from error
        keep(mailbox, tokens)
        return tokens.access


def keep(mailbox: Mailbox, tokens: Tokens) -> None:
    """Instead of those there are. Without a new refresh token the old one goes on."""
    fields = {
        "access_token": sealed(mailbox, tokens.access, "access"),
        "token_expires_at": tokens.expires_at,
        "scopes": tokens.scopes,
        "renewed_at": timezone.now(),
    }
    if tokens.refresh:
        fields["refresh_token"] = sealed(mailbox, tokens.refresh, "refresh")
    MailboxGrant.objects.update_or_create(mailbox=mailbox, defaults=fields)


def may_read(mailbox: Mailbox) -> bool:
    """Whether what was granted is for reading, too: at Microsoft that is a scope of its own."""
    at, grant = oauth.provider(mailbox.provider), MailboxGrant.objects.filter(mailbox=mailbox).first()
    if at is None or grant is None:
        return False
    granted = grant.scopes.lower().split()
    return all(scope.lower() in granted for scope in at.read_scopes)


def forget(mailbox: Mailbox) -> bool:
    """Revokes the grant at its provider and erases it here; whether the provider has forgotten it, too.

    Not revoked while the address is connected elsewhere: providers end all grants of an account at once.
    """
    grant = MailboxGrant.objects.filter(mailbox=mailbox).first()
    if grant is None:
        return True
    is_revoked = _revoke(mailbox, grant)
    grant.delete()
    return is_revoked


def _revoke(mailbox: Mailbox, grant: MailboxGrant) -> bool:
    at = oauth.provider(mailbox.provider)
    others = MailboxGrant.objects.filter(
        mailbox__address_key=mailbox.address_key, mailbox__provider=mailbox.provider
    )
    if at is None or others.exclude(pk=grant.pk).exists():
        return False
    try:
        return oauth.revoke(at, opened(mailbox, grant.refresh_token, "refresh"))
    except SecretError:
        return False


def _grant(mailbox: Mailbox, is_locked: bool = False) -> MailboxGrant:
    rows = MailboxGrant.objects.filter(mailbox=mailbox)
    grant = (rows.select_for_update() if is_locked else rows).first()
    if grant is None:
        raise SendError(permanent=True, code="grant_refused")
    return grant


def _lasts(grant: MailboxGrant, at_least: timedelta) -> bool:
    ends = grant.token_expires_at
    if not grant.access_token or ends is None:
        return False
    return ends > timezone.now() + min(at_least, (ends - grant.renewed_at) / 2)


def _provider(mailbox: Mailbox) -> Provider:
    found = oauth.provider(mailbox.provider)
    if found is None:
        raise OAuthError("oauth_client", "no client is set up")
    return found
