"""How an operator finds partners of the directory: by number, by the beginning of a name, by website."""

from __future__ import annotations

from django.db import connection
from django.db.models import Count, QuerySet

from overture.accounts.access import require_operator
from overture.accounts.models import User
from overture.directory.models import Partner, Standing
from overture.lib import websites

# Each part by an index of its own; with OR between them every row would be looked at, and as part of the
# page's own query they would be walked through from the newest one.
_FOUND = r"""
SELECT found.id FROM (
    SELECT id FROM overture_partner WHERE workspace_id IS NULL AND plain(name) LIKE plain(%s) || '%%'
    UNION SELECT id FROM overture_partner WHERE website_key = %s AND website_key <> ''
    UNION SELECT coalesce(merged_into_id, id) FROM overture_partner WHERE id = %s
) AS found JOIN overture_partner AS partner ON partner.id = found.id
WHERE partner.workspace_id IS NULL AND %s IN ('', partner.standing)
ORDER BY found.id DESC LIMIT %s
"""
# Who finds more searches for too little.
MOST_FOUND = 1_000
_LARGEST = 2**63 - 1


def search(operator: User, q: str = "", standing: str = "") -> QuerySet[Partner]:
    """Those of the directory, never private ones, in no order; a number finds what it leads to, too.

    Of more than MOST_FOUND that match `q` the newest.
    """
    require_operator(operator)
    rows: QuerySet[Partner] = Partner.objects.filter(workspace=None)
    if standing:
        rows = rows.filter(standing=standing)
    text = " ".join(q.replace("\0", " ").split())
    if not text:
        return rows
    begins = text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    number = min(int(text[:20]), _LARGEST) if text.isascii() and text.isdigit() else 0
    key = websites.match_key(text) if "." in text else ""
    with connection.cursor() as cursor:
        cursor.execute(_FOUND, [begins, key or "", number, standing, MOST_FOUND])
        return rows.filter(pk__in=[each for (each,) in cursor.fetchall()])


def counts(operator: User) -> dict[str, int]:
    """How many are in review and suspended; the listed ones are too many to be counted for a page."""
    require_operator(operator)
    few = [Standing.IN_REVIEW, Standing.SUSPENDED]
    rows = Partner.objects.filter(workspace=None, standing__in=few).values_list("standing")
    return dict.fromkeys((each.value for each in few), 0) | dict(rows.annotate(n=Count("pk")).order_by())
