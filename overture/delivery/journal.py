"""The worker's own record of what it began and what was answered: it outlives SIGKILL.

One file for each process, locked while its writer lives. A lease is `claimed` before the database is asked
for it, a letter `begun` before its last bytes are handed over, `answered` when the server has spoken. So of a
dead writer's lease: answered rows are settled, begun ones are unknown, all others never left.
"""

import contextlib
import fcntl
import os
import secrets
from dataclasses import dataclass, field
from mmap import mmap
from pathlib import Path
from time import time
from typing import NamedTuple

_SEGMENT = 1_000_000  # bytes; then the next lease begins a new file
_STEP = 1 << 20  # bytes that a file grows by; more than all lines but a few thousand of one lease
_OLD_PART = 60  # seconds
_CLEAN = str.maketrans({"\t": " ", "\n": " ", "\r": " ", "\0": " "})

DeliveryId = object  # anything whose str() is the id: an integer or a UUID


class Answer(NamedTuple):
    """How one delivery ended, as the writer put it down."""

    kind: str
    code: str
    reply: str


@dataclass
class Lease:
    """What a journal knows of one lease. Ids are strings."""

    begun: set[str] = field(default_factory=set)
    answered: dict[str, Answer] = field(default_factory=dict)

    @property
    def unknown(self) -> set[str]:
        """Handed over, with no answer read."""
        return self.begun - self.answered.keys()


class JournalBroken(OSError):
    """The journal could not be written: nothing may begin."""


class _Segment:
    """One locked file, written through memory; leases stay in the segment that first named them.

    A write to it is a copy: no call of the system, and no other thread takes the turn meanwhile. Its room is
    allocated before, so that a full disk is an error and no signal. What is not written yet is NUL.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self.path = folder / f"{name}.journal"
        part = self.path.with_suffix(".part")
        self.fd = os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        self.open_leases: set[str] = set()
        self.size = self._room = 0
        try:
            self.write(f"J\t{_boot_id()}\t{os.getpid()}\n".encode())
            # Locked before it has its name, so that nobody can take it for a dead writer's.
            fcntl.flock(self.fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            part.rename(self.path)
        except OSError:
            os.close(self.fd)
            part.unlink()
            raise

    def write(self, line: bytes) -> None:
        end = self.size + len(line)
        if end > self._room:
            self._grow()
        self._memory[self.size : end] = line
        self.size = end

    def close(self) -> None:
        """Let go of it: what it says is for others."""
        self._memory.close()  # it holds the lock, too
        os.ftruncate(self.fd, self.size)
        os.close(self.fd)

    def remove(self) -> None:
        self.path.unlink(missing_ok=True)
        self._memory.close()
        os.close(self.fd)

    def _grow(self) -> None:
        room = self._room + _STEP
        try:
            os.posix_fallocate(self.fd, 0, room)
            self._memory = mmap(self.fd, room)
        except OSError as error:
            raise JournalBroken(error.errno, error.strerror, str(self.path)) from error
        self._room = room


class Journal:
    """The living writer's side. The kernel keeps what it wrote, whatever becomes of us."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.name = f"{os.getpid()}-{secrets.token_hex(6)}"
        self._number = 0
        self._of_lease: dict[str, _Segment] = {}
        self._segment = self._new_segment()
        self._segments = [self._segment]

    @classmethod
    def open(cls, folder: Path | str) -> "Journal":
        path = Path(folder)
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        return cls(path)

    def claimed(self, lease: object) -> None:
        """Call before the database is asked for the claim: else silence about a row would prove nothing.

        Raises OSError when it cannot be written down; then nothing may be claimed.
        """
        if self._segment.size > _SEGMENT:
            self._turn_over()
        self._of_lease[str(lease)] = self._segment
        self._segment.open_leases.add(str(lease))
        self._segment.write(f"C\t{lease}\n".encode())

    def begun(self, lease: object, delivery: DeliveryId) -> None:
        """Raises when it cannot be written down; then the delivery must not begin."""
        self._of_lease[str(lease)].write(f"B\t{lease}\t{delivery}\n".encode())

    def answered(self, lease: object, delivery: DeliveryId, kind: str, code: str, reply: str = "") -> None:
        """What became of the delivery; `kind` as the providers say. Never raises."""
        words = reply[:500] if reply.isprintable() else reply[:500].translate(_CLEAN)
        line = f"A\t{lease}\t{delivery}\t{kind}\t{code}\t{words}\n".encode("utf-8", "replace")
        with contextlib.suppress(OSError, ValueError):  # full, or closed
            self._of_lease[str(lease)].write(line)

    def settled(self, lease: object) -> None:
        """The database knows all about this lease (or never granted it): forget it, and old files."""
        segment = self._of_lease.pop(str(lease), None)
        if segment is None:
            return
        segment.open_leases.discard(str(lease))
        with contextlib.suppress(OSError, ValueError):
            segment.write(f"S\t{lease}\n".encode())
        if segment is not self._segment:
            self._tidy(segment)

    def close(self) -> None:
        """Leave. Files in which nothing is open go; others stay for whoever replays them."""
        for segment in self._segments:
            if segment.open_leases:
                segment.close()
            else:
                segment.remove()
        self._segments = []

    @staticmethod
    def dead(folder: Path | str) -> "list[DeadJournal]":
        """Journals whose writer is gone, each locked for us until `remove` or `release`."""
        for part in Path(folder).glob("*.part"):  # of a writer that was killed before it began
            with contextlib.suppress(FileNotFoundError):
                if part.stat().st_mtime < time() - _OLD_PART:
                    part.unlink()
        found = (_take(path) for path in sorted(Path(folder).glob("*.journal")))
        return [journal for journal in found if journal]

    def _new_segment(self) -> _Segment:
        self._number += 1
        return _Segment(self.folder, f"{self.name}-{self._number}")

    def _turn_over(self) -> None:
        full, self._segment = self._segment, self._new_segment()
        self._segments.append(self._segment)
        self._tidy(full)

    def _tidy(self, segment: _Segment) -> None:
        if not segment.open_leases:
            self._segments.remove(segment)
            segment.remove()


