"""OAuth 2 at Google and Microsoft: where to sign in, a code for tokens, and tokens for newer ones.

The protocol is authlib's: authorization code with PKCE (RFC 7636), refreshing (RFC 6749), revoking (RFC
7009).
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import requests
from django.conf import settings
from django.utils import timezone

from overture.mailboxes.models import Mailbox

# Seconds for one answer of the authorization server.
PATIENCE = 10.0
# Refused for good: only the person can mend it, by signing in again (RFC 6749, 5.2; OpenID Connect 3.1.2.6,
# which Microsoft uses where its rules for signing in changed).
_FOR_GOOD = {"invalid_grant", "interaction_required", "consent_required", "login_required"}
# Refused because of the operator's settings: signing in again would not help.
_OPERATOR = {"invalid_client", "unauthorized_client"}


class OAuthError(Exception):
    """No tokens. Codes: grant_refused (somebody has to sign in again), oauth_client (the operator's
    settings), token_unreachable (later), scope_missing. `words` are those of the provider."""

    def __init__(self, code: str, words: str = "") -> None:
        super().__init__(f"{code}: {words}")
        self.code, self.words = code, words


@dataclass(frozen=True)
class Server:
    host: str
    port: int
    security: str


@dataclass(frozen=True)
class Provider:
    """A provider as the operator set it up. The least scopes: without reading, none that lets us read."""

    code: str
    client_id: str
    client_secret: str = field(repr=False)
    authorize_url: str
    token_url: str
    revoke_url: str  # empty where it has none
    smtp: Server
    imap: Server
    send_scopes: tuple[str, ...]
    read_scopes: tuple[str, ...]
    more: dict[str, str]

    @property
    def name(self) -> str:
        return str(Mailbox.Provider(self.code).label)

    def scopes(self, reads: bool) -> tuple[str, ...]:
        return self.send_scopes + (self.read_scopes if reads else ())


@dataclass(frozen=True)
class Tokens:
    access: str = field(repr=False)
    refresh: str = field(repr=False)
    expires_at: datetime
    scopes: str


@dataclass(frozen=True)
class SigningIn:
    """Where to go, and what to keep in the session until the way back."""

    url: str
    state: str
    verifier: str


def providers() -> list[Provider]:
    """Those that the operator has set up."""
    return [found for code in ("google", "microsoft") if (found := provider(code))]


def provider(code: str) -> Provider | None:
    """None where the operator has set up no client at this provider, or there is none of the name."""
    given = settings.OVERTURE_OAUTH.get(code)
    if not given or not given["client_id"]:
        return None
    known = _SCOPES[code]
    servers = {name: _server(given[name]) for name in ("smtp", "imap")}
    return Provider(code=code, **{**given, **servers, **known})


def sign_in(at: Provider, address: str, reads: bool, callback: str) -> SigningIn:
    """`address` is what the provider's page has filled in."""
    state, verifier = secrets.token_urlsafe(48), secrets.token_urlsafe(48)
    session = _session(
        at, scope=" ".join(at.scopes(reads)), redirect_uri=callback, code_challenge_method="S256"
    )
    url, _ = session.create_authorization_url(
        at.authorize_url, state=state, code_verifier=verifier, login_hint=address, **at.more
    )
    return SigningIn(url, state, verifier)


def exchange(at: Provider, code: str, verifier: str, callback: str, reads: bool) -> Tokens:
    """Raises OAuthError."""
    session = _session(at, redirect_uri=callback)
    with _explained():
        answer = session.fetch_token(
            at.token_url, grant_type="authorization_code", code=code, code_verifier=verifier, **_ONCE
        )
    asked = " ".join(at.scopes(reads))
    tokens = _tokens(answer, asked)
    granted = tokens.scopes.lower().split()
    # A person may untick what they do not want to grant.
    if any(each.lower() not in granted for each in at.scopes(reads) if each != "offline_access"):
        raise OAuthError("scope_missing", tokens.scopes)
    if not tokens.refresh:
        raise OAuthError("grant_refused", "no refresh token")
    return tokens


