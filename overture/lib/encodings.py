"""Which encoding a text file was exported in: the byte order mark says it, else the bytes do."""

from __future__ import annotations

import codecs
import re
from typing import BinaryIO

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHUNK = 1 << 18
_BEYOND_ASCII = re.compile("[^\x00-\x7f\ufffd]")


def detect(file: BinaryIO) -> str:
    """The Python name of the encoding: utf-8, utf-8-sig, utf-16, utf-16-le, utf-16-be or cp1252.

    Reads the whole file where it has to, and leaves it at its beginning.
    """
    file.seek(0)
    head = file.read(4096)
    try:
        return _marked(head) or _sixteen_bits(head) or _eight_bits(file)
    finally:
        file.seek(0)


def _marked(head: bytes) -> str | None:
    return next((name for mark, name in _MARKS if head.startswith(mark)), None)


def _sixteen_bits(head: bytes) -> str | None:
    """UTF-16 without its mark: in Western text every other byte is NUL."""
    pairs = len(head) // 2
    first, second = head[0 : pairs * 2 : 2].count(0), head[1 : pairs * 2 : 2].count(0)
    if second * 2 > pairs and first * 10 < pairs:
        return "utf-16-le"
    if first * 2 > pairs and second * 10 < pairs:
        return "utf-16-be"
    return None


def _eight_bits(file: BinaryIO) -> str:
    """UTF-8 where that reads more letters than it fails on: one stray byte does not make a file cp1252."""
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    good = bad = 0
    while chunk := file.read(_CHUNK):
        text = decoder.decode(chunk)
        if not text.isascii():
            bad += text.count("\ufffd")
            good += len(_BEYOND_ASCII.findall(text))
    return "utf-8" if bad == 0 or good > bad else "cp1252"