class DeadJournal:
    """A journal left behind, in our hands."""

    def __init__(self, path: Path, fd: int) -> None:
        self.path, self._fd = path, fd
        self.is_complete = False
        self.leases: dict[str, Lease] = {}  # those not settled yet
        self._replay(path.read_bytes())

    def remove(self) -> None:
        """All it says is in the database."""
        self.path.unlink(missing_ok=True)
        self.release()

    def release(self) -> None:
        """Leave it for another time."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def _replay(self, content: bytes) -> None:
        # What a kill tore has no end, or a NUL before it: what it announced did not happen.
        written = content.partition(b"\0")[0].decode("utf-8", "replace")
        lines = [line.split("\t") for line in written.split("\n")[:-1]]
        # After a restart of the machine lines may be missing: what is there counts, silence proves nothing.
        boot = _boot_id()
        self.is_complete = bool(boot and lines and lines[0][:2] == ["J", boot])
        for line in lines:
            self._read(line)

    def _read(self, line: list[str]) -> None:
        match line:
            case ["C", lease]:
                self.leases.setdefault(lease, Lease())
            case ["B", lease, delivery]:
                self.leases.setdefault(lease, Lease()).begun.add(delivery)
            case ["A", lease, delivery, kind, code, reply]:
                self.leases.setdefault(lease, Lease()).answered[delivery] = Answer(kind, code, reply)
            case ["S", lease]:
                self.leases.pop(lease, None)


def _take(path: Path) -> DeadJournal | None:
    try:
        fd = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # Another process may have settled and removed it between our opening and locking.
        is_there = path.exists() and path.stat().st_ino == os.fstat(fd).st_ino
    except OSError:
        is_there = False
    if not is_there:
        os.close(fd)
        return None
    return DeadJournal(path, fd)


def _boot_id() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""
