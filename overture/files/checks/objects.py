"""The objects of a PDF, opened within limits."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf

from overture.files.checks.found import TurnedDown

MOST_OBJECTS = 200_000
# How deep arrays and dictionaries are looked into that stand within one object.
DEEPEST = 60

logging.getLogger("pikepdf").setLevel(logging.CRITICAL)


def open_document(source: Path | Any) -> pikepdf.Pdf:
    """Raises TurnedDown for what is encrypted or has too many objects, else what pikepdf raises."""
    try:
        pdf = pikepdf.open(source)
    except pikepdf.PasswordError:
        raise TurnedDown("encrypted") from None
    if pdf.is_encrypted:
        raise TurnedDown("encrypted")
    # What it says first, which costs nothing; then what there is.
    if int(pdf.trailer.get("/Size", 0)) > MOST_OBJECTS or len(pdf.objects) > MOST_OBJECTS:
        raise TurnedDown("too_many_objects", most=MOST_OBJECTS)
    return pdf


def dictionaries_in(thing: Any, depth: int = 0) -> Iterator[Any]:
    """Those that stand in it directly; what is referred to is an object of its own."""
    if depth > DEEPEST:
        raise TurnedDown("too_deep")
    if is_dictionary(thing):
        found = dictionary_of(thing)
        yield found
        children: Any = [child for _, child in found.items()]
    elif isinstance(thing, pikepdf.Array):
        children = list(thing)
    else:
        return
    for child in children:
        if isinstance(child, pikepdf.Object) and not child.is_indirect:
            yield from dictionaries_in(child, depth + 1)


def is_dictionary(thing: Any) -> bool:
    return isinstance(thing, pikepdf.Dictionary | pikepdf.Stream)


def dictionary_of(thing: Any) -> Any:
    return thing.stream_dict if isinstance(thing, pikepdf.Stream) else thing
