"""An authorization server on loopback: authorize with PKCE, token, refresh with rotation, revoke, introspect.

What it is asked for is checked as RFC 6749, 7636 and 7009 say. People say yes at once, and are whom the page
was filled in for, unless `signs_in_as` says otherwise.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

CLIENT, SECRET = "the-operators-client", "the operator's secret"


@dataclass
class Grant:
    """What one person allowed once; a family of refresh tokens."""

    user: str
    scope: str
    redirect_uri: str = ""
    challenge: str = ""
    refresh: str = ""
    access: dict[str, float] = field(default_factory=dict)  # until when each is good
    is_over: bool = False


class OAuthServer(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.lasts = 3600.0  # seconds that access tokens are good
        self.rotates = True
        self.is_denied = False  # people press No
        self.granted_scope = ""  # instead of what was asked for
        self.signs_in_as = ""
        self.status = 0  # of the token endpoint, while it is out of order
        self.wrong_client = False
        self.delay = 0.0
        self.asked: list[dict[str, str]] = []  # of the token endpoint
        self.codes: dict[str, Grant] = {}
        self.grants: list[Grant] = []
        self.used: dict[str, Grant] = {}  # refresh tokens that were exchanged for newer ones
        self._lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def count(self, grant_type: str) -> int:
        return sum(each.get("grant_type") == grant_type for each in self.asked)

    def end(self, user: str) -> None:
        """As when somebody changes their password: all that was granted for them is void."""
        for grant in self.grants:
            if grant.user == user:
                grant.is_over = True

    def expire(self) -> None:
        """Access tokens end now, earlier than they were said to."""
        for grant in self.grants:
            grant.access.clear()

    def user_of(self, token: str) -> str:
        """Whose access token it is; empty for one that is no good."""
        for grant in self.grants:
            if not grant.is_over and grant.access.get(token, 0.0) > time.time():
                return grant.user
        return ""

    def token(self, asked: dict[str, str]) -> tuple[int, dict[str, Any]]:
        with self._lock:
            self.asked.append(asked)
            if self.wrong_client or (asked.get("client_id"), asked.get("client_secret")) != (CLIENT, SECRET):
                return 401, {"error": "invalid_client", "error_description": "AADSTS7000215\r\nTrace ID: 1"}
            if asked.get("grant_type") == "authorization_code":
                return self._by_code(asked)
            if asked.get("grant_type") == "refresh_token":
                return self._by_refresh(asked)
        return 400, {"error": "unsupported_grant_type"}

    def _by_code(self, asked: dict[str, str]) -> tuple[int, dict[str, Any]]:
        grant = self.codes.pop(asked.get("code", ""), None)
        digest = hashlib.sha256(asked.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if not grant or asked.get("redirect_uri") != grant.redirect_uri or challenge != grant.challenge:
            return _refused("the code is no good")
        self.grants.append(grant)
        return self._give(grant)

    def _by_refresh(self, asked: dict[str, str]) -> tuple[int, dict[str, Any]]:
        token = asked.get("refresh_token", "")
        if token in self.used:
            # Somebody has stolen it: the whole family ends (RFC 9700, 4.14.2).
            self.used[token].is_over = True
        grant = next((each for each in self.grants if each.refresh == token and not each.is_over), None)
        if grant is None:
            return _refused("AADSTS700082: The refresh token has expired.\r\nTrace ID: 1")
        if self.rotates:
            self.used[token] = grant
        return self._give(grant)

    def _give(self, grant: Grant) -> tuple[int, dict[str, Any]]:
        if self.rotates or not grant.refresh:
            grant.refresh = secrets.token_urlsafe(16)
        access = secrets.token_urlsafe(16)
        grant.access[access] = time.time() + self.lasts
        told = {
            "access_token": access,
            "token_type": "Bearer",
            "expires_in": self.lasts,
            "scope": grant.scope,
        }
        return 200, told | (
            {"refresh_token": grant.refresh} if self.rotates or len(grant.access) == 1 else {}
        )


def _refused(words: str) -> tuple[int, dict[str, Any]]:
    return 400, {"error": "invalid_grant", "error_description": words}


class _Handler(BaseHTTPRequestHandler):
    server: OAuthServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        asked = dict(parse_qsl(parts.query))
        is_right = (
            parts.path == "/authorize"
            and asked.get("client_id") == CLIENT
            and asked.get("response_type") == "code"
            and asked.get("code_challenge_method") == "S256"
            and len(asked.get("code_challenge", "")) == 43
            and len(asked.get("state", "")) >= 20
        )
        if not is_right:
            self._answer(400, b"not a request to authorize")
            return
        told = {"state": asked["state"]}
        if self.server.is_denied:
            told["error"] = "access_denied"
        else:
            told["code"] = secrets.token_urlsafe(16)
            user = self.server.signs_in_as or asked.get("login_hint", "")
            scope = self.server.granted_scope or asked["scope"].replace(" offline_access", "")
            self.server.codes[told["code"]] = Grant(
                user, scope, asked["redirect_uri"], asked["code_challenge"]
            )
        self._answer(302, headers={"Location": f"{asked['redirect_uri']}?{urlencode(told)}"})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        asked = {name: values[0] for name, values in parse_qs(body).items()}
        time.sleep(self.server.delay)
        if self.server.status:
            self._answer(self.server.status, b"<html>out of order</html>")
        elif self.path == "/token":
            self._json(*self.server.token(asked))
        elif self.path == "/revoke":
            for grant in self.server.grants:
                grant.is_over |= asked.get("token") == grant.refresh
            self._answer(200)
        elif self.path == "/introspect":
            user = self.server.user_of(asked.get("token", ""))
            self._json(200, {"active": bool(user), "email": user})
        else:
            self._answer(404)

    def _json(self, status: int, told: dict[str, Any]) -> None:
        self._answer(status, json.dumps(told).encode(), {"Content-Type": "application/json"})

    def _answer(self, status: int, body: bytes = b"", headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def authorizing() -> Iterator[OAuthServer]:
    with OAuthServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()


def settings_for(server: OAuthServer, smtp_port: int, imap_port: int = 1) -> dict[str, dict[str, str]]:
    """OVERTURE_OAUTH with both providers at this server."""
    one = {
        "client_id": CLIENT,
        "client_secret": SECRET,
        "authorize_url": f"{server.url}/authorize",
        "token_url": f"{server.url}/token",
        "smtp": f"smtp://127.0.0.1:{smtp_port}",
        "imap": f"imap://127.0.0.1:{imap_port}",
    }
    return {
        "google": {**one, "revoke_url": f"{server.url}/revoke"},
        "microsoft": {**one, "revoke_url": ""},
    }
