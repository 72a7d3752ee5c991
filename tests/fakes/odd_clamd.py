"""A scanner that speaks clamd's protocol and says what a test wants: rubbish, too little, too late."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def odd_clamd(folder: Path, to_scan: bytes, *, after: int | None = None) -> Iterator[str]:
    """Its address. It answers `to_scan` to a file: when it has come whole, or after so many bytes of it."""
    path = folder / "odd.sock"
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        listening.listen()
        threading.Thread(target=_serve, args=(listening, to_scan, after), daemon=True).start()
        yield f"unix:{path}"
    path.unlink()


def _serve(listening: socket.socket, to_scan: bytes, after: int | None) -> None:
    while True:
        try:
            line, _ = listening.accept()
        except OSError:
            return
        # Who has asked may be gone before the answer.
        with contextlib.suppress(BrokenPipeError), line, line.makefile("rb") as asked:
            command = _until_nul(asked)
            if command == b"zVERSION":
                line.sendall(b"ClamAV 1.4.6/27000/Thu Jan  1 08:00:00 2026\0")
            elif command == b"zPING":
                line.sendall(b"PONG\0")
            else:
                _take_in(asked, after)
                line.sendall(to_scan)


def _until_nul(asked: object) -> bytes:
    read = asked.read  # type: ignore[attr-defined]
    command = b""
    while (letter := read(1)) not in {b"\0", b""}:
        command += letter
    return command


def _take_in(asked: object, after: int | None) -> None:
    read = asked.read  # type: ignore[attr-defined]
    taken = 0
    while length := int.from_bytes(read(4), "big"):
        if after is not None and taken + length > after:
            return
        taken += len(read(length))
