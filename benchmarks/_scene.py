"""A recording SMTP server, workers and the embedded PostgreSQL, each to be killed, stopped and put back."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, TypeVar

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection

from overture.lib import embedded_postgres

ROOT = Path(__file__).resolve().parent.parent
LEASE = 6  # seconds; the shortest but one, so that waiting for its end costs little
T = TypeVar("T")


class Server:
    """Writes each message to disk before it answers, not too fast; comes back on the same port."""

    def __init__(self, log: Path, host: str = "127.0.0.1") -> None:
        self.log, self.host = log, host
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "tests.fakes.recording_smtp", "--fsync", "--latency", "0.01"]
        options = ["--port", str(self.port), "--log", str(self.log), "--host", self.host]
        self.process = subprocess.Popen([*command, *options], cwd=ROOT, stdout=subprocess.PIPE)
        if not self.process.stdout or not select.select([self.process.stdout], [], [], 30)[0]:
            raise TimeoutError("the SMTP server does not start")

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()


class Workers:
    """As many as asked for, each started again when it ends, as a supervisor does."""

    def __init__(self, count: int, log: Path) -> None:
        self._log: IO[bytes] = log.open("ab")
        self.processes = [self._started() for _ in range(count)]

    def watch(self) -> None:
        for index, process in enumerate(self.processes):
            if process.poll() is not None:
                self.processes[index] = self._started()

    def kill(self, index: int) -> None:
        self.processes[index].kill()
        self.processes[index].wait()

    def signal(self, index: int, number: signal.Signals) -> None:
        self.processes[index].send_signal(number)

    def sending(self) -> int | None:
        """The one with a journal in the folder, if any."""
        names = [path.name for path in (Path(settings.OVERTURE_DATA) / "journal").glob("*.journal")]
        for index, process in enumerate(self.processes):
            if any(name.startswith(f"{process.pid}-") for name in names):
                return index
        return None

    def end(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait()
        self._log.close()

    def _started(self) -> subprocess.Popen[bytes]:
        environment = os.environ | {"OVERTURE_LEASE_SECONDS": str(LEASE)}
        command = [sys.executable, "manage.py", "worker", "--concurrency", "4"]
        return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=self._log, stderr=self._log)


def kill_database(number: signal.Signals) -> None:
    """SIGQUIT is its immediate stop; SIGKILL leaves its children to notice."""
    note = Path(settings.OVERTURE_DATA) / "postgres" / "postmaster.pid"
    process = int(note.read_text().split("\n", 1)[0])
    os.kill(process, number)
    until(lambda: not embedded_postgres.is_alive(Path(settings.OVERTURE_DATA)), "the database's end")


def start_database() -> None:
    embedded_postgres.start(Path(settings.OVERTURE_DATA))


def asked(question: Callable[[], T]) -> T:
    """The answer of a database that may just be coming back."""
    for _ in range(600):
        try:
            return question()
        except (OperationalError, InterfaceError):
            connection.close()
            time.sleep(0.1)
    raise TimeoutError("the database does not come back")


def until(check: Callable[[], object], what: str, seconds: float = 90, meanwhile: object = None) -> None:
    end = time.monotonic() + seconds
    while not check():
        if time.monotonic() > end:
            raise TimeoutError(f"not within {seconds:.0f} s: {what}")
        if callable(meanwhile):
            meanwhile()
        time.sleep(0.05)


@contextlib.contextmanager
def scene(log: Path, workers: int) -> Iterator[tuple[Server, Workers]]:
    server = Server(log)
    at_work = Workers(workers, log.with_name("worker.log"))
    try:
        yield server, at_work
    finally:
        at_work.end()
        server.kill()
