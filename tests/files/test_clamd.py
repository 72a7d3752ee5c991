"""The client: only `stream: OK` is clean, whatever else a scanner says, does or does not do."""

from __future__ import annotations

import io
import socket
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from overture.files import clamd
from overture.files.clamd import ScannerDown, TooLarge, Verdict
from tests.fakes.odd_clamd import odd_clamd
from tests.fakes.scanner import EICAR, FOUND, Scanner


@pytest.fixture
def near(tmp_path_factory: Any) -> Path:
    """A folder whose path is short enough for a socket."""
    folder: Path = tmp_path_factory.mktemp("s")
    return folder


def test_clean_and_infected_by_unix_socket(scanner: Any) -> None:
    assert clamd.scan(io.BytesIO(b"nothing bad")) == Verdict("")
    assert clamd.scan(io.BytesIO(b"")) == Verdict("")
    assert clamd.scan(io.BytesIO(EICAR)) == Verdict(FOUND)
    clamd.ping()
    assert clamd.version() == "ClamAV 1.4.6"
    assert not clamd.has_official_signatures(clamd.version())
    assert clamd.has_official_signatures("ClamAV 1.4.3/27500/Thu Jan  1 08:00:00 2026")


def test_by_tcp(scanner: Any, settings: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.OVERTURE_CLAMD = f"127.0.0.1:{server.getsockname()[1]}"
        _relay_later(server, scanner.socket)
        assert clamd.scan(io.BytesIO(EICAR)) == Verdict(FOUND)


def _relay_later(server: socket.socket, to: Path) -> None:
    def relay() -> None:
        line, _ = server.accept()
        there = socket.socket(socket.AF_UNIX)
        with line, there:
            there.connect(str(to))
            threading.Thread(target=_pass_on, args=(line, there), daemon=True).start()
            _pass_on(there, line)

    threading.Thread(target=relay, daemon=True).start()


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while said := source.recv(4096):
            target.sendall(said)


@pytest.mark.parametrize(
    "answer",
    [
        b"stream: OK ",
        b"stream: OK\n",
        b"stream: OK\0stream: Eicar FOUND\0",
        b" stream: OK\0",
        b"stream: ok\0",
        b"stream: OK (but not sure)\0",
        b"1: stream: OK\0",
        b"OK\0",
        b"\0",
        b"",
        b"stream: Can't allocate memory ERROR\0",
        b"UNKNOWN COMMAND\0",
        b"\xff\xfe\x00\x00",
        b"x" * 100_000,
    ],
)
def test_any_other_answer_is_none(settings: Any, near: Path, answer: bytes) -> None:
    settings.OVERTURE_CLAMD_SECONDS = 5
    with odd_clamd(near, answer) as settings.OVERTURE_CLAMD, pytest.raises(ScannerDown):
        clamd.scan(io.BytesIO(b"a,b\n"))


def test_what_is_said_before_the_end_is_read(settings: Any, near: Path) -> None:
    """Too large: clamd answers and closes while we still send, which breaks the pipe."""
    settings.OVERTURE_CLAMD_SECONDS = 10
    source = io.BytesIO(bytes(20_000_000))
    refusal = b"INSTREAM size limit exceeded. ERROR\0"
    with odd_clamd(near, refusal, after=1_000_000) as settings.OVERTURE_CLAMD, pytest.raises(TooLarge):
        clamd.scan(source)
    assert source.tell() < 20_000_000


def test_a_real_one_says_so_too(settings: Any, near: Path) -> None:
    small = Scanner(near, limit_mb=1)
    small.start()
    try:
        settings.OVERTURE_CLAMD = small.address
        with pytest.raises(TooLarge):
            clamd.scan(io.BytesIO(bytes(8 * 1024 * 1024)))
    finally:
        small.kill()


def test_nobody_there(settings: Any, near: Path) -> None:
    for settings.OVERTURE_CLAMD in (f"unix:{near}/nobody", "127.0.0.1:1"):
        with pytest.raises(ScannerDown):
            clamd.scan(io.BytesIO(b"x"))
        with pytest.raises(ScannerDown):
            clamd.ping()


@pytest.mark.parametrize("size", [10, 30_000_000])
def test_a_stopped_one_is_noticed_by_our_clock(settings: Any, near: Path, size: int) -> None:
    """The kernel takes the connection and some of the bytes for it: nothing else tells."""
    frozen = Scanner(near)
    frozen.start()
    try:
        settings.OVERTURE_CLAMD, settings.OVERTURE_CLAMD_SECONDS = frozen.address, 1
        frozen.freeze()
        began = time.monotonic()
        with pytest.raises(ScannerDown, match=r"timed out|in time"):
            clamd.scan(io.BytesIO(bytes(size)))
        assert 0.9 < time.monotonic() - began < 2.5
        frozen.thaw()
        assert clamd.scan(io.BytesIO(b"x")) == Verdict("")
    finally:
        frozen.thaw()
        frozen.kill()
