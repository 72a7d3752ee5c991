"""Writes a planned import: in the caller's transaction, each kind of row in one statement a slice."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from overture.prospects import search
from overture.prospects.import_plan import Plan
from overture.prospects.import_targets import VALUES, Target
from overture.prospects.models import Group, Import

SLICE = 2_000
_COLUMNS = "name, website, country, category, kind, language, audience"
_CHANGED = f"""
UPDATE overture_prospect AS prospect SET ({_COLUMNS}) =
    (given.name, given.website, given.country, given.category, given.kind, given.language, given.audience)
FROM import_given AS given WHERE given.id = prospect.id
"""  # noqa: S608
# A private partner is what its workspace says it is; a listed one is never edited by an import.
_FOLLOW = f"""
UPDATE overture_partner AS partner SET ({_COLUMNS}, website_key) =
    (given.name, given.website, given.country, given.category, given.kind, given.language, given.audience,
     given.website_key)
FROM import_given AS given WHERE given.partner_id = partner.id AND partner.workspace_id = %s
"""  # noqa: S608
_TABLES = f"""
CREATE TEMPORARY TABLE import_given AS
SELECT id, partner_id, ''::varchar AS website_key, {_COLUMNS} FROM overture_prospect WHERE false;
CREATE TEMPORARY TABLE import_new AS
SELECT id, workspace_id, partner_id, stage, {_COLUMNS}, created_at, active_at
FROM overture_prospect WHERE false
"""  # noqa: S608
_NEW = f"""
INSERT INTO overture_prospect
    (id, workspace_id, partner_id, stage, {_COLUMNS}, created_at, active_at, search_text)
SELECT prospect.*, {search.WORDS} FROM import_new AS prospect
"""  # noqa: S608


@dataclass(slots=True)
class _Slice:
    """Rows gathered from some targets, to be copied in."""

    partners: list[Sequence[Any]]
    prospects: list[Sequence[Any]]
    contacts: list[Sequence[Any]]
    links: list[Sequence[Any]]
    notes: list[Sequence[Any]]
    changes: list[Sequence[Any]]


def write(imported: Import, plan: Plan, tell: Callable[[int], None]) -> None:
    """Makes and changes what the plan says; `tell` hears how many prospects are written."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
    groups = _make_groups(imported.workspace_id, plan)
    changed = [target for target in plan.targets if target.is_changed]
    # New ones first: rows that others may be waiting for are held for the shortest time.
    changed.sort(key=lambda target: not target.is_new)
    for start in range(0, len(changed), SLICE):
        part = changed[start : start + SLICE]
        _write_slice(imported, part, groups)
        tell(start + len(part))
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE import_given, import_new")


def _write_slice(imported: Import, targets: list[Target], groups: dict[str, int]) -> None:
    old = [target for target in targets if target.before]
    _change_values(imported.workspace_id, old)
    _change_people(targets)
    _number(targets)
    _copy_all(_gather(imported, targets, groups))
    search.refresh(target.prospect_id for target in targets if target.prospect_id and not target.is_new)


def _number(targets: list[Target]) -> None:
    """Ids are taken beforehand, so that the rows that refer to each other can be copied in."""
    without_partner = [target for target in targets if target.has_new_partner]
    for target, number in zip(without_partner, _take("overture_partner", len(without_partner)), strict=True):
        target.partner_id = number
    new = [target for target in targets if target.is_new]
    for target, number in zip(new, _take("overture_prospect", len(new)), strict=True):
        target.prospect_id = number


