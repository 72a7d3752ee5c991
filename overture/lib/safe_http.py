"""A POST to an address that a member chose: public hosts only, resolved once, within limits, no redirects."""

from __future__ import annotations

import http.client
import io
import re
import socket
import ssl
import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from overture.lib.safe_net import MAIL_PORTS, HostNotFound, HostRefused, ascii_host, public_addresses

LONGEST_URL = 500
# Bytes of the answer that are read; the rest is left on the wire.
ANSWER = 2_000
_VISIBLE = re.compile(r"[!-~]+")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")


class UrlError(ValueError):
    """Not an address to call. Codes: bad_url, not_https, has_password, bad_host, bad_port, too_long."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class CallError(Exception):
    """No answer. Codes: dns, private_address, refused, unreachable, timeout, tls, dropped, no_http.

    `words` are those of the system or of TLS, in English.
    """

    def __init__(self, code: str, words: str = "") -> None:
        super().__init__(f"{code}: {words}")
        self.code, self.words = code, words


class Target(NamedTuple):
    """`path` with its query, percent-encoded; `netloc` as the Host header has it."""

    is_https: bool
    host: str
    port: int
    netloc: str
    path: str


@dataclass(frozen=True)
class Answer:
    """`text` is the beginning of it; `goes_to` where a redirect leads; `retry_after` in seconds."""

    status: int
    text: str
    goes_to: str = ""
    retry_after: int | None = None


def target_of(url: str, allow_private: bool) -> Target:
    """Raises UrlError. Plain http only where private hosts are allowed, and there on any port."""
    if len(url) > LONGEST_URL:
        raise UrlError("too_long")
    if not _VISIBLE.fullmatch(url) or "\\" in url:
        raise UrlError("bad_url")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise UrlError("bad_url") from error
    if parts.scheme != "https" and not (parts.scheme == "http" and allow_private):
        raise UrlError("not_https" if parts.scheme in ("http", "") else "bad_url")
    if "@" in parts.netloc:
        raise UrlError("has_password")
    try:
        host = ascii_host(parts.hostname or "")
    except HostNotFound as error:
        raise UrlError("bad_host") from error
    is_https = parts.scheme == "https"
    usual = 443 if is_https else 80
    if not allow_private and not _is_for_the_web(port or usual):
        raise UrlError("bad_port")
    named = f"[{host}]" if ":" in host else host
    netloc = named if port in (None, usual) else f"{named}:{port}"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(is_https, host, port or usual, netloc, path)


def post(
    url: str, body: bytes, headers: dict[str, str], *, allow_private: bool, patience: float = 10.0
) -> Answer:
    """Answers within `patience` seconds, name lookup aside. Raises UrlError, CallError.

    The name is resolved once; what is connected to is the address that was judged, while TLS checks the name.
    """
    target = target_of(url, allow_private)
    end = time.monotonic() + patience
    request = _request(target, body, headers)
    sock = _connected(target, allow_private, end)
    try:
        return _asked(sock, request, end)
    finally:
        sock.close()


def fetch(url: str, *, allow_private: bool, most: int = 100_000, patience: float = 10.0) -> bytes:
    """What a GET of the address brings, under the same rules; empty unless the answer is 200 and no longer
    than `most` bytes. Raises UrlError, CallError."""
    target = target_of(url, allow_private)
    end = time.monotonic() + patience
    head = f"GET {target.path} HTTP/1.1\r\nHost: {target.netloc}\r\nConnection: close\r\n\r\n"
    sock = _connected(target, allow_private, end)
    try:
        sock.settimeout(_left(end))
        sock.sendall(head.encode("ascii"))
        answer: Any = http.client.HTTPResponse(_Reader(sock, end), method="GET")  # type: ignore[arg-type]
        answer.begin()
        found: bytes = answer.read(most + 1) if answer.status == 200 else b""
    except (http.client.HTTPException, ValueError) as error:
        raise CallError("no_http", _shown(str(error))) from error
    except OSError as error:
        code = "timeout" if isinstance(error, TimeoutError) else "dropped"
        raise CallError(code, str(error)) from error
    finally:
        sock.close()
    return found if len(found) <= most else b""


def _is_for_the_web(port: int) -> bool:
    """Not the ports of other protocols, which a request could be made to speak."""
    return port == 443 or (port >= 1024 and port not in MAIL_PORTS)


def _connected(target: Target, allow_private: bool, end: float) -> socket.socket:
    plain = _connected_plain(target, allow_private, end)
    if not target.is_https:
        return plain
    try:
        plain.settimeout(_left(end))
        return _tls().wrap_socket(plain, server_hostname=target.host)
    except ssl.SSLCertVerificationError as error:
        plain.close()
        raise CallError("tls", error.verify_message) from error
    except TimeoutError as error:
        plain.close()
        raise CallError("timeout") from error
    except (OSError, ValueError) as error:
        plain.close()
        raise CallError("tls", str(error)) from error


def _connected_plain(target: Target, allow_private: bool, end: float) -> socket.socket:
    try:
        addresses = public_addresses(target.host, target.port, allow_private)
    except HostRefused as error:
        raise CallError("private_address", error.detail) from error
    except HostNotFound as error:
        raise CallError("dns", error.detail) from error
    failure = CallError("unreachable")
    for address in addresses:
        try:
            return socket.create_connection((address, target.port), timeout=_left(end))
        except TimeoutError:
            raise CallError("timeout") from None
        except ConnectionRefusedError as error:
            failure = CallError("refused", error.strerror or "")
        except OSError as error:
            failure = CallError("unreachable", error.strerror or str(error))
    raise failure


def _asked(sock: socket.socket, request: bytes, end: float) -> Answer:
    try:
        sock.settimeout(_left(end))
        sock.sendall(request)
        answer: Any = http.client.HTTPResponse(_Reader(sock, end), method="POST")  # type: ignore[arg-type]
        answer.begin()
        text = _read(answer)
    except TimeoutError as error:
        raise CallError("timeout") from error
    except (http.client.HTTPException, ValueError) as error:
        code = "dropped" if isinstance(error, http.client.RemoteDisconnected) else "no_http"
        raise CallError(code, _shown(str(error))) from error
    except OSError as error:
        raise CallError("dropped", error.strerror or str(error)) from error
    goes_to = _shown(answer.getheader("Location") or "") if 300 <= answer.status < 400 else ""
    return Answer(answer.status, text, goes_to, _seconds(answer.getheader("Retry-After") or ""))


def _request(target: Target, body: bytes, headers: dict[str, str]) -> bytes:
    sent = {"Host": target.netloc, **headers, "Content-Length": str(len(body)), "Connection": "close"}
    for name, value in sent.items():
        if _UNSEEN.search(name + value) or not (name + value).isascii():
            raise ValueError(f"not a header: {name}")
    head = "".join(f"{name}: {value}\r\n" for name, value in sent.items())
    return f"POST {target.path} HTTP/1.1\r\n{head}\r\n".encode("ascii") + body


def _read(answer: Any) -> str:
    """The beginning; what breaks off after the status still has a status."""
    try:
        return _shown(answer.read(ANSWER).decode(errors="replace"))
    except (http.client.IncompleteRead, ValueError, OSError):
        return ""


def _shown(text: str) -> str:
    return _UNSEEN.sub(" ", text).strip()[:500]


def _seconds(text: str) -> int | None:
    """Of Retry-After; a date is read as nothing said."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else None


def _left(end: float) -> float:
    left = end - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


class _Reader(io.RawIOBase):
    """What HTTPResponse reads from: each byte it waits for comes before the end, however slowly they drip."""

    def __init__(self, sock: socket.socket, end: float) -> None:
        super().__init__()
        self._sock, self._end = sock, end

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._sock.settimeout(_left(self._end))
        return self._sock.recv_into(buffer)


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    return context
