"""Finds the partners of the directory that some hundred rows may mean; private ones are never seen here."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from overture.directory.targets import OF_PARTNER, Person, Target, target_of

# A merged partner is found by what it had, and leads to the one it became.
_NUMBERS = """
SELECT id, coalesce(merged_into_id, id) FROM overture_partner
WHERE id = ANY(%(numbers)s) AND workspace_id IS NULL
"""
_WEBSITES = """
SELECT website_key, coalesce(merged_into_id, id), merged_into_id IS NOT NULL FROM overture_partner
WHERE website_key = ANY(%(keys)s) AND website_key <> '' AND workspace_id IS NULL
"""
_ADDRESSES = """
SELECT contact.address_key, coalesce(partner.merged_into_id, partner.id), partner.merged_into_id IS NOT NULL,
       contact.erased_at IS NOT NULL
FROM overture_contact AS contact JOIN overture_partner AS partner ON partner.id = contact.partner_id
WHERE contact.address_key = ANY(%(keys)s) AND contact.address_key <> ''
  AND contact.workspace_id IS NULL AND partner.workspace_id IS NULL
"""
_NAMES = """
SELECT given.name, partner.website, partner.id
FROM unnest(%(names)s::text[]) AS given (name)
JOIN overture_partner AS partner ON plain(partner.name) = plain(given.name)
WHERE partner.workspace_id IS NULL AND partner.merged_into_id IS NULL
"""
_PARTNERS = f"""
SELECT id, {", ".join(OF_PARTNER)} FROM overture_partner
WHERE id = ANY(%(numbers)s) AND workspace_id IS NULL
"""  # noqa: S608
_JSON = frozenset({"audience_countries", "audience_ages", "channels"})
_PEOPLE = """
SELECT partner_id, id, address_key, first_name, last_name, title, address FROM overture_contact
WHERE partner_id = ANY(%(numbers)s) AND workspace_id IS NULL AND erased_at IS NULL ORDER BY id
"""


@dataclass(slots=True)
class Match:
    """Partners found by one thing; `through_merged` those that are met by what a merged one had."""

    partners: set[int] = field(default_factory=set)
    through_merged: set[int] = field(default_factory=set)

    def add(self, partner: int, is_merged: bool) -> None:
        self.partners.add(partner)
        if is_merged:
            self.through_merged.add(partner)


@dataclass(slots=True)
class Found:
    """What the directory knows of some hundred rows."""

    by_number: dict[int, int] = field(default_factory=dict)
    by_website: dict[str, Match] = field(default_factory=lambda: defaultdict(Match))
    by_address: dict[str, Match] = field(default_factory=lambda: defaultdict(Match))
    # By name as given, then by website.
    by_name: dict[tuple[str, str], Match] = field(default_factory=lambda: defaultdict(Match))
    erased: set[str] = field(default_factory=set)

    def partners(self) -> set[int]:
        numbers = set(self.by_number.values())
        for matches in (self.by_website, self.by_address, self.by_name):
            numbers |= {number for match in matches.values() for number in match.partners}
        return numbers


def find(
    numbers: Iterable[int], websites: Iterable[str], addresses: Iterable[str], names: Iterable[str]
) -> Found:
    """By account numbers, keys of websites, keys of addresses, and names; four queries."""
    found = Found(by_number=dict(_all(_NUMBERS, numbers=list(numbers))))
    for key, partner, is_merged in _all(_WEBSITES, keys=list(websites)):
        found.by_website[key].add(partner, is_merged)
    for key, partner, is_merged, is_erased in _all(_ADDRESSES, keys=list(addresses)):
        if is_erased:
            found.erased.add(key)
        else:
            found.by_address[key].add(partner, is_merged)
    for name, website, partner in _all(_NAMES, names=list(names)):
        found.by_name[name, website].add(partner, is_merged=False)
    return found


def load(numbers: Iterable[int]) -> dict[int, Target]:
    """The targets of these partners as the database has them, by number; two queries."""
    wanted = list(numbers)
    targets = {}
    for number, *values in _all(_PARTNERS, numbers=wanted):
        targets[number] = target_of(number, _read(values))
    for number, person, key, first_name, last_name, title, address in _all(_PEOPLE, numbers=list(targets)):
        said = {"first_name": first_name, "last_name": last_name, "title": title, "address": address}
        targets[number].people.append(Person(person, said, key))
    return targets


def _read(values: list[Any]) -> list[Any]:
    """Raw SQL brings JSON as text."""
    return [
        json.loads(value) if name in _JSON else value for name, value in zip(OF_PARTNER, values, strict=True)
    ]


def _all(query: str, **parameters: list[Any]) -> list[Any]:
    if not any(parameters.values()):
        return []
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return list(cursor.fetchall())
