"""One prospect as an import will leave it: what it holds, what a row adds, and what it was before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from sys import intern
from typing import Any

from overture.lib.squash import squash
from overture.prospects.import_fields import ImportRow

# Columns of a prospect that a sheet can fill, in this order wherever values stand in a list.
VALUES = ("name", "website", "country", "category", "kind", "language", "audience")


@dataclass(slots=True)
class Person:
    """A custom contact, found or to be made (`id` empty)."""

    id: int | None
    address_key: str
    address: str
    first_name: str
    last_name: str
    was: tuple[str, str] | None = None
    is_touched: bool = False

    @property
    def squashed_name(self) -> str:
        return squash(f"{self.first_name} {self.last_name}")


@dataclass(slots=True)
class Target:
    """A prospect found or to be made. Several rows of a file may lead to it: the first one decides."""

    # None until written.
    partner_id: int | None
    prospect_id: int | None
    values: list[Any]
    website_key: str = ""
    people: list[Person] = field(default_factory=list)
    # Groups by their plain names, texts of notes.
    groups: Iterable[str] = ()
    notes: Iterable[str] = ()
    before: dict[str, Any] | None = None
    new_groups: tuple[str, ...] = ()
    new_notes: tuple[str, ...] = ()
    is_new: bool = False
    has_new_partner: bool = False
    is_touched: bool = False

    @property
    def name(self) -> str:
        return str(self.values[0])

    @property
    def is_changed(self) -> bool:
        return bool(
            self.is_new
            or self.before
            or self.new_groups
            or self.new_notes
            or any(True for _ in self.new_people())
            or any(person.was for person in self.people)
        )

    def new_people(self) -> Iterator[Person]:
        return (person for person in self.people if person.id is None)

    def take(self, row: ImportRow, address_key: str, groups: tuple[str, ...]) -> bool:
        """Takes a row in; whether that changed anything.

        The first row of the file decides. A later one fills what is empty, and where it names another
        company only adds its groups and notes: two companies made into one would be a guess.
        """
        is_first, self.is_touched = not self.is_touched, True
        is_same = is_first or squash(row.company) == squash(self.name)
        changed = self._take_groups(groups) | self._take_note(row.notes)
        if is_same:
            changed |= self._take_values(row, may_replace=is_first)
        return self._take_person(row, address_key, is_same=is_same) or changed

    def _take_values(self, row: ImportRow, *, may_replace: bool) -> bool:
        given = (row.company, row.website, row.country, row.category, row.kind, row.language, row.audience)
        changed = False
        for place, value in enumerate(given):
            old = self.values[place]
            if value in ("", None) or value == old or (old not in ("", None) and not may_replace):
                continue
            if not self.is_new:
                self.before = {VALUES[place]: old} | (self.before or {})
            self.values[place] = intern(value) if isinstance(value, str) else value
            changed = True
            if place == 1:
                self.website_key = row.website_key or ""
        return changed

    def _take_groups(self, groups: tuple[str, ...]) -> bool:
        new = tuple(name for name in groups if name not in self.groups and name not in self.new_groups)
        self.new_groups += new
        return bool(new)

    def _take_note(self, text: str) -> bool:
        if not text or text in self.notes or text in self.new_notes:
            return False
        self.new_notes += (text,)
        return True

    def _take_person(self, row: ImportRow, address_key: str, *, is_same: bool) -> bool:
        """The contact of the row. One met in this file before only gets what it lacks, from its company."""
        if not address_key and not (row.first_name or row.last_name):
            return False
        person = self._person(row, address_key)
        if person is None:
            address = str(row.address or "")
            self.people.append(
                Person(None, address_key, address, row.first_name, row.last_name, is_touched=True)
            )
            return True
        is_first, person.is_touched = not person.is_touched, True
        if not is_first and not is_same:
            return False
        names = (row.first_name, row.last_name)
        had = (person.first_name, person.last_name)
        kept = tuple(
            new if new and (is_first or not old) else old for new, old in zip(names, had, strict=True)
        )
        if kept == had:
            return False
        person.first_name, person.last_name = kept
        if person.id is not None:
            person.was = person.was or had
        return True

    def _person(self, row: ImportRow, address_key: str) -> Person | None:
        if address_key:
            return next((person for person in self.people if person.address_key == address_key), None)
        name = squash(f"{row.first_name} {row.last_name}")
        return next((person for person in self.people if person.squashed_name == name), None)


def new_target() -> Target:
    """A private partner that no row or partner was before, still without the row's values."""
    values = ["", "", "", "", "partner", "", None]
    return Target(None, None, values, is_new=True, has_new_partner=True)


def identity(row: ImportRow, address_key: str) -> str:
    """What two rows of a file must have in common to be one: the address, else all that names somebody."""
    if address_key:
        return address_key
    parts = (squash(row.company), squash(f"{row.first_name} {row.last_name}"), row.website)
    return "\t".join(parts)
