"""Hands out a file with every defence there is; whether this person may have it, the caller has found out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from overture.files.errors import NotClean
from overture.files.models import Attachment
from overture.files.names import disposition
from overture.files.open import open_clean, open_preview
from overture.files.wording import closed_words

_CHUNK = 1 << 16
# A file may hold anything: whatever a browser takes it for, it runs, frames and loads nothing, and no other
# site, cache or later user of the same browser gets at it.
DEFENCES = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cache-Control": "private, no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
}


def answer_with(attachment: Attachment, is_preview: bool = False) -> HttpResponseBase:
    """Only a preview, a picture that we drew, is shown in place; what is not clean answers 409 with words."""
    try:
        opened = open_preview(attachment) if is_preview else open_clean(attachment)
    except NotClean as error:
        if error.state in {"gone", "none"}:
            raise Http404 from error
        return HttpResponse(closed_words(error.state), status=409, content_type="text/plain; charset=utf-8")
    answer = StreamingHttpResponse(_Chunks(opened.stream), content_type=opened.type)
    for name, value in DEFENCES.items():
        answer.headers[name] = value
    answer.headers["Content-Disposition"] = "inline" if is_preview else disposition(opened.name)
    if opened.size is not None:
        answer.headers["Content-Length"] = str(opened.size)
    return answer


class _Chunks:
    """Closes the file at its end, and when the answer is closed before that or never read."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        with self._stream:
            while chunk := self._stream.read(_CHUNK):
                yield chunk

    def close(self) -> None:
        self._stream.close()
