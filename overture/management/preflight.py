"""What must be true before anything starts: the folder is ours, the port is free, the disk has room."""

import contextlib
import errno
import fcntl
import os
import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management.base import CommandError

# PostgreSQL's first files take 40 MB and its journal grows to 128 MB before anything is kept.
LEAST_DISK = 300 * 1024 * 1024


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold the data folder for this run. The kernel's lock refuses a second one, not a file left behind."""
    with (folder / "run.lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            pid = file.read().strip() or "unknown"
            raise CommandError(
                f"Overture already runs on {folder} (pid {pid}). "
                "Stop it first, or give this one a folder of its own with OVERTURE_DATA."
            ) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield


def require_disk(folder: Path) -> None:
    free = shutil.disk_usage(folder).free
    if free < LEAST_DISK:
        raise CommandError(
            f"The disk is full: {free // 2**20} MB are free in {folder}; it needs {LEAST_DISK // 2**20}. "
            "Make room there, or name a folder on another disk with OVERTURE_DATA."
        )


def require_port(host: str, port: int, patience: float = 3.0) -> None:
    """Waits a moment for a web server that was just killed to let go of its port."""
    deadline = time.monotonic() + patience
    while error := _refusal(host, port):
        if isinstance(error, PermissionError):
            raise CommandError(
                f"Port {port} needs more rights than this user has. Choose one above 1023: --port 8000."
            )
        if time.monotonic() > deadline or error.errno != errno.EADDRINUSE:
            raise CommandError(
                f"Port {port} on {host} is taken ({error.strerror}). Stop what uses it, or choose another: "
                f"bin/run --port {port + 1 if port < 65535 else 8000}."
            )
        time.sleep(0.1)


def _refusal(host: str, port: int) -> OSError | None:
    with contextlib.closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return error
    return None
