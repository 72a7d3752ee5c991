"""Bytes of a mail as text, by the charset it claims if that is one of those that people use."""

from __future__ import annotations

import codecs

# Decoders that take time out of proportion (punycode, idna) or are none of text (zlib, hex) stay out.
_KNOWN = frozenset(
    [
        "utf-8", "us-ascii", "ascii", "utf-16", "utf-16-le", "utf-16-be", "koi8-r", "koi8-u", "gb2312", "gbk",
        "gb18030", "big5", "shift_jis", "euc-jp", "iso-2022-jp", "euc-kr", "mac-roman", "tis-620",
        *(f"iso-8859-{number}" for number in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 14, 15, 16)),
        *(f"windows-125{number}" for number in range(9)),
    ]
)  # fmt: skip
_SAME = {"utf8": "utf-8", "latin1": "iso-8859-1", "latin-1": "iso-8859-1", "macintosh": "mac-roman"}
_SAME |= {f"cp125{number}": f"windows-125{number}" for number in range(9)}
# What is called Latin-1 is windows-1252 in truth (WHATWG Encoding, 4.2).
_SAME |= dict.fromkeys(["iso-8859-1", "us-ascii", "ascii", "latin1", "latin-1"], "windows-1252")


def as_text(data: bytes, charset: str) -> str:
    name = charset.strip().strip("\"'").lower().replace("_", "-").replace("shift-jis", "shift_jis")
    name = _SAME.get(name, name)
    try:
        # Most who name nothing, or the wrong one, write UTF-8; nothing else is valid UTF-8 by chance.
        if name not in _KNOWN or name == "windows-1252":
            return data.decode("utf-8")
        return data.decode(name, "replace")
    except UnicodeDecodeError:
        return data.decode("windows-1252", "replace")


def warm_up() -> None:
    """A process that became nobody may not be allowed to load them any more."""
    for name in (*_KNOWN, "utf-8-sig"):
        codecs.lookup(name)
