"""Hosts on one machine: network namespaces of Linux, joined by cables that can be pulled. Needs root."""

from __future__ import annotations

import contextlib
import ctypes
import os
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
DATABASE, MAIL = "d", "s"  # the two cables of a worker's host
SERVER = "10.77.9.1"  # of the SMTP server, from wherever one comes


class Hosts:
    """A host with database and SMTP server, and two for workers, each with a cable to either."""

    def __init__(self) -> None:
        self._name = f"ovt{os.getpid() % 10000}"

    @contextlib.contextmanager
    def up(self) -> Iterator[Hosts]:
        try:
            for name in ("db", "a", "b"):
                _ip("netns", "add", self._space(name))
                self._in(name, "link", "set", "lo", "up")
            self._in("db", "address", "add", f"{SERVER}/32", "dev", "lo")
            for number, name in enumerate(("a", "b")):
                self._cable(name, DATABASE, f"10.77.{number * 2}")
                self._cable(name, MAIL, f"10.77.{number * 2 + 1}")
                self._in(name, "route", "add", SERVER, "via", f"10.77.{number * 2 + 1}.1")
            yield self
        finally:
            for name in ("db", "a", "b"):
                subprocess.run(["ip", "netns", "del", self._space(name)], capture_output=True, check=False)

    @staticmethod
    def database_of(name: str) -> str:
        """Its address, seen from a worker's host."""
        return f"10.77.{'ab'.index(name) * 2}.1"

    def pull(self, name: str, cable: str) -> None:
        self._in(name, "link", "set", f"{name}{cable}0", "down")

    def plug(self, name: str, cable: str) -> None:
        self._in(name, "link", "set", f"{name}{cable}0", "up")
        if cable == MAIL:  # routes go with the link
            number = "ab".index(name) * 2 + 1
            self._in(name, "route", "replace", SERVER, "via", f"10.77.{number}.1")

    def inside(self, name: str, call: Callable[[], T]) -> T:
        """What `call` starts, starts on that host."""
        answers: list[T] = []

        def enter() -> None:
            with Path(f"/run/netns/{self._space(name)}").open() as space:
                if ctypes.CDLL(None, use_errno=True).setns(space.fileno(), 0x40000000):
                    raise OSError(ctypes.get_errno(), "setns")
            answers.append(call())

        thread = threading.Thread(target=enter)
        thread.start()
        thread.join()
        return answers[0]

    def _cable(self, name: str, cable: str, net: str) -> None:
        here, there = f"{name}{cable}0", f"{name}{cable}1"
        ends = ["link", "add", "name", here, "netns", self._space(name), "type", "veth"]
        _ip(*ends, "peer", "name", there, "netns", self._space("db"))
        for host, end, last in ((name, here, 2), ("db", there, 1)):
            self._in(host, "address", "add", f"{net}.{last}/24", "dev", end)
            self._in(host, "link", "set", end, "up")

    def _in(self, name: str, *arguments: str) -> None:
        _ip("-n", self._space(name), *arguments)

    def _space(self, name: str) -> str:
        return f"{self._name}{name}"


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True)
