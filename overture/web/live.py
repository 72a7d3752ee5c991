"""What open pages ask every few seconds: whether anything changed, and nothing else.

Answered beside Django, from counts that each process keeps for a second: however many pages are open, one
query a second. Its address is signed and tells nothing but that something changed; what changed is asked for
by the page itself, signed in. The answer is two numbers: the count, and the seconds after which to ask again
at the earliest, more of them the more pages are open.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from overture.conversations.pulse import counts, of_partner, of_workspace
from overture.lib.signing import sign, unsign

PATH = "/live/"
# Seconds for which a count is believed, and for which a page that asked is expected to ask again.
_BELIEVED = 1.0
_EXPECTED = 150.0
# Seconds between two questions of a page; live.js asks every 4 anyway, every 12 where it is quiet.
_SOONEST, _LATEST = 4, 30
_QUIET = 12
# Questions a second that a process is to answer for all pages together, as counted for so many seconds.
_MOST_A_SECOND = 60
_COUNTED_FOR = 10.0
_NAMES: dict[str, Callable[[int], str]] = {"w": of_workspace, "p": of_partner}

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def live_url(kind: str, number: int) -> str:
    """`kind`: w for a workspace's inbox, p for a partner's."""
    return reverse("web:live", kwargs={"token": kind + sign(number, f"live {kind}", settings.SIGNING_KEY)})


def beside(application: Application) -> Application:
    """The WSGI application with /live/ in front of it."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if not path.startswith(PATH) or environ.get("REQUEST_METHOD") != "GET":
            return application(environ, start_response)
        query = environ.get("QUERY_STRING", "")
        status, headers, body = _told(path[len(PATH) :], query, _counts.of)
        start_response(status, [*headers, ("Content-Length", str(len(body)))])
        return [body]

    return answer


def live(request: HttpRequest, token: str) -> HttpResponse:
    """The same where no WSGI server of ours stands in front."""
    query = request.META.get("QUERY_STRING", "")
    status, headers, body = _told(token, query, lambda name: counts([name]).get(name, 0))
    return HttpResponse(body, status=int(status[:3]), headers=dict(headers))


def _told(token: str, query: str, count_of: Callable[[str], int]) -> tuple[str, list[tuple[str, str]], bytes]:
    kind = token[:1]
    number = unsign(token[1:], f"live {kind}", settings.SIGNING_KEY) if kind in _NAMES else None
    if number is None:
        return "404 Not Found", [("Content-Type", "text/plain")], b""
    body = f"{count_of(_NAMES[kind](number))} {_pace.next(_waited(query))}"
    return "200 OK", _HEADERS, body.encode()


_HEADERS = [
    ("Content-Type", "text/plain"),
    ("Cache-Control", "no-store"),
    ("X-Content-Type-Options", "nosniff"),
]


def _waited(query: str) -> int:
    """`after=SECONDS`: what the page has waited since it last asked."""
    digits = query.removeprefix("after=")
    return int(digits) if digits.isdecimal() and digits.isascii() and len(digits) < 4 else _SOONEST


class _Pace:
    """How soon pages are to ask again, so that all together ask no more often than a process bears.

    A page that has waited eight seconds is one of eight that ask in that time: what all have waited in a
    second is how many are open. Those that seldom ask anyway weigh less.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._changing = threading.Lock()
        self._since = clock()
        self._waited = 0
        self._seconds = _SOONEST

    def next(self, waited: int) -> int:
        with self._changing:
            took = self._clock() - self._since
            if took >= _COUNTED_FOR:
                needed = round(self._waited / took / _MOST_A_SECOND)
                self._seconds = min(max(needed, _SOONEST), _LATEST)
                self._since, self._waited = self._clock(), 0
            self._waited += min(waited, max(_QUIET, self._seconds))
            return self._seconds


class _Counts:
    """Counts of what is asked for, read again by whoever finds them a second old; the others do not wait."""

    def __init__(self) -> None:
        self._known: dict[str, int] = {}
        self._asked: dict[str, float] = {}
        self._read_at = 0.0
        self._reading = threading.Lock()
        self._connection: psycopg.Connection[Any] | None = None

    def of(self, name: str) -> int:
        now = time.monotonic()
        self._asked[name] = now
        if name not in self._known:
            with self._reading:
                self._read(now)
        elif now - self._read_at > _BELIEVED and self._reading.acquire(blocking=False):
            try:
                self._read(now)
            finally:
                self._reading.release()
        return self._known.get(name, 0)

    def _read(self, now: float) -> None:
        wanted = [name for name, at in list(self._asked.items()) if now - at < _EXPECTED]
        found = dict(self._rows(wanted))
        self._known = {name: found.get(name, 0) for name in wanted}
        self._asked = {name: self._asked[name] for name in wanted}
        self._read_at = now

    def _rows(self, wanted: list[str]) -> list[tuple[str, int]]:
        """Over a connection of its own, which no request's thread has to hold; opened anew when it broke."""
        for is_last in (False, True):
            try:
                if self._connection is None:
                    self._connection = psycopg.connect(**_parameters(), autocommit=True)
                return self._connection.execute(
                    "SELECT of, count FROM overture_pulse WHERE of = ANY(%s)", [wanted]
                ).fetchall()
            except psycopg.Error:
                self._connection = None
                if is_last:
                    raise
        return []


def _parameters() -> dict[str, Any]:
    """As Django connects, without what is Django's own."""
    own = {"cursor_factory", "context", "prepare_threshold", "client_encoding"}
    return {name: value for name, value in connection.get_connection_params().items() if name not in own}


_counts = _Counts()
_pace = _Pace()
