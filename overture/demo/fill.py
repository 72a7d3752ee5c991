"""Writes generated partners as prospects of one workspace, by COPY, a hundred thousand in seconds."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import islice

from django.conf import settings
from django.db import connection, transaction

from overture.accounts.models import Membership
from overture.demo.generate import SEED, Made
from overture.lib import addresses
from overture.lib.websites import match_key
from overture.prospects import search

CHUNK = 10_000
_STAGES = (
    "new",
    "new",
    "new",
    "new",
    "outreach",
    "outreach",
    "negotiating",
    "joined",
    "expired",
    "rejected_by_partner",
)
_COLUMNS = {
    "partner": "id, workspace_id, kind, name, website, website_key, country, category, language, audience, "
    "has_messaging, created_at",
    "contact": "id, partner_id, workspace_id, first_name, last_name, title, address, address_key, created_at",
    "prospect": "id, workspace_id, partner_id, stage, name, kind, website, country, category, language, "
    "audience, owner_id, primary_contact_id, search_text, created_at, active_at",
    "prospect_groups": "prospect_id, group_id",
}


def fill(made: Iterable[Made], owners: list[Membership], groups: list[int], now: datetime) -> list[int]:
    """The new prospects' ids. `owners` share them; the workspace is theirs."""
    rng = random.Random(SEED)  # noqa: S311  # not for secrets: the same demo each time
    rows, ids = iter(made), list[int]()
    while chunk := list(islice(rows, CHUNK)):
        with transaction.atomic():
            ids += _write(chunk, owners, groups, now, rng)
    return ids


def _write(
    chunk: list[Made], owners: list[Membership], groups: list[int], now: datetime, rng: random.Random
) -> list[int]:
    size = len(chunk)
    partners, contacts, prospects = (next_ids(table, size) for table in ("partner", "contact", "prospect"))
    workspace = owners[0].workspace_id
    tables: dict[str, list[tuple[object, ...]]] = {name: [] for name in _COLUMNS}
    for each, partner, contact, prospect in zip(chunk, partners, contacts, prospects, strict=True):
        since = now - timedelta(minutes=rng.randrange(1, 60 * 24 * 90))
        active = since + (now - since) * rng.random()
        owner = rng.choice(owners).pk if rng.random() < 0.8 else None
        about = (each.website, each.country, each.category, each.language, each.audience)
        key = match_key(each.website) or ""
        tables["partner"].append(
            (partner, workspace, each.kind, each.name, each.website, key, *about[1:], False, since)
        )
        if each.address:
            tables["contact"].append(
                (contact, partner, workspace, each.first_name, each.last_name, each.title, each.address,
                 addresses.key(addresses.parse(each.address), settings.ADDRESS_KEY), since)
            )  # fmt: skip
        tables["prospect"].append(
            (prospect, workspace, partner, rng.choice(_STAGES), each.name, each.kind, *about, owner,
             contact if each.address else None, "", since, active)
        )  # fmt: skip
        tables["prospect_groups"] += [
            (prospect, group) for group in rng.sample(groups, rng.choice((0, 1, 1, 2)))
        ]
    for table, values in tables.items():
        _copy(table, values)
    search.refresh(prospects)
    return prospects


def next_ids(table: str, count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [f"overture_{table}", count],
        )
        return [number for (number,) in cursor.fetchall()]


def _copy(table: str, rows: list[tuple[object, ...]]) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY overture_{table} ({_COLUMNS[table]}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)
