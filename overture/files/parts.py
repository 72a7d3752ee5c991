"""Pieces of bytes, one behind the other in a file, each after its length."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

_LENGTH = 8


def write_part(target: IO[bytes], data: bytes) -> None:
    target.write(len(data).to_bytes(_LENGTH, "big") + data)


def parts_in(source: IO[bytes]) -> Iterator[Part]:
    """Each has to be read to its end before the next. Raises EOFError for a file that is cut short."""
    while length := source.read(_LENGTH):
        part = Part(source, int.from_bytes(length, "big"))
        yield part
        while part.read(1 << 20):
            pass


class Part:
    """Reads like a file that holds the piece alone."""

    def __init__(self, source: IO[bytes], length: int) -> None:
        self._source, self._left = source, length

    def read(self, size: int) -> bytes:
        data = self._source.read(min(size, self._left))
        if self._left and not data:
            raise EOFError("a part is cut short")
        self._left -= len(data)
        return data
