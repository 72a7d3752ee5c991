"""Has a file read in a separate process with limits: whatever it does to its reader, nobody else notices."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from django.conf import settings

from overture.files.nursery import LARGEST_ANSWER, NOBODY

MEMORY = 2 * 1024**3
SECONDS = 20
# More than one for each core would only make each slower.
_AT_ONCE = threading.BoundedSemaphore(max(2, os.cpu_count() or 1))


class NoAnswer(Exception):
    """The reader ended without one: a limit stopped it, or the file broke it."""


def ask(do: str, folder: Path, **asked: Any) -> dict[str, Any]:
    """What checks/work.py answers about the file `given` in a folder, where it leaves what it makes of it.

    Raises NoAnswer.
    """
    return _files.ask(do, folder, **asked)


class Readers:
    """Processes that read files by one module (nursery.py says what it has), within limits."""

    def __init__(self, module: str, memory: int = MEMORY, seconds: int = SECONDS) -> None:
        self._nursery = _Nursery(module)
        self._memory, self._seconds = memory, seconds
        # It ends by itself when its control is closed; this leaves no process behind that nobody waited for.
        atexit.register(self._nursery.stop)

    def ask(self, do: str, folder: Path, **asked: Any) -> dict[str, Any]:
        """What the module answers about the file `given` in a folder. Raises NoAnswer."""
        if os.geteuid() == 0:
            os.chown(folder, NOBODY, NOBODY)
            os.chown(folder / "given", NOBODY, NOBODY)
        request = {"do": do, "limits": self._limits(), "folder": str(folder), **asked}
        with _AT_ONCE:
            ours, theirs = socket.socketpair()
            with ours:
                with theirs:
                    self._nursery.send(json.dumps(request).encode(), theirs)
                ours.settimeout(self._seconds * 1.5 + 5)
                return _read(ours)

    def stop(self) -> None:
        self._nursery.stop()

    def _limits(self) -> dict[str, int]:
        return {
            "memory": self._memory,
            "seconds": self._seconds,
            "written": 8 * settings.OVERTURE_FILE_LIMIT_MB * 1024**2,
        }


def _read(ours: socket.socket) -> dict[str, Any]:
    answer = b""
    try:
        while chunk := ours.recv(LARGEST_ANSWER):
            answer += chunk
        found: dict[str, Any] = json.loads(answer)
    except (OSError, ValueError) as error:
        raise NoAnswer from error
    return found


class _Nursery:
    """The process that forks readers, started with the first file and again when it is gone."""

    def __init__(self, module: str) -> None:
        self._module = module
        self._changing = threading.Lock()
        self._owner = 0
        self._control: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def send(self, request: bytes, theirs: socket.socket) -> None:
        with self._changing:
            for is_last in (False, True):
                try:
                    socket.send_fds(self._started(), [request], [theirs.fileno()])
                    return
                except OSError:
                    self._stop()
                    if is_last:
                        raise

    def _started(self) -> socket.socket:
        # A fork of the process that started it starts its own.
        if self._control is None or self._owner != os.getpid():
            self._start()
        assert self._control is not None
        return self._control

    def _start(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "overture.files.nursery", str(theirs.fileno()), self._module],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                cwd=settings.ROOT,
                # Nothing of ours: the environment holds the database's address and keys.
                env={
                    "PATH": os.environ.get("PATH", ""),
                    "LC_ALL": "C.UTF-8",
                    "PYTHONPATH": str(settings.ROOT),
                },
            )
        self._control, self._owner = ours, os.getpid()

    def stop(self) -> None:
        with self._changing:
            self._stop()

    def _stop(self) -> None:
        if self._owner != os.getpid():
            self._control = self._process = None
            return
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            with contextlib.suppress(OSError):
                self._process.kill()
            self._process.wait()
        self._control = self._process = None


_files = Readers("overture.files.checks.work")
