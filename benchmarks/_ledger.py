"""A workspace with a mailbox and any number of prospects, made in SQL, for the benchmarks of the ledger."""

import resource
from typing import Any

from django.conf import settings
from django.db import connection

from overture.accounts.models import Membership, Program, User, Workspace
from overture.lib import addresses
from overture.mailboxes.models import Mailbox

SUBJECT = "A winter feature for {mpname}?"
CONTENT = "<p>Hello {firstName|there},</p><p>today is {currentDay}.</p>" + (
    "<p>We weave linen for beds and tables, and would like to work with {mpname}.</p>" * 6
)

_PEOPLE = """
WITH made AS (
    INSERT INTO overture_partner (workspace_id, kind, name, website, website_key, country, category, language,
        has_messaging, created_at)
    SELECT %(workspace)s, 'partner', 'Maison ' || n, '', '', 'FR', '', 'fr', false, now()
    FROM generate_series(1, %(count)s) n RETURNING id, name
), people AS (
    INSERT INTO overture_contact (partner_id, workspace_id, first_name, last_name, title, address,
        address_key, created_at)
    SELECT id, %(workspace)s, CASE WHEN id %% 20 = 0 THEN '' ELSE 'Jo' || id END, 'Doe', '',
        'jo' || address || '@p' || address %% 999 || '.example', md5(address::text), now()
    FROM (SELECT id, CASE WHEN id %% 50 = 1 AND %(doubles)s THEN id - 1 ELSE id END AS address FROM made)
        numbered
)
INSERT INTO overture_prospect (workspace_id, partner_id, stage, name, kind, website, country, category,
    language,
    search_text, created_at, active_at)
SELECT %(workspace)s, id, 'new', name, 'partner', '', 'FR', '', 'fr', lower(name), now(), now() FROM made
"""


def brand(slug: str) -> Membership:
    workspace = Workspace.objects.create(
        name="Halden & Rowe", slug=slug, postal_address="4 rue du Lin, 75011 Paris"
    )
    Program.objects.create(workspace=workspace, name="Halden", kind=Program.Kind.BOTH)
    user = User.objects.create(email=f"{slug}@halden.example", name="Nora")
    return Membership.objects.create(workspace=workspace, user=user, role="administrator")


def mailbox(member: Membership, port: int) -> Mailbox:
    address = f"{member.workspace.slug}@halden.example"
    return Mailbox.objects.create(
        workspace_id=member.workspace_id,
        address=address,
        address_key=addresses.key(addresses.parse(address), settings.ADDRESS_KEY),
        host="127.0.0.1",
        port=port,
        security="none",
        per_minute=2_000_000_000,
        per_hour=2_000_000_000,
        per_day=2_000_000_000,
    )


def people(member: Membership, count: int, *, doubles: bool = False) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE, {"workspace": member.workspace_id, "count": count, "doubles": doubles})
        for table in ("partner", "contact", "prospect"):
            cursor.execute(f"ANALYZE overture_{table}")


def suppressed(member: Membership, every: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO overture_suppression (workspace_id, address_key, address, reason, note, created_at,
                lifted_because)
            SELECT DISTINCT ON (address_key) workspace_id, address_key, address, 'opted_out', '', now(), ''
            FROM overture_contact WHERE workspace_id = %s AND id %% %s = 0""",
            [member.workspace_id, every],
        )


def peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def figures(n: int, seconds: float, **more: Any) -> dict[str, object]:
    return {"n": n, "per_s": round(n / seconds), "seconds": round(seconds, 3), **more}
