"""The file of an import as it is kept, and what its columns mean."""

from __future__ import annotations

import tempfile
import zlib
from itertools import islice
from typing import BinaryIO

from overture.lib.csv_in import read_table
from overture.prospects.import_fields import DIRECTORY_FIELDS, PROSPECT_FIELDS, Field
from overture.prospects.import_headings import Mapping, MappingError, guess_mapping
from overture.prospects.models import Import

_BLOCK = 1 << 20


def compressed(file: BinaryIO) -> bytes:
    file.seek(0)
    squeeze = zlib.compressobj(6)
    parts = [squeeze.compress(block) for block in iter(lambda: file.read(_BLOCK), b"")]
    return b"".join(parts) + squeeze.flush()


def opened(imported: Import) -> BinaryIO:
    """The file as it was sent in, on disk: a hundred megabytes need no memory."""
    file = tempfile.TemporaryFile()  # noqa: SIM115
    squeezed, expand = memoryview(imported.content), zlib.decompressobj()
    for start in range(0, len(squeezed), _BLOCK):
        file.write(expand.decompress(squeezed[start : start + _BLOCK]))
    file.write(expand.flush())
    file.seek(0)
    return file


def samples(imported: Import, count: int = 3) -> list[list[str]]:
    """The first rows as the file has them, for the mapping step."""
    with opened(imported) as file:
        return [row.cells for row in islice(read_table(file).rows, count)]


def chosen_mapping(columns: list[str], chosen: dict[str, str], into: str = Import.Into.PROSPECTS) -> Mapping:
    """The guess with what was chosen: heading or number of a column (from 0) to field, or to nothing.

    Raises MappingError. A field chosen for one column is taken from the others.
    """
    guess = guess_mapping(columns, is_directory=into == Import.Into.DIRECTORY)
    fields = list(guess.fields)
    decided = {_column(columns, key): _field(name, into) for key, name in chosen.items()}
    for field in decided.values():
        fields = [None if field and each == field else each for each in fields]
    for column, field in decided.items():
        fields[column] = None if field in fields[:column] else field
    unsure = tuple(
        doubt
        for doubt in guess.unsure
        if doubt.column not in decided and (doubt.field is None or doubt.field not in decided.values())
    )
    return Mapping(guess.columns, tuple(fields), unsure)


def kept(meant: Mapping) -> dict[str, str]:
    """As it stands on the import's row."""
    return {str(column): field for column, field in enumerate(meant.fields) if field}


def mapping_of(imported: Import) -> Mapping:
    """What its columns are taken for, with the doubts that a person should look at."""
    guess = guess_mapping(imported.columns, is_directory=imported.into == Import.Into.DIRECTORY)
    meant = [imported.mapping.get(str(column), "") for column in range(len(imported.columns))]
    fields = tuple(_field(name, imported.into) for name in meant)
    unsure = tuple(doubt for doubt in guess.unsure if fields[doubt.column] is None)
    return Mapping(guess.columns, fields, unsure)


def _column(columns: list[str], key: str) -> int:
    if key in columns:
        return columns.index(key)
    if key.isascii() and key.isdecimal() and int(key[:9]) < len(columns):
        return int(key[:9])
    raise MappingError("unknown_column", key)


def fields_of(into: str) -> tuple[Field, ...]:
    """What the columns of such an import can mean."""
    return DIRECTORY_FIELDS if into == Import.Into.DIRECTORY else PROSPECT_FIELDS


def _field(name: str, into: str) -> Field | None:
    found: Field | None = next((each for each in fields_of(into) if each == name), None)
    if name and found is None:
        raise MappingError("unknown_field", name)
    return found
