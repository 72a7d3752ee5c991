"""Opens a file that was found clean; nothing else is ever opened. Who may, the caller has found out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO

from overture.files import store
from overture.files.errors import NotClean
from overture.files.models import Attachment, FileType, State
from overture.files.names import MEDIA_TYPES

PREVIEW_TYPE = "image/webp"


@dataclass(frozen=True, slots=True)
class OpenedFile:
    # Closed by whoever read it.
    stream: IO[bytes]
    # A media type, such as "text/csv".
    type: str
    name: str
    size: int | None


def open_clean(attachment: Attachment) -> OpenedFile:
    """What is handed out: of pictures and PDFs, the copy made anew. Raises NotClean."""
    state = _state_now(attachment)
    if state != State.CLEAN:
        raise NotClean(state)
    stored = attachment.stored
    kind = store.GIVEN if stored.type == FileType.CSV else store.SERVED
    stream = _opened(stored.sha256, kind)
    return OpenedFile(stream, MEDIA_TYPES[FileType(stored.type)], attachment.name, stored.size)


def open_preview(attachment: Attachment) -> OpenedFile:
    """A small picture of it. Raises NotClean, with the state `none` where it has no preview."""
    state = _state_now(attachment)
    if state != State.CLEAN:
        raise NotClean(state)
    if not attachment.stored.has_preview:
        raise NotClean("none")
    stream = _opened(attachment.stored.sha256, store.PREVIEW)
    return OpenedFile(stream, PREVIEW_TYPE, f"{attachment.name}.webp", None)


def _state_now(attachment: Attachment) -> str:
    """Read again: signatures of a minute ago may have found something in it."""
    attachment.stored.refresh_from_db(fields=["state"])
    return str(attachment.stored.state)


def _opened(sha256: str, kind: str) -> IO[bytes]:
    try:
        return store.open_kept(sha256, kind)
    except FileNotFoundError:
        raise NotClean("gone") from None