def _gather(imported: Import, targets: list[Target], groups: dict[str, int]) -> _Slice:
    now, workspace = timezone.now(), imported.workspace_id
    people = [person for target in targets for person in target.new_people()]
    numbers = iter(_take("overture_contact", len(people)))
    found = _Slice([], [], [], [], [], [])
    note_numbers = iter(_take("overture_note", sum(len(target.new_notes) for target in targets)))
    for target in targets:
        if target.is_new:
            _add_new(found, target, workspace, now)
        added: dict[str, Any] = {
            "groups": [groups[name] for name in target.new_groups],
            "contacts": [],
            "notes": [],
        }
        for person in list(target.new_people()):
            person.id = next(numbers)
            added["contacts"].append(person.id)
            found.contacts.append(
                (person.id, target.partner_id, workspace, person.first_name, person.last_name, "",
                 person.address, person.address_key, now)
            )  # fmt: skip
        found.links += [(target.prospect_id, number) for number in added["groups"]]
        for text in target.new_notes:
            added["notes"].append(number := next(note_numbers))
            found.notes.append((number, workspace, target.prospect_id, imported.run.member_id, text, now))
        if not target.is_new:
            added["set"] = {name: target.values[VALUES.index(name)] for name in target.before or ()}
            added["names"] = {
                str(person.id): [person.was, [person.first_name, person.last_name]]
                for person in target.people
                if person.was
            }
        before = None if target.is_new else json.dumps(target.before or {})
        found.changes.append((imported.pk, target.prospect_id, before, json.dumps(added)))
    return found


def _add_new(found: _Slice, target: Target, workspace: int, now: datetime) -> None:
    name, website, country, category, kind, language, audience = target.values
    values = (name, website, country, category, kind, language, audience)
    found.prospects.append((target.prospect_id, workspace, target.partner_id, "new", *values, now, now))
    if target.has_new_partner:
        found.partners.append((target.partner_id, workspace, *values, target.website_key, False, now))


def _copy_all(rows: _Slice) -> None:
    _copy(
        f"overture_partner (id, workspace_id, {_COLUMNS}, website_key, has_messaging, created_at)",
        rows.partners,
    )
    _copy(
        "overture_contact (id, partner_id, workspace_id, first_name, last_name, title, address, address_key,"
        " created_at)",
        rows.contacts,
    )
    _copy(
        f"import_new (id, workspace_id, partner_id, stage, {_COLUMNS}, created_at, active_at)", rows.prospects
    )
    with connection.cursor() as cursor:
        cursor.execute(_NEW)
        cursor.execute("TRUNCATE import_new")
    _copy("overture_prospect_groups (prospect_id, group_id)", rows.links)
    _copy("overture_note (id, workspace_id, prospect_id, author_id, text, created_at)", rows.notes)
    _copy("overture_importchange (imported_id, prospect_id, before, added)", rows.changes)


def _change_values(workspace_id: int, targets: list[Target]) -> None:
    if not targets:
        return
    rows = [(target.prospect_id, target.partner_id, target.website_key, *target.values) for target in targets]
    _copy(f"import_given (id, partner_id, website_key, {_COLUMNS})", rows)
    with connection.cursor() as cursor:
        cursor.execute(_CHANGED)
        cursor.execute(_FOLLOW, [workspace_id])
        cursor.execute("TRUNCATE import_given")


def _change_people(targets: list[Target]) -> None:
    people = [person for target in targets for person in target.people if person.was]
    if not people:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE overture_contact AS contact"
            " SET first_name = given.first_name, last_name = given.last_name"
            " FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS given (id, first_name, last_name)"
            " WHERE given.id = contact.id",
            [
                [person.id for person in people],
                [person.first_name for person in people],
                [person.last_name for person in people],
            ],
        )


def _make_groups(workspace_id: int, plan: Plan) -> dict[str, int]:
    """Ids of all groups the plan names, by plain name; those missing are made."""
    wanted = {name for target in plan.targets for name in target.new_groups}
    with connection.cursor() as cursor:
        cursor.execute("SELECT plain(name), id FROM overture_group WHERE workspace_id = %s", [workspace_id])
        groups: dict[str, int] = dict(cursor.fetchall())
    for plain_name in sorted(wanted - groups.keys()):
        groups[plain_name] = Group.objects.create(
            workspace_id=workspace_id, name=plan.group_names[plain_name]
        ).pk
    return groups


def _take(table: str, count: int) -> list[int]:
    """So many unused ids of a table, ascending."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s::regclass) FROM generate_series(1, %s)", [f"{table}_id_seq", count])
        return [number for (number,) in cursor.fetchall()]


def _copy(into: str, rows: Iterable[Sequence[Any]]) -> None:
    with connection.cursor() as cursor, cursor.copy(f"COPY {into} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
