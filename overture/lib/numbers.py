"""Numbers in the text of a form."""

from __future__ import annotations

_LARGEST_PAGE = 200


def numbers_in(text: str) -> set[int]:
    """Of `12,34`: at most as many as a page has, of at most 18 digits; what is none is passed over."""
    parts = text.split(",")[:_LARGEST_PAGE]
    return {int(part) for part in parts if part.isascii() and part.isdigit() and len(part) < 19}
