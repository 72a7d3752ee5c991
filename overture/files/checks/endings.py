"""Where a picture's format says it ends: what comes after is for another program to find (a polyglot)."""

from __future__ import annotations

from overture.files.checks.found import TurnedDown

# JPEG markers that stand alone, without a length.
_BARE = {0x01, *range(0xD0, 0xD8)}
_START_OF_SCAN, _END_OF_IMAGE = 0xDA, 0xD9


def end_of_png(data: bytes) -> int:
    at = 8
    while at + 12 <= len(data):
        length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        at += 12 + length
        if kind == b"IEND":
            return _within(at, data)
    raise TurnedDown("broken")


def end_of_jpeg(data: bytes) -> int:
    """The first picture's; phones put more of them behind it."""
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            raise TurnedDown("broken")
        marker = data[at + 1]
        if marker == _END_OF_IMAGE:
            return at + 2
        if marker == 0xFF:  # fill bytes
            at += 1
        elif marker in _BARE:
            at += 2
        else:
            at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
            if marker == _START_OF_SCAN:
                at = _end_of_scan(data, at)
    if data[-2:] == b"\xff\xd9":
        return len(data)
    raise TurnedDown("broken")


def _end_of_scan(data: bytes, at: int) -> int:
    """The next marker that is neither a stuffed byte nor a restart."""
    while (at := data.find(b"\xff", at)) != -1 and at + 1 < len(data):
        following = data[at + 1]
        if following == 0xFF:
            at += 1
        elif following == 0 or following in _BARE:
            at += 2
        else:
            return at
    raise TurnedDown("broken")


def end_of_gif(data: bytes) -> tuple[int, int]:
    """Where it ends, and how many frames there are."""
    if len(data) < 14:
        raise TurnedDown("broken")
    at = 13 + _colours(data[10])
    frames = 0
    while at < len(data):
        kind = data[at]
        if kind == 0x3B:
            return at + 1, frames
        if kind == 0x21:  # an extension: label, then blocks
            at = _after_blocks(data, at + 2)
        elif kind == 0x2C and at + 10 <= len(data):
            frames += 1
            at = _after_blocks(data, at + 11 + _colours(data[at + 9]))
        else:
            break
    raise TurnedDown("broken")


def _colours(flags: int) -> int:
    """Bytes of the table of colours that follows, when the flags say that one does."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _after_blocks(data: bytes, at: int) -> int:
    while at < len(data) and data[at]:
        at += 1 + data[at]
    return at + 1


def _within(at: int, data: bytes) -> int:
    if at > len(data):
        raise TurnedDown("broken")
    return at
