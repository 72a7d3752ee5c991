"""Where bytes of files are kept, through Django's storage API: a folder outside the web root, or S3."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.utils import timezone

GIVEN, SERVED, PREVIEW = "given", "served", "preview"
# What is inside, unpacked for the first scan and gone after it.
PARTS = "parts"
KINDS = (GIVEN, SERVED, PREVIEW, PARTS)
_QUARANTINE = "quarantine/"


class LocalStorage(FileSystemStorage):
    """A folder. A file is there whole or not at all, also after the power failed."""

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        # The name says what is in it: the same name is the same content.
        return name

    def _save(self, name: str, content: File[Any]) -> str:
        target = Path(self.path(name))
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, part = tempfile.mkstemp(dir=target.parent, prefix=".part-")
        try:
            with os.fdopen(descriptor, "wb") as file:
                shutil.copyfileobj(content, file, 1 << 20)
                file.flush()
                os.fsync(file.fileno())
            Path(part).rename(target)
        except BaseException:
            Path(part).unlink(missing_ok=True)
            raise
        _sync_folder(target.parent)
        return name


def put(path: Path, sha256: str, kind: str) -> None:
    """Keeps a copy, unless it is kept already."""
    key = key_of(sha256, kind)
    if not _storage().exists(key):
        with path.open("rb") as file:
            _storage().save(key, File(file))


def open_kept(sha256: str, kind: str, *, is_blocked: bool = False) -> IO[bytes]:
    """Raises FileNotFoundError."""
    key = key_of(sha256, kind, is_blocked=is_blocked)
    file: Any = _storage().open(key, "rb")
    return file  # type: ignore[no-any-return]


def drop_parts(sha256: str) -> None:
    _storage().delete(key_of(sha256, PARTS))


def has(sha256: str, kind: str) -> bool:
    return _storage().exists(key_of(sha256, kind))


def block(sha256: str) -> None:
    """Moves everything there is of it into quarantine, where nothing reads; done twice it changes nothing."""
    storage = _storage()
    for kind in KINDS:
        here, there = key_of(sha256, kind), key_of(sha256, kind, is_blocked=True)
        if storage.exists(here):
            # Only what somebody may want to look into; a preview nobody does.
            if kind == GIVEN and not storage.exists(there):
                with storage.open(here, "rb") as file:
                    storage.save(there, file)
            storage.delete(here)


def delete(sha256: str) -> None:
    for kind in KINDS:
        for is_blocked in (False, True):
            _storage().delete(key_of(sha256, kind, is_blocked=is_blocked))


def kept_hashes() -> Iterator[set[str]]:
    """Of all there is outside quarantine, in portions."""
    storage = _storage()
    for first in storage.listdir("")[0] if storage.exists("") else ():
        if len(first) != 2:
            continue
        for second in storage.listdir(first)[0]:
            names = storage.listdir(f"{first}/{second}")[1]
            yield {name.partition(".")[0] for name in names if not name.startswith(".")}


def is_old(sha256: str, age: timedelta) -> bool:
    """Whether all that is kept of it has not changed for so long."""
    storage, since = _storage(), timezone.now() - age
    keys = [key for kind in KINDS if storage.exists(key := key_of(sha256, kind))]
    return all(storage.get_modified_time(key) < since for key in keys)


def key_of(sha256: str, kind: str, *, is_blocked: bool = False) -> str:
    """`ab/cd/abcd....given`: never anything that a person wrote."""
    return f"{_QUARANTINE if is_blocked else ''}{sha256[:2]}/{sha256[2:4]}/{sha256}.{kind}"


@contextmanager
def workplace() -> Iterator[Path]:
    """A folder for what is not kept yet; upkeep clears what a killed process left there."""
    incoming = incoming_folder()
    incoming.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=incoming) as folder:
        yield Path(folder)


def incoming_folder() -> Path:
    folder: Path = settings.OVERTURE_DATA / "incoming"
    return folder


def _storage() -> Storage:
    return storages["files"]


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
