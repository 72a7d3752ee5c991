"""Quoted-printable (RFC 2045, 6.7) in pieces that can be encoded apart and joined.

Every value starts on a line of its own and ends with a soft line break, so no constant piece has to
know how long a value is. No line begins with a dot, so SMTP has none to stuff.
"""

import re
from functools import lru_cache

_LINE = 75  # and one for the `=` of a soft line break
_TOKENS = [
    chr(byte) if (33 <= byte <= 126 or byte == 32) and byte != 61 else f"={byte:02X}" for byte in range(256)
]
_FIRST = {".": "=2E"}  # of a line
AFTER_VALUE = "=\r\n"
_VALUE = r"[!#-%(-\-/-;?-~][ !#-%(-;?-~]{0,74}"
# Values, one a line and none blank, that stand for themselves both here and in HTML.
are_usual = re.compile(rf"{_VALUE}(?:\n{_VALUE})*").fullmatch
# Stands for itself, as one line.
_is_plain = re.compile(r"(?!\.)[ -<>-~]{0,75}").fullmatch


def constant(text: str, *, ends_before_value: bool) -> str:
    """A constant piece that begins at a line's start; `text` has \\n as line ends."""
    *lines, last = text.split("\n")
    ended = "".join(f"{_line(line, is_ended=True)}\r\n" for line in lines)
    if not last or not ends_before_value:
        return ended + _line(last, is_ended=True)
    return f"{ended}{_line(last, is_ended=False)}=\r\n"


# The same values stand in text and HTML, and the date in every letter.
@lru_cache(maxsize=64)
def value(text: str) -> str:
    """A value without line ends, from a line's start to where AFTER_VALUE follows."""
    return text if _is_plain(text) else _line(text, is_ended=False)


def _line(text: str, *, is_ended: bool) -> str:
    """One logical line in physical ones of at most 75 characters; white space at a hard end is encoded."""
    ending = ""
    if is_ended and text.endswith((" ", "\t")):
        text, ending = text[:-1], f"={ord(text[-1]):02X}"
    if _is_plain(text) and len(text) + len(ending) <= _LINE:
        return text + ending
    tokens = [_TOKENS[byte] for byte in text.encode()]
    if ending:
        tokens.append(ending)
    return _broken(tokens)


def _broken(tokens: list[str]) -> str:
    lines: list[str] = []
    line: list[str] = []
    length = 0
    for token in tokens:
        if length + len(token) > _LINE:
            lines.append("".join(line))
            line, length = [], 0
        line.append(token if line else _FIRST.get(token, token))
        length += len(line[-1])
    return "=\r\n".join([*lines, "".join(line)])
