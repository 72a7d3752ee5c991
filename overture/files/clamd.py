"""A client of clamd: one file over one connection, and only the exact answer `stream: OK` is clean."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings

_CHUNK = 1 << 16
_LONGEST_ANSWER = 4096


class ScannerDown(Exception):
    """No answer that could be trusted: not there, too slow, stopped in between, or it says something else."""


class TooLarge(Exception):
    """More than the scanner takes in (its StreamMaxLength)."""


@dataclass(frozen=True, slots=True)
class Verdict:
    # Name of the signature that matched; empty: clean.
    found: str

    @property
    def is_clean(self) -> bool:
        return not self.found


class Source(Protocol):
    def read(self, size: int, /) -> bytes: ...


def scan(source: Source) -> Verdict:
    """Raises ScannerDown and TooLarge."""
    with _connected(settings.OVERTURE_CLAMD_SECONDS) as line:
        line.send(b"zINSTREAM\0")
        while chunk := source.read(_CHUNK):
            if not line.send(len(chunk).to_bytes(4, "big") + chunk):
                break
        else:
            line.send(bytes(4))
        answer = line.read()
    return _verdict(answer)


def ping() -> None:
    """Raises ScannerDown."""
    if (answer := _ask(b"zPING\0")) != "PONG":
        raise ScannerDown(f"it answered {answer[:80]!r} to PING")


def version() -> str:
    """Of program and signatures: `ClamAV 1.4.3/27500/Thu Jan  1 08:00:00 2026`. Raises ScannerDown."""
    answer = _ask(b"zVERSION\0")
    if not answer.startswith("ClamAV "):
        raise ScannerDown(f"it answered {answer[:80]!r} to VERSION")
    return answer


def has_official_signatures(version: str) -> bool:
    """Those of a test have no number and no date."""
    return version.count("/") == 2


def _verdict(answer: str) -> Verdict:
    if answer == "stream: OK":
        return Verdict("")
    if answer.startswith("stream: ") and answer.endswith(" FOUND") and answer.isprintable():
        return Verdict(answer.removeprefix("stream: ").removesuffix(" FOUND") or "unnamed")
    if answer == "INSTREAM size limit exceeded. ERROR":
        raise TooLarge
    raise ScannerDown(f"it answered {answer[:80]!r}" if answer else "it ended without an answer")


def _ask(command: bytes) -> str:
    with _connected(min(5, settings.OVERTURE_CLAMD_SECONDS)) as line:
        line.send(command)
        return line.read()


class _Line:
    """A connection with one time limit for everything: a stopped clamd takes connections and says nothing."""

    def __init__(self, connection: socket.socket, deadline: float) -> None:
        self._connection, self._deadline = connection, deadline

    def send(self, data: bytes) -> bool:
        """Whether it is still listening: where it is not, what it said before is read all the same."""
        self._wait()
        try:
            self._connection.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            return False
        return True

    def read(self) -> str:
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < _LONGEST_ANSWER:
            self._wait()
            try:
                chunk = self._connection.recv(_LONGEST_ANSWER)
            except ConnectionResetError:
                break
            if not chunk:
                break
            answer += chunk
        return answer.removesuffix(b"\0").decode(errors="replace")

    def _wait(self) -> None:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("no answer in time")
        self._connection.settimeout(left)


@contextmanager
def _connected(seconds: float) -> Iterator[_Line]:
    deadline = time.monotonic() + seconds
    try:
        with _connect(seconds) as connection:
            yield _Line(connection, deadline)
    except OSError as error:
        raise ScannerDown(f"{settings.OVERTURE_CLAMD}: {error.strerror or error}") from error


def _connect(seconds: float) -> socket.socket:
    address = settings.OVERTURE_CLAMD
    if not address.startswith("unix:"):
        host, _, port = address.rpartition(":")
        return socket.create_connection((host.strip("[]"), int(port)), timeout=seconds)
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(seconds)
    try:
        connection.connect(address.removeprefix("unix:"))
    except BaseException:
        connection.close()
        raise
    return connection
