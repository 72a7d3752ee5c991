"""Keeps processes alive until told to stop: each restarts when it ends, and all end together, in time."""

# ruff: noqa: T201 (it talks to a terminal)

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Self

# How long children may take to end: a worker finishes the e-mails in flight. With PostgreSQL's
# own ten seconds everything is over within twenty.
GRACE = 8.0
LARGEST_LOG = 10 * 1024 * 1024
LONGEST_PAUSE = 10.0
SUPERVISOR = "OVERTURE_SUPERVISOR"
# What stays in the log alone; a 503 of /healthz is said by whoever asked for it.
NOT_SHOWN = (b" INFO ", b" DEBUG ", b"Service Unavailable: /healthz")


class Stopped(BaseException):
    """Raised in the main thread by SIGTERM and Ctrl-C, wherever it is."""


def stop_on_signals() -> None:
    def raise_stopped(number: int, frame: object) -> None:
        ignore_signals()  # a second Ctrl-C must not cut the clean end short
        raise Stopped

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, raise_stopped)


def ignore_signals() -> None:
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


def die_with_supervisor() -> None:
    """Called by a child: SIGKILL of the supervisor alone must leave nobody behind."""
    if SUPERVISOR in os.environ:
        die_with(int(os.environ[SUPERVISOR]))


def die_with(parent: int) -> None:
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    if os.getppid() != parent:  # it was gone before we asked
        os._exit(1)


@dataclass
class Child:
    """One process to keep alive; what it says goes to its log, what it complains of to the terminal, too."""

    name: str
    command: Sequence[str]
    logs: Path
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None
    began: float = 0.0
    due: float = 0.0
    pause: float = 0.5
    failures: int = 0
    last_words: deque[str] = field(default_factory=lambda: deque(maxlen=20))
    _readers: list[threading.Thread] = field(default_factory=list)
    _writing: threading.Lock = field(default_factory=threading.Lock)

    def start(self) -> Self:
        self.began = time.monotonic()
        self._readers.clear()
        self.process = subprocess.Popen(
            self.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, **self.environment, SUPERVISOR: str(os.getpid())},
        )
        for stream, is_shown in ((self.process.stdout, False), (self.process.stderr, True)):
            assert stream is not None
            reader = threading.Thread(target=self._keep, args=(stream, is_shown), daemon=True)
            reader.start()
            self._readers.append(reader)
        return self

    def watch(self) -> None:
        """Start it again when it ended, later and later while it keeps ending at once."""
        now = time.monotonic()
        if self.process is not None:
            if self.process.poll() is None:
                return
            self.failures += 1
            self.pause = 0.5 if now - self.began > 30 else min(self.pause * 2, LONGEST_PAUSE)
            self.due, code, self.process = now + self.pause, self.process.returncode, None
            self.tell(f"ended with {code}; starts again in {self.pause:.0f} s")
        elif now >= self.due:
            self.start()

    def tell(self, words: str) -> None:
        print(f"[{self.name}] {words}", file=sys.stderr, flush=True)
        self._write(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {words}\n".encode(), is_shown=False)

    @property
    def log(self) -> Path:
        return self.logs / f"{self.name}.log"

    @property
    def complaint(self) -> str:
        return next((line for line in reversed(self.last_words) if line.strip()), "it says nothing")

    def signal(self, number: signal.Signals) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)

    def wait(self) -> None:
        """Until it has ended and its last words are kept; not for its own children, who may hold the pipe."""
        if self.process is not None:
            self.process.wait()
        for reader in self._readers:
            reader.join(timeout=1)

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def _keep(self, stream: IO[bytes], is_shown: bool) -> None:
        with stream:
            for line in stream:
                self._write(line, is_shown and not any(word in line for word in NOT_SHOWN))

    def _write(self, line: bytes, is_shown: bool) -> None:
        with self._writing, contextlib.suppress(OSError):  # a full disk must not end the reading
            if is_shown:
                self.last_words.append(line.decode(errors="replace").rstrip())
                print(f"[{self.name}] {self.last_words[-1]}", file=sys.stderr, flush=True)
            if self.log.exists() and self.log.stat().st_size > LARGEST_LOG:
                self.log.replace(self.log.with_suffix(".log.1"))
            with self.log.open("ab") as file:
                file.write(line)


def supervise(children: Sequence[Child], watch_also: Callable[[], None]) -> None:
    """Never returns; Stopped ends it."""
    while True:
        for child in children:
            child.watch()
        watch_also()
        time.sleep(0.5)


def end(children: Sequence[Child]) -> None:
    """Asks all at once, waits GRACE seconds, then ends what is left."""
    for child in children:
        child.signal(signal.SIGTERM)
    deadline = time.monotonic() + GRACE
    while any(child.is_running for child in children) and time.monotonic() < deadline:
        time.sleep(0.05)
    for child in children:
        child.signal(signal.SIGKILL)
        child.wait()
