"""Finds the partners that rows of a sheet may mean: by address, by name where there is none, by website."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from sys import intern
from typing import Any

from django.db import connection

from overture.lib.squash import squash
from overture.prospects.import_fields import ImportRow
from overture.prospects.import_targets import Person, Target

# Custom contacts of other workspaces and contacts of their private partners are not seen. A partner that the
# operator suspended is matched no more, but where it is a prospect already.
_SEEN = """(partner.workspace_id = %(workspace)s OR partner.workspace_id IS NULL AND (
    partner.standing = 'listed' OR EXISTS (SELECT FROM overture_prospect AS prospect
        WHERE prospect.partner_id = partner.id AND prospect.workspace_id = %(workspace)s)))"""
_ADDRESSES = f"""
SELECT contact.address_key, contact.partner_id, contact.workspace_id IS NOT NULL,
       contact.erased_at IS NOT NULL
FROM overture_contact AS contact JOIN overture_partner AS partner ON partner.id = contact.partner_id
WHERE contact.address_key = ANY(%(keys)s) AND contact.address_key <> ''
  AND {_SEEN}
  AND (contact.workspace_id = %(workspace)s OR contact.workspace_id IS NULL)
"""  # noqa: S608
_WEBSITES = f"""
SELECT website_key, id FROM overture_partner AS partner
WHERE website_key = ANY(%(keys)s) AND website_key <> '' AND {_SEEN}
"""  # noqa: S608
_NAMES = """
SELECT prospect.name, prospect.website, prospect.partner_id,
       array(SELECT concat_ws(' ', contact.first_name, contact.last_name) FROM overture_contact AS contact
             WHERE contact.partner_id = prospect.partner_id
               AND contact.workspace_id IS NOT DISTINCT FROM %(workspace)s)
FROM overture_prospect AS prospect
WHERE prospect.workspace_id = %(workspace)s
  AND prospect.plain_name IN (SELECT plain(name) FROM unnest(%(names)s::text[]) AS name)
"""
_TARGETS = """
SELECT partner.id, prospect.id, partner.website_key,
       coalesce(prospect.name, partner.name), coalesce(prospect.website, partner.website),
       coalesce(prospect.country, partner.country), coalesce(prospect.category, partner.category),
       coalesce(prospect.kind, partner.kind), coalesce(prospect.language, partner.language),
       CASE WHEN prospect.id IS NULL THEN partner.audience ELSE prospect.audience END
FROM overture_partner AS partner
LEFT JOIN overture_prospect AS prospect
  ON prospect.partner_id = partner.id AND prospect.workspace_id = %(workspace)s
WHERE partner.id = ANY(%(partners)s)
"""
# The workspace is compared in a form that no index answers: by partner there are few, by workspace 100,000.
_PEOPLE = """
SELECT partner_id, id, address_key, address, first_name, last_name FROM overture_contact
WHERE partner_id = ANY(%(partners)s) AND workspace_id IS NOT DISTINCT FROM %(workspace)s
  AND erased_at IS NULL ORDER BY id
"""
_GROUPS = """
SELECT link.prospect_id, plain(grp.name) FROM overture_prospect_groups AS link
JOIN overture_group AS grp ON grp.id = link.group_id WHERE link.prospect_id = ANY(%(prospects)s)
"""
_NOTES = "SELECT prospect_id, text FROM overture_note WHERE prospect_id = ANY(%(prospects)s)"


@dataclass(slots=True)
class Found:
    """What the database knows of some hundred rows."""

    # By address key: partners with a custom contact of ours, else with an account of this address.
    custom: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    account: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    erased: set[str] = field(default_factory=set)
    by_website: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    # By squashed name: website, names of contacts, partner.
    by_name: dict[str, list[tuple[str, set[str], int]]] = field(default_factory=lambda: defaultdict(list))

    def by_address(self, address_key: str) -> list[int]:
        return self.custom.get(address_key) or self.account.get(address_key) or []

    def by_person(self, row: ImportRow) -> list[int]:
        """For a row without address: who has the same name, website and contact, as a second import finds."""
        alike = [each for each in self.by_name.get(squash(row.company), ()) if each[0] == row.website]
        person = squash(f"{row.first_name} {row.last_name}")
        if person:
            return [partner for _, people, partner in alike if person in people]
        nameless = [partner for _, people, partner in alike if not people]
        return nameless or [partner for _, _, partner in alike]

    def partners(self) -> set[int]:
        found = {
            number for each in (self.custom, self.account) for numbers in each.values() for number in numbers
        }
        return found | {partner for alike in self.by_name.values() for _, _, partner in alike}


def find(workspace_id: int, rows: Iterable[ImportRow], keys: Iterable[str]) -> Found:
    """What may be meant by these rows, whose address keys are given; three queries."""
    found = Found()
    rows = list(rows)
    for key, partner, is_custom, is_erased in _all(_ADDRESSES, workspace=workspace_id, keys=list(keys)):
        if is_erased:
            found.erased.add(key)
        else:
            (found.custom if is_custom else found.account)[key].append(partner)
    websites = list({row.website_key for row in rows if row.website_key})
    for key, partner in _all(_WEBSITES, workspace=workspace_id, keys=websites):
        found.by_website[key].append(partner)
    names = list({row.company for row in rows if row.address is None})
    if names:
        for name, website, partner, people in _all(_NAMES, workspace=workspace_id, names=names):
            squashed = {squash(person) for person in people} - {""}
            found.by_name[squash(name)].append((website, squashed, partner))
    return found


def load(workspace_id: int, partners: Iterable[int]) -> dict[int, Target]:
    """The targets of these partners as the database has them, by partner; four queries."""
    targets: dict[int, Target] = {}
    numbers = list(partners)
    if not numbers:
        return targets
    for partner, prospect, key, *values in _all(_TARGETS, workspace=workspace_id, partners=numbers):
        targets[partner] = Target(partner, prospect, _shared(values), key, is_new=prospect is None)
    for partner, number, key, *person in _all(_PEOPLE, workspace=workspace_id, partners=numbers):
        targets[partner].people.append(Person(number, intern(key), *person))
    by_prospect = {target.prospect_id: target for target in targets.values() if target.prospect_id}
    prospects = list(by_prospect)
    for prospect, names in _gathered(_all(_GROUPS, prospects=prospects)).items():
        by_prospect[prospect].groups = tuple(_shared(names))
    for prospect, texts in _gathered(_all(_NOTES, prospects=prospects)).items():
        by_prospect[prospect].notes = tuple(texts)
    return targets


def _shared(values: list[Any]) -> list[Any]:
    """The same words stand in many rows: of a hundred thousand, one object each."""
    return [intern(value) if isinstance(value, str) else value for value in values]


def plain_names(names: Iterable[str]) -> dict[str, str]:
    """Names as the database compares them: without accents and capitals."""
    return dict(_all("SELECT name, plain(name) FROM unnest(%(names)s::text[]) AS name", names=list(names)))


def _gathered(pairs: Iterable[tuple[int, str]]) -> Mapping[int, list[str]]:
    gathered: dict[int, list[str]] = defaultdict(list)
    for key, value in pairs:
        gathered[key].append(value)
    return gathered


def _all(query: str, **parameters: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return list(cursor.fetchall())
