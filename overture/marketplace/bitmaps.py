"""Sets of partners as bits, one for each place: and, or, not and count cost microseconds at a million."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
# 64 places a number, the lowest bit first.
Bitmap = NDArray[np.uint64]
WORD = 64


def of_mask(mask: Array) -> Bitmap:
    """Of a truth value for each place; as long as a whole number of words."""
    whole = np.zeros(-(-len(mask) // WORD) * WORD // 8, np.uint8)
    packed = np.packbits(mask, bitorder="little")
    whole[: len(packed)] = packed
    return whole.view(np.uint64)


def of_places(places: Array, length: int) -> Bitmap:
    """`length`: how many places there are at all; places beyond it are left out, and so are negative ones."""
    mask = np.zeros(length, np.bool_)
    mask[places[(places >= 0) & (places < length)]] = True
    return of_mask(mask)


def places_of(bitmap: Bitmap) -> Array:
    """Ascending."""
    found: Array = np.flatnonzero(np.unpackbits(bitmap.view(np.uint8), bitorder="little").view(np.bool_))
    return found


def holds(bitmap: Bitmap, places: Array) -> Array:
    """For each place whether it is in."""
    found: Array = (bitmap[places >> 6] >> (places & 63).astype(np.uint64)) & np.uint64(1)
    return found.astype(np.bool_)


def count(bitmap: Bitmap) -> int:
    return int(np.bitwise_count(bitmap).sum(dtype=np.uint32))


def counts(rows: Iterable[Bitmap], bitmap: Bitmap) -> list[int]:
    """How many each row has in common with the bitmap. Few partners make for little work."""
    used = np.flatnonzero(bitmap)
    if len(used) * 8 < len(bitmap):
        few = bitmap[used]
        return [count(row[used] & few) for row in rows]
    both, bits = np.empty_like(bitmap), np.empty(len(bitmap), np.uint8)
    return [_in_common(row, bitmap, both, bits) for row in rows]


def _in_common(row: Bitmap, bitmap: Bitmap, both: Bitmap, bits: Array) -> int:
    """Into memory that is used again: to ask for it costs as much as to count."""
    np.bitwise_and(row, bitmap, out=both)
    np.bitwise_count(both, out=bits)
    return int(bits.sum(dtype=np.uint32))
