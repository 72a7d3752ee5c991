"""Tells open pages that something changed: a count for each workspace and each partner, raised by every verb.

Written last in a transaction, the workspace's before the partner's: whoever writes in the same inbox waits
no longer than the rest of a commit takes.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection


def of_workspace(workspace_id: int) -> str:
    return f"w{workspace_id}"


def of_partner(partner_id: int) -> str:
    return f"p{partner_id}"


def beat(*names: str) -> None:
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute(
                "INSERT INTO overture_pulse AS pulse (of, count) VALUES (%s, 1)"
                " ON CONFLICT (of) DO UPDATE SET count = pulse.count + 1",
                [name],
            )


def counts(names: Iterable[str]) -> dict[str, int]:
    """Those that never changed are missing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT of, count FROM overture_pulse WHERE of = ANY(%s)", [list(names)])
        return dict(cursor.fetchall())
