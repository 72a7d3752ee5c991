"""One partner of the directory as an upsert will leave it: what it holds, and what was there before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from overture.directory.details import NAMES, OF_CONTACT, Details
from overture.lib import addresses, websites

# What is said of the partner itself, each in a column of this name.
OF_PARTNER = tuple(name for name in NAMES if name not in OF_CONTACT)
_NOTHING = Details()


@dataclass(slots=True)
class Person:
    """A contact of the partner's own account; `id` is empty until it is written."""

    id: int | None
    values: dict[str, str]
    address_key: str
    is_changed: bool = False


@dataclass(slots=True)
class Target:
    """A partner found or to be made. Several rows may lead to it: the first one decides."""

    # None until written.
    partner_id: int | None
    values: dict[str, Any]
    people: list[Person] = field(default_factory=list)
    # By name: what was there before.
    before: dict[str, Any] = field(default_factory=dict)
    is_new: bool = False
    is_touched: bool = False

    @property
    def name(self) -> str:
        return str(self.values["name"])

    @property
    def label(self) -> str:
        return f"{self.name} ({self.partner_id})" if self.partner_id else self.name

    @property
    def website_key(self) -> str:
        return websites.match_key(self.values["website"]) or ""

    @property
    def is_changed(self) -> bool:
        return self.is_new or bool(self.before)

    def take(self, details: Details, address_key: str, *, fills_only: bool) -> bool:
        """Takes in what a row says; whether that changed anything.

        `fills_only`: a row that only met this partner does not replace what another one said.
        """
        fills_only, self.is_touched = fills_only or self.is_touched, True
        changed = self._take_values(details, fills_only)
        return self._take_person(details, address_key, fills_only) or changed

    def _take_values(self, details: Details, fills_only: bool) -> bool:
        changed = False
        for name in OF_PARTNER:
            if name not in details.given:
                continue
            value, old = getattr(details, name), self.values[name]
            if value == old or (fills_only and (is_empty(value) or not is_empty(old))):
                continue
            if not self.is_new:
                self.before.setdefault(name, old)
            self.values[name] = value
            changed = True
        return changed

    def _take_person(self, details: Details, address_key: str, fills_only: bool) -> bool:
        said = {name: getattr(details, name) for name in OF_CONTACT if name in details.given}
        person = self._person(address_key)
        if person is None:
            if not any(said.values()):
                return False
            self.people.append(Person(None, _nobody() | said, address_key, is_changed=True))
            self._note("contact", "")
            return True
        new = {
            name: value
            for name, value in said.items()
            if value != person.values[name] and not (fills_only and person.values[name])
        }
        if not new:
            return False
        self._note("contact", person.values["address"])
        person.values |= new
        person.address_key = address_key if "address" in new else person.address_key
        person.is_changed = True
        return True

    def _person(self, address_key: str) -> Person | None:
        """Whom the row means: who has the address, else the account's first contact."""
        same = (person for person in self.people if address_key and person.address_key == address_key)
        return next(same, self.people[0] if self.people else None)

    def _note(self, name: str, old: str) -> None:
        if not self.is_new:
            self.before.setdefault(name, old)


def new_target() -> Target:
    return Target(None, {name: getattr(_NOTHING, name) for name in OF_PARTNER}, is_new=True)


def target_of(partner_id: int, values: Iterable[Any]) -> Target:
    """From the columns of OF_PARTNER, as the database has them."""
    read = dict(zip(OF_PARTNER, values, strict=True))
    for name, value in read.items():
        if isinstance(value, list):
            read[name] = tuple(value)
    return Target(partner_id, read)


def key_of(address: str) -> str:
    return addresses.key(addresses.parse(address), settings.ADDRESS_KEY) if address else ""


def is_empty(value: Any) -> bool:
    return value in ("", None, False) or value in ((), {})


def _nobody() -> dict[str, str]:
    return dict.fromkeys(OF_CONTACT, "")
