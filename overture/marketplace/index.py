"""The index on this host: a folder for each version, a file that names the one in use, and who reads it now.

index/current             the name of the folder in use
index/2-20261126T2140/    an index of schema version 2: words, the tags beside them (tags.py), and `followed`:
                          how far both have read the database
index/building            how far a new one is, while one is made
"""

from __future__ import annotations

import json
import os
import threading
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings
from tantivy import Index, Searcher

from overture.lib.replace import replace_text
from overture.marketplace.schema import VERSION
from overture.marketplace.tags import Tags


class NoIndex(Exception):
    """There is no index of this version on this host yet."""


@dataclass(frozen=True)
class Followed:
    """How far an index has read: every change of a transaction before `xid`, in the database it is of."""

    database: str
    xid: int


@dataclass(frozen=True)
class Opened:
    """The index as it is now. `generation` is another number after every change."""

    searcher: Searcher
    tags: Tags
    generation: int


def home() -> Path:
    return Path(settings.OVERTURE_DATA) / "index"


def folder_in_use() -> Path:
    """Raises NoIndex; an index of another version is none."""
    try:
        name = (home() / "current").read_text().strip()
    except OSError:
        raise NoIndex from None
    folder = home() / name
    if not name.startswith(f"{VERSION}-") or not (folder / "meta.json").exists():
        raise NoIndex
    return folder


def put_in_use(folder: Path) -> None:
    replace_text(home() / "current", folder.name)


def read_followed(folder: Path) -> Followed | None:
    try:
        return Followed(**json.loads((folder / "followed").read_text()))
    except (OSError, ValueError, TypeError):
        return None


def write_followed(folder: Path, followed: Followed) -> None:
    replace_text(folder / "followed", json.dumps(asdict(followed)))


def percent_built() -> int | None:
    """How far a new index is; None where nobody makes one."""
    try:
        done, total, process = json.loads((home() / "building").read_text())
    except (OSError, ValueError):
        return None
    return min(99, done * 100 // max(total, 1)) if Path(f"/proc/{process}").exists() else None


def tell_built(done: int, total: int) -> None:
    replace_text(home() / "building", json.dumps([done, total, os.getpid()]), is_lasting=False)


def opened() -> Opened:
    """The index in use with its last commit; looking for a newer one is two calls of stat. Raises NoIndex."""
    return _reader.opened()


class _Reader:
    """Of this process; threads share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._folder: Path | None = None
        self._index: Index | None = None
        self._tags: Tags | None = None
        self._stamp: tuple[int, ...] = ()
        self._opened: Opened | None = None
        self._generation = 0

    def opened(self) -> Opened:
        stamp = self._stamp_now()
        if self._opened is None or stamp != self._stamp:
            with self._lock:
                if self._opened is None or stamp != self._stamp:
                    self._open(stamp)
        assert self._opened is not None
        return self._opened

    def _stamp_now(self) -> tuple[int, ...]:
        """Files are replaced, never written over: another file is another state."""
        try:
            pointer = os.stat(home() / "current")
            folder = self._folder if self._folder and self._stamp[:2] == _mark(pointer) else folder_in_use()
            self._folder = folder
            return (*_mark(pointer), *_mark(os.stat(folder / "meta.json")))
        except OSError:
            self._folder = None
            raise NoIndex from None

    def _open(self, stamp: tuple[int, ...]) -> None:
        assert self._folder is not None
        if self._index is None or self._tags is None or stamp[:2] != self._stamp[:2]:
            self._index = Index.open(str(self._folder))
            self._tags = Tags.open(self._folder)
        self._index.reload()
        self._tags = self._tags.now()
        self._generation += 1
        self._opened = Opened(self._index.searcher(), self._tags, self._generation)
        self._stamp = stamp


def _mark(status: os.stat_result) -> tuple[int, int]:
    return status.st_ino, status.st_mtime_ns


_reader = _Reader()
