"""What is inside a PDF, each stream unpacked for the scan: scanners look into few of them by themselves."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf

from overture.files.checks.found import TurnedDown
from overture.files.checks.objects import dictionaries_in, open_document
from overture.files.parts import write_part

# Bytes of streams that are scanned as one, and of all that is unpacked.
BUNDLE = 16 * 1024 * 1024
MOST = 150 * 1024 * 1024
# Samples of drawn pictures unpack to hundreds of times their size and run nowhere; so many are looked at.
MOST_SAMPLES = 32 * 1024 * 1024
DEEPEST = 4
_SEPARATOR = b"\n"


def unpack(source: Path, target: Path) -> None:
    """Writes each embedded file, then all other streams together, one behind the other (parts.py).

    Raises TurnedDown for what cannot be unpacked within limits.
    """
    try:
        with open_document(source) as pdf:
            unpack_document(pdf, target)
    except (pikepdf.PdfError, MemoryError) as error:
        raise TurnedDown("too_complex") from error


def unpack_document(pdf: pikepdf.Pdf, target: Path) -> None:
    with target.open("wb") as file:
        parts = _Parts(file)
        _unpack(pdf, parts, depth=0)
        parts.flush()


class _Parts:
    def __init__(self, target: Any) -> None:
        self.target, self.total, self.samples = target, 0, 0
        self.bundle = io.BytesIO()

    def alone(self, data: bytes) -> None:
        self._count(data)
        write_part(self.target, data)

    def together(self, data: bytes) -> None:
        self._count(data)
        if self.bundle.tell() + len(data) > BUNDLE:
            self.flush()
        self.bundle.write(data + _SEPARATOR)

    def flush(self) -> None:
        if self.bundle.tell():
            write_part(self.target, self.bundle.getvalue())
            self.bundle = io.BytesIO()

    def _count(self, data: bytes) -> None:
        self.total += len(data)
        if self.total > MOST:
            raise TurnedDown("too_complex")


def _unpack(pdf: pikepdf.Pdf, parts: _Parts, depth: int) -> None:
    if depth > DEEPEST:
        raise TurnedDown("too_complex")
    embedded = {each.objgen for thing in pdf.objects for each in _embedded(thing)}
    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Stream):
            _unpack_stream(thing, parts, depth, is_file=thing.objgen in embedded)


def _embedded(thing: pikepdf.Object) -> Iterator[Any]:
    """Streams that any dictionary names as an embedded file: also those of annotations, in no list."""
    is_stream = isinstance(thing, pikepdf.Stream)
    if is_stream and str(thing.get("/Type", "")) == "/EmbeddedFile":
        yield thing
    if is_stream or b"/EF" in thing.unparse(resolved=True):
        for each in dictionaries_in(thing):
            files = each.get("/EF")
            if isinstance(files, pikepdf.Dictionary):
                yield from (stream for _, stream in files.items() if isinstance(stream, pikepdf.Stream))


def _unpack_stream(stream: Any, parts: _Parts, depth: int, is_file: bool) -> None:
    is_picture = str(stream.get("/Subtype", "")) == "/Image"
    if is_picture and not is_file and parts.samples > MOST_SAMPLES:
        return
    data = _bytes_of(stream)
    parts.samples += len(data) if is_picture else 0
    if not is_file:
        parts.together(data)
        return
    parts.alone(data)
    if data[:1024].lstrip().startswith(b"%PDF"):
        _unpack_inner(data, parts, depth + 1)


def _unpack_inner(data: bytes, parts: _Parts, depth: int) -> None:
    try:
        with open_document(io.BytesIO(data)) as pdf:
            _unpack(pdf, parts, depth)
    except pikepdf.PdfError:
        return  # it only begins like one: what it holds was handed over whole


def _bytes_of(stream: Any) -> bytes:
    """Unpacked; as it stands where its packing is a picture's own, or is broken."""
    try:
        return bytes(stream.read_bytes(pikepdf.StreamDecodeLevel.specialized))
    except pikepdf.PdfError:
        return bytes(stream.read_raw_bytes())