def refresh(at: Provider, refresh_token: str, scopes: str) -> Tokens:
    """Newer ones; the refresh token may be another one then, and the one given be void. Raises OAuthError."""
    session = _session(at)
    with _explained():
        return _tokens(session.refresh_token(at.token_url, refresh_token=refresh_token, **_ONCE), scopes)


def revoke(at: Provider, token: str) -> bool:
    """Whether the provider has forgotten the grant; False also where it offers no way to ask for that."""
    if not at.revoke_url:
        return False
    try:
        answer = _session(at).revoke_token(at.revoke_url, token=token, **_ONCE)
    except (requests.RequestException, ValueError):
        return False
    return bool(answer.status_code == 200)


_SCOPES: dict[str, dict[str, Any]] = {
    # Google's servers for SMTP and IMAP know this scope only.
    "google": {
        "send_scopes": ("https://mail.google.com/",),
        "read_scopes": (),
        # A refresh token comes with the first consent only, unless it is asked for again.
        "more": {"access_type": "offline", "prompt": "consent"},
    },
    "microsoft": {
        "send_scopes": ("https://outlook.office.com/SMTP.Send", "offline_access"),
        "read_scopes": ("https://outlook.office.com/IMAP.AccessAsUser.All",),
        "more": {"prompt": "select_account"},
    },
}
# Tokens and secrets go to the address the operator named, and to none that it points to.
_ONCE: dict[str, Any] = {"timeout": PATIENCE, "allow_redirects": False}


class _Refused(Exception):
    """What the token endpoint says. Not authlib's own, which refuses the line ends in Microsoft's words."""

    def __init__(self, error: str | None = None, description: str | None = None) -> None:
        super().__init__(error)
        self.error, self.description = error or "", description or ""


def _session(at: Provider, **given: Any) -> Any:
    # Loaded by who needs it: it takes as long as all of a worker's own code.
    from authlib.integrations.requests_client import OAuth2Session

    method = "client_secret_post" if at.client_secret else "none"
    session = OAuth2Session(
        at.client_id,
        at.client_secret or None,
        token_endpoint_auth_method=method,
        revocation_endpoint_auth_method=method,
        **given,
    )
    session.oauth_error_class = _Refused
    return session


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except _Refused as error:
        words = " ".join(f"{error.error} {error.description}".split())[:500]
        if error.error in _FOR_GOOD:
            raise OAuthError("grant_refused", words) from error
        code = "oauth_client" if error.error in _OPERATOR else "token_unreachable"
        raise OAuthError(code, words) from error
    except (requests.RequestException, ValueError, KeyError) as error:
        raise OAuthError("token_unreachable", " ".join(str(error).split())[:300]) from error


def _tokens(answer: dict[str, Any], asked: str) -> Tokens:
    try:
        lasts = timedelta(seconds=min(float(answer.get("expires_in") or 3600), 30 * 86400))
        access = str(answer["access_token"])
    except (KeyError, TypeError, ValueError) as error:
        raise OAuthError("token_unreachable", "no access token in the answer") from error
    # Nothing said of scopes means: those asked for (RFC 6749, 5.1).
    scopes = str(answer.get("scope") or asked)
    return Tokens(access, str(answer.get("refresh_token") or ""), timezone.now() + lasts, scopes)


def _server(url: str) -> Server:
    parts = urlsplit(url)
    port, security = _SCHEMES[parts.scheme]
    return Server(parts.hostname or "", parts.port or port, security)


_SCHEMES = {
    "smtp": (587, Mailbox.Security.NONE),
    "smtp+starttls": (587, Mailbox.Security.STARTTLS),
    "smtps": (465, Mailbox.Security.TLS),
    "imap": (143, Mailbox.Security.NONE),
    "imap+starttls": (143, Mailbox.Security.STARTTLS),
    "imaps": (993, Mailbox.Security.TLS),
}
