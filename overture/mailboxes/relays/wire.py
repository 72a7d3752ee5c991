"""Requests to a provider: by https alone, no redirect, no second try, and told just before bytes leave."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool


class Wires:
    """The connections that one session has open, so that they can be cut from another thread."""

    def __init__(self, before: Callable[[], None]) -> None:
        self.before = before
        self._open: set[HTTPConnection] = set()

    def about_to_write(self, wire: HTTPConnection) -> None:
        """Connected first, TLS and all, so that what goes wrong there has begun nothing."""
        if wire.sock is None:
            wire.connect()
        self._open.add(wire)
        self.before()

    def cut(self) -> None:
        for wire in list(self._open):
            if wire.sock is not None:
                with contextlib.suppress(OSError):
                    wire.sock.shutdown(socket.SHUT_RDWR)


class Session(requests.Session):
    """`allows_http`: for a place on loopback that tests set."""

    def __init__(self, wires: Wires, allows_http: bool = False) -> None:
        super().__init__()
        self.trust_env = False  # no proxy and no .netrc decides where keys go
        self.adapters.clear()
        self.mount("https://", _Adapter(wires))
        if allows_http:
            self.mount("http://", _Adapter(wires))

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        # A redirect would hand the key and the letter to another host.
        return super().request(*args, **kwargs | {"allow_redirects": False})


class _Adapter(HTTPAdapter):
    def __init__(self, wires: Wires) -> None:
        self._wires = wires
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        plain = _told(HTTPConnection, self._wires)
        secure = _told(HTTPSConnection, self._wires)
        self.poolmanager.pool_classes_by_scheme = {
            "http": type("Pool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
            "https": type("SecurePool", (HTTPSConnectionPool,), {"ConnectionCls": secure}),
        }


def _told(kind: type[HTTPConnection], wires: Wires) -> type[HTTPConnection]:
    def request(self: HTTPConnection, *args: Any, **kwargs: Any) -> None:
        wires.about_to_write(self)
        kind.request(self, *args, **kwargs)

    return type("Told", (kind,), {"request": request})
