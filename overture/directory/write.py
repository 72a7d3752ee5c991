"""Writes a planned upsert: in the caller's transaction, each kind of row in one statement a slice."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection

from overture.directory.models import Standing
from overture.directory.plan import Plan
from overture.directory.targets import OF_PARTNER, Person, Target

SLICE = 1_000
_COLUMNS = (*OF_PARTNER, "website_key", "language")
# What jsonb_to_recordset() makes of each; all others are text.
_TYPES = {
    "audience": "bigint", "languages": "text[]", "topics": "text[]", "methods": "text[]",
    "audience_countries": "jsonb", "audience_ages": "jsonb", "channels": "jsonb", "active_on": "date",
    "has_messaging": "boolean",
}  # fmt: skip
_NAMES = ", ".join(_COLUMNS)
_GIVEN = "jsonb_to_recordset(%s::jsonb) AS given (id bigint, {})"
_PARTNERS = _GIVEN.format(", ".join(f"{name} {_TYPES.get(name, 'text')}" for name in _COLUMNS))
_MAKE = f"""
INSERT INTO overture_partner (id, standing, created_at, {_NAMES})
SELECT id, %s, now(), {_NAMES} FROM {_PARTNERS}
"""  # noqa: S608
_CHANGE = f"""
UPDATE overture_partner AS partner SET ({_NAMES}) = ({", ".join(f"given.{name}" for name in _COLUMNS)})
FROM {_PARTNERS} WHERE given.id = partner.id
"""  # noqa: S608
_PEOPLE = _GIVEN.format(
    "partner_id bigint, first_name text, last_name text, title text, address text, address_key text"
)
_MAKE_PEOPLE = f"""
INSERT INTO overture_contact
    (partner_id, first_name, last_name, title, address, address_key, created_at)
SELECT partner_id, first_name, last_name, title, address, address_key, now() FROM {_PEOPLE}
"""  # noqa: S608
_CHANGE_PEOPLE = f"""
UPDATE overture_contact AS contact SET first_name = given.first_name, last_name = given.last_name,
    title = given.title, address = given.address, address_key = given.address_key
FROM {_PEOPLE} WHERE given.id = contact.id
"""  # noqa: S608
_EVENTS = f"""
INSERT INTO overture_directoryevent (partner_id, user_id, verb, facts, at)
SELECT id, %s, verb, facts, now() FROM {_GIVEN.format("verb text, facts jsonb")}
"""  # noqa: S608


def write(
    plan: Plan,
    user_id: int,
    standing: Standing = Standing.LISTED,
    tell: Callable[[int], None] = lambda done: None,
) -> list[int]:
    """Makes and changes what the plan says; the numbers of all partners it touched.

    New ones come in as `standing`. `tell` hears how many are written.
    """
    changed = [target for target in plan.targets if target.is_changed]
    for start in range(0, len(changed), SLICE):
        part = changed[start : start + SLICE]
        _write_slice(part, user_id, standing)
        tell(start + len(part))
    return [target.partner_id for target in changed if target.partner_id is not None]


def _write_slice(targets: list[Target], user_id: int, standing: Standing) -> None:
    new = [target for target in targets if target.is_new]
    old = [target for target in targets if not target.is_new]
    for target, number in zip(new, _numbers(len(new)), strict=True):
        target.partner_id = number
    _execute(_MAKE, [_partner(target) for target in new], standing)
    _execute(_CHANGE, [_partner(target) for target in old])
    people = [(target, person) for target in targets for person in target.people if person.is_changed]
    _execute(_MAKE_PEOPLE, [_person(*each) for each in people if each[1].id is None])
    _execute(_CHANGE_PEOPLE, [_person(*each) for each in people if each[1].id is not None])
    _execute(_EVENTS, [_event(target) for target in targets], user_id)


def _partner(target: Target) -> dict[str, Any]:
    languages = target.values["languages"]
    return target.values | {
        "id": target.partner_id,
        "website_key": target.website_key,
        "language": languages[0] if languages else "",
    }


def _person(target: Target, person: Person) -> dict[str, Any]:
    told = {"id": person.id, "partner_id": target.partner_id, "address_key": person.address_key}
    return person.values | told


def _event(target: Target) -> dict[str, Any]:
    """The history names what changed; what an address was is nobody's business for ever."""
    facts = {} if target.is_new else {"changed": sorted(target.before)}
    return {"id": target.partner_id, "verb": "created" if target.is_new else "updated", "facts": facts}


def _execute(statement: str, rows: Sequence[dict[str, Any]], *before: Any) -> None:
    if not rows:
        return
    given = json.dumps(rows, cls=DjangoJSONEncoder, ensure_ascii=False)
    with connection.cursor() as cursor:
        cursor.execute(statement, [*before, given])


def _numbers(count: int) -> list[int]:
    """So many unused account numbers, ascending."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval('overture_partner_id_seq'::regclass) FROM generate_series(1, %s)", [count]
        )
        return [number for (number,) in cursor.fetchall()]
