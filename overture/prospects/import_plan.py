"""Plans an import: goes through the rows once, and knows in the end what to make, change and refuse.

Nothing is written here, so a dry run is a plan and no more, and counts what the real one will.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from sys import intern

from django.conf import settings

from overture.lib import addresses
from overture.prospects import import_matching
from overture.prospects.import_fields import ImportRow, Problem, Refused
from overture.prospects.import_matching import Found
from overture.prospects.import_targets import Target, identity, new_target

MOST_NAMED = 5


@dataclass(slots=True)
class _Asked:
    """A row to plan, with the key of its address and the cells it was read from."""

    row: ImportRow
    key: str
    cells: tuple[str, ...]

    @property
    def identity(self) -> str:
        return identity(self.row, self.key)

    def refused(self, code: str, **params: str | int) -> Refused:
        return Refused(self.row.line, self.cells, (Problem(self.row.line, "", code, params=params),))


@dataclass(slots=True)
class Plan:
    """Rows read so far, by what becomes of them, and the prospects they lead to."""

    workspace_id: int
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    targets: list[Target] = field(default_factory=list)
    # Plain name to the name as first written, of groups that rows name.
    group_names: dict[str, str] = field(default_factory=dict)
    # None while a row with this identity waits.
    _by_identity: dict[str, Target | None] = field(default_factory=dict)
    _by_partner: dict[int, Target] = field(default_factory=dict)
    # How many different rows of the file have a website: shared by several, it tells nobody apart.
    _websites: dict[str, int] = field(default_factory=dict)
    _waiting: list[_Asked] = field(default_factory=list)
    _plain: dict[str, str] = field(default_factory=dict)

    def add(self, rows: Iterable[tuple[ImportRow, Sequence[str]]]) -> list[Refused]:
        """Plans some hundred rows, given with their cells; those that cannot be matched come back."""
        asked = [_Asked(row, _key(row), tuple(cells)) for row, cells in rows]
        found = self._find(asked)
        self._load(found.partners())
        self._learn_groups(asked)
        return [refused for each in asked if (refused := self._add(each, found))]

    def finish(self) -> list[Refused]:
        """Plans the rows that only a website may match, now that all rows are known."""
        refused = []
        for start in range(0, len(self._waiting), 1000):
            waiting = self._waiting[start : start + 1000]
            found = self._find(waiting)
            self._load(number for numbers in found.by_website.values() for number in numbers)
            refused += [each for asked in waiting if (each := self._add_by_website(asked, found))]
        self._waiting.clear()
        return refused

    def _add(self, asked: _Asked, found: Found) -> Refused | None:
        row, same = asked.row, asked.identity
        if same in self._by_identity:
            self._repeat(asked, self._by_identity[same])
            return None
        if row.website_key:
            self._websites[row.website_key] = self._websites.get(row.website_key, 0) + 1
        # `m•••@example.com` comes from our own pages, not from a person.
        if row.address and "•••" in row.address.local:
            return asked.refused("hidden_address")
        if asked.key in found.erased:
            return asked.refused("erased")
        partners = found.by_address(asked.key) if asked.key else found.by_person(row)
        if not partners and row.website_key in found.by_website:
            self._by_identity[same] = None
            self._waiting.append(asked)
            return None
        return self._settle(asked, partners)

    def _repeat(self, asked: _Asked, target: Target | None) -> None:
        if target is None:
            self._waiting.append(asked)
        else:
            self._take(target, asked)

    def _add_by_website(self, asked: _Asked, found: Found) -> Refused | None:
        target = self._by_identity.get(asked.identity)
        if target is not None:
            self._take(target, asked)
            return None
        website = asked.row.website_key or ""
        is_own = self._websites.get(website) == 1
        return self._settle(asked, found.by_website[website] if is_own else [])

    def _settle(self, asked: _Asked, partners: list[int]) -> Refused | None:
        numbers = sorted(set(partners))
        if len(numbers) > 1:
            names = ", ".join(f"{self._by_partner[each].name} ({each})" for each in numbers[:MOST_NAMED])
            return asked.refused("ambiguous", partners=names, count=len(numbers))
        target = self._by_partner[numbers[0]] if numbers else new_target()
        self._by_identity[asked.identity] = target
        self._take(target, asked)
        return None

    def _take(self, target: Target, asked: _Asked) -> None:
        is_first = not target.is_touched
        if is_first:
            self.targets.append(target)
        groups = tuple(dict.fromkeys(self._plain[name] for name in asked.row.groups))
        changed = target.take(asked.row, asked.key, groups)
        if is_first and target.is_new:
            self.created += 1
        elif changed:
            self.updated += 1
        else:
            self.unchanged += 1

    def _find(self, asked: list[_Asked]) -> Found:
        rows, keys = [each.row for each in asked], {each.key for each in asked if each.key}
        return import_matching.find(self.workspace_id, rows, keys)

    def _load(self, partners: Iterable[int]) -> None:
        unknown = {number for number in partners if number not in self._by_partner}
        self._by_partner |= import_matching.load(self.workspace_id, unknown)

    def _learn_groups(self, asked: list[_Asked]) -> None:
        unknown = {name: None for each in asked for name in each.row.groups if name not in self._plain}
        if unknown:
            plain = import_matching.plain_names(unknown)
            self._plain |= plain
            for name in unknown:
                self.group_names.setdefault(plain[name], name)


def _key(row: ImportRow) -> str:
    return intern(addresses.key(row.address, settings.ADDRESS_KEY)) if row.address else ""
