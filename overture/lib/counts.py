"""Counts as people write them: 24 702, 95,724, 1.248.026, 12k, 1,2 M."""

from __future__ import annotations

import re

# Groups of three parted by one kind of sign: 24 702, 95,724, 1.248.026, 1'248'026; decimals only if zero.
_WHOLE = re.compile(
    r"([0-9]{1,3})((?P<sign>[ ,.'])[0-9]{3}(?:(?P=sign)[0-9]{3})*)?(?:(?!(?P=sign))[,.]0{1,2})?"
)
_PLAIN = re.compile(r"([0-9]+)(?:[,.]0{1,2})?")
_SHORT = re.compile(r"([0-9]{1,4})(?:[,.]([0-9]{1,2}))? ?(k|m|mio)", re.IGNORECASE)
_THOUSANDS = {"k": 1_000, "m": 1_000_000, "mio": 1_000_000}
_LONGEST = 30


def read_count(text: str) -> int | None:
    """The whole number; None for what is none or could be two (1.234k)."""
    text = text.strip().replace("\u00a0", " ").replace("\u202f", " ").replace("’", "'")
    if len(text) > _LONGEST:
        return None
    if match := _PLAIN.fullmatch(text):
        return int(match[1])
    if match := _WHOLE.fullmatch(text):
        return int(match[1] + re.sub(r"[^0-9]", "", match[2] or ""))
    if match := _SHORT.fullmatch(text):
        tenths = (match[2] or "0").ljust(2, "0")
        return int(match[1] + tenths) * _THOUSANDS[match[3].lower()] // 100
    return None
