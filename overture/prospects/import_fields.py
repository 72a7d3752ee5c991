"""What a row of an imported sheet holds once it is read, and what can be wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from overture.lib.addresses import Address

Field = Literal[
    "company",
    "first_name",
    "last_name",
    "full_name",
    "address",
    "website",
    "country",
    "kind",
    "category",
    "groups",
    "audience",
    "language",
    "notes",
    # Of the directory alone.
    "mpid",
    "title",
    "languages",
    "about",
    "topics",
    "methods",
    "business_model",
    "audience_countries",
    "audience_ages",
    "channels",
    "active_on",
    "has_messaging",
]
PROSPECT_FIELDS: tuple[Field, ...] = (
    "company", "first_name", "last_name", "full_name", "address", "website", "country", "kind", "category",
    "groups", "audience", "language", "notes",
)  # fmt: skip
DIRECTORY_FIELDS: tuple[Field, ...] = (
    "mpid", "company", "kind", "website", "country", "category", "languages", "audience", "about", "topics",
    "methods", "business_model", "audience_countries", "audience_ages", "channels", "active_on",
    "has_messaging", "first_name", "last_name", "full_name", "title", "address",
)  # fmt: skip

# In characters, as long as the columns they go into.
LONGEST: dict[Field, int] = {
    "company": 200,
    "first_name": 100,
    "last_name": 100,
    "full_name": 200,
    "website": 300,
    "category": 80,
    "groups": 80,
    "notes": 10_000,
}
MOST_GROUPS = 50
LARGEST_AUDIENCE = 10**12


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row is refused. `column` is the heading as the sheet has it, empty where no column is meant.

    Codes, beside those of directory.reading and directory.plan: no_name, invalid_address, invalid_website,
    unknown_country, unknown_kind, unknown_language, invalid_number, number_too_large, too_long,
    too_many_groups, formula; and of the file itself undecodable, nul, cell_too_long, too_many_cells,
    too_few_cells, unclosed_quote, text_after_quote, line_too_long.
    """

    line: int
    column: str
    code: str
    # As written, cut to 80 characters.
    value: str = ""
    params: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ImportRow:
    """A row read: empty texts, None and no groups stand for cells that say nothing."""

    line: int
    # The prospect's name, never empty: the company, else the website's host, else the person.
    company: str
    first_name: str
    last_name: str
    address: Address | None
    # With scheme; `website_key` is what partners are recognised by, None where it tells nobody apart.
    website: str
    website_key: str | None
    country: str
    kind: Literal["", "partner", "creator"]
    category: str
    groups: tuple[str, ...]
    audience: int | None
    language: str
    notes: str


@dataclass(frozen=True, slots=True)
class Refused:
    line: int
    # As read, for a file to mend and send in again.
    cells: tuple[str, ...]
    problems: tuple[Problem, ...]
