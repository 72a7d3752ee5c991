"""Files of a letter as MIME parts: encoded once for all recipients, as the bytes that end each message."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from urllib.parse import quote

from overture.compose import headers
from overture.compose.errors import HeaderError

# Neither quoted-printable nor base64 can contain "=_".
MIXED = "=_overture_mixed"
# What may stand in a parameter as it is (RFC 2231, 7); quote() never encodes letters, digits and "_.-~".
_PLAIN = "!#$&+^`|{}"
_ASCII_NAME = re.compile(r"[!#-\[\]-~](?:[ !#-\[\]-~]{0,58}[!#-\[\]-~])?")
_TYPE = re.compile(r"[a-z]+/[a-z0-9][a-z0-9.+-]{0,60}")
# Characters of a piece of a long name: with its parameter on a line of at most 76.
_PIECE = 54
_LINE = 57  # bytes of a file that one line of base64 holds
_PART_HEAD = 3_000  # its headers, with the longest name there is


class Attached(NamedTuple):
    """`type` is a media type, such as application/pdf; of `name` any text survives that shows no control."""

    name: str
    type: str
    data: bytes


def size_of(sizes: Iterable[int]) -> int:
    """Bytes that files of so many bytes add to a message, or a little more: base64 takes 78 for 57."""
    return sum(-(-size // _LINE) * 78 + _PART_HEAD for size in sizes)


def parts(files: Iterable[Attached]) -> bytes:
    """Begins at a line's start with the first boundary, ends with the last. Raises HeaderError."""
    return b"".join([*(piece for file in files for piece in _part(file)), f"--{MIXED}--\r\n".encode()])


def _part(file: Attached) -> Iterator[bytes]:
    if not _TYPE.fullmatch(file.type):
        raise HeaderError("not a media type")
    disposition = ";\r\n ".join(["attachment", *_name(headers.refuse_unsafe(file.name))])
    yield (
        f"--{MIXED}\r\nContent-Type: {file.type}\r\nContent-Disposition: {disposition}\r\n"
        "Content-Transfer-Encoding: base64\r\n\r\n"
    ).encode("ascii")
    yield base64.encodebytes(file.data).replace(b"\n", b"\r\n")


def _name(name: str) -> Iterator[str]:
    """Parameters that carry it: plain where it is, else encoded and in pieces (RFC 2231, 3 and 4)."""
    if _ASCII_NAME.fullmatch(name):
        yield f'filename="{name}"'
        return
    encoded = quote(name, safe=_PLAIN)
    pieces = re.findall(rf"(?:%[0-9A-F]{{2}}|[^%]){{1,{_PIECE // 3}}}", encoded)
    if len(pieces) == 1:
        yield f"filename*=UTF-8''{encoded}"
        return
    for number, piece in enumerate(pieces):
        yield f"filename*{number}*={piece}" if number else f"filename*0*=UTF-8''{piece}"
