"""Changes one prospect or a hundred thousand in one statement, with an activity for each that changed."""

from __future__ import annotations

import json
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from overture.accounts.models import Membership
from overture.prospects.models import Prospect


def change(
    member: Membership,
    rows: QuerySet[Prospect],
    assign: dict[str, Any],
    unless: str,
    activity: tuple[str, dict[str, Any]],
) -> int:
    """Sets columns of those `rows` for which the SQL condition `unless` does not hold yet; how many changed.

    Rows of another workspace are never touched, whatever the query says.
    """
    wanted, parameters = _ids(member, rows)
    # The list is sorted by what happened last. A label is no event: link() and unlink() leave it alone.
    columns = ", ".join(f"{column} = %s" for column in assign)
    statement = f"""
        WITH changed AS (
            UPDATE overture_prospect SET {columns}, active_at = now()
            WHERE id IN ({wanted}) AND NOT ({unless}) RETURNING id
        ), {_TOLD}
        SELECT count(*) FROM changed
    """  # noqa: S608
    told = _told(member, *activity)
    return _one_number(statement, [*assign.values(), *parameters, *told])


def link(
    member: Membership, rows: QuerySet[Prospect], group_id: int, activity: tuple[str, dict[str, Any]]
) -> int:
    """Puts the rows into a group; how many were not in it."""
    wanted, parameters = _ids(member, rows)
    statement = f"""
        WITH changed AS (
            INSERT INTO overture_prospect_groups (prospect_id, group_id)
            SELECT id, %s FROM overture_prospect WHERE id IN ({wanted})
            ON CONFLICT DO NOTHING RETURNING prospect_id AS id
        ), {_TOLD}
        SELECT count(*) FROM changed
    """  # noqa: S608
    return _one_number(statement, [group_id, *parameters, *_told(member, *activity)])


def unlink(
    member: Membership, rows: QuerySet[Prospect], group_id: int, activity: tuple[str, dict[str, Any]]
) -> int:
    """Takes the rows out of a group; how many were in it."""
    wanted, parameters = _ids(member, rows)
    statement = f"""
        WITH changed AS (
            DELETE FROM overture_prospect_groups WHERE group_id = %s AND prospect_id IN ({wanted})
            RETURNING prospect_id AS id
        ), {_TOLD}
        SELECT count(*) FROM changed
    """  # noqa: S608
    return _one_number(statement, [group_id, *parameters, *_told(member, *activity)])


_TOLD = """told AS (
    INSERT INTO overture_activity (workspace_id, member_id, verb, prospect_id, facts, at)
    SELECT %s, %s, %s, id, %s::jsonb, now() FROM changed
)"""


def _told(member: Membership, verb: str, facts: dict[str, Any]) -> list[Any]:
    return [member.workspace_id, member.pk, verb, json.dumps(facts)]


def _ids(member: Membership, rows: QuerySet[Prospect]) -> tuple[str, tuple[Any, ...]]:
    own = rows.filter(workspace_id=member.workspace_id).order_by().values("pk")
    sql, parameters = own.query.sql_with_params()
    return sql, tuple(parameters)


def _one_number(statement: str, parameters: list[Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.fetchone()[0])
