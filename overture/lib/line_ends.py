"""Line ends as Internet messages have them (RFC 5322, 2.1): CR and LF, and neither alone."""

import re

_LINE_END = re.compile(rb"\r\n|\r|\n")


def with_crlf(data: bytes) -> bytes:
    """The same bytes with every line end as CRLF."""
    pairs = data.count(b"\r\n")
    if pairs == data.count(b"\n") == data.count(b"\r"):
        return data
    return _LINE_END.sub(b"\r\n", data)
