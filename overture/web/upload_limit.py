"""Refuses a request that is larger than anything that could be taken in, before a byte of it is written."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

# For the fields beside the files.
_ROOM = 5 * 1024**2


class LimitedUpload(FileUploadHandler):
    """The first of the handlers; what it lets pass, the others write."""

    def handle_raw_input(  # type: ignore[override]  # Django passes bytes
        self,
        input_data: Any,
        META: dict[str, Any],  # Django's name
        content_length: int,
        boundary: bytes,
        encoding: str | None = None,
    ) -> None:
        if content_length > _most():
            raise RequestDataTooBig(f"{content_length} bytes are more than any form takes")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


def _most() -> int:
    files = settings.OVERTURE_FILES_PER_MESSAGE * settings.OVERTURE_FILE_LIMIT_MB * 1024**2
    return int(max(files, settings.OVERTURE_IMPORT_BYTES)) + _ROOM
