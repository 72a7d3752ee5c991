"""What is known of a draft's audience before it is prepared: who has no address, no name, opted out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import connection

from overture.accounts.models import Membership
from overture.delivery.draft import chosen
from overture.delivery.models import Mailing
from overture.delivery.prepare import NEEDED, to_whom

_COUNT = """
WITH chosen (id) AS MATERIALIZED ({audience}), recipient AS (
    SELECT p.name, coalesce(c.address, '') AS address, coalesce(c.address_key, '') AS address_key,
           coalesce(c.first_name, '') AS first_name, coalesce(c.last_name, '') AS last_name
    FROM chosen JOIN overture_prospect p ON p.id = chosen.id LEFT JOIN LATERAL ({to_whom}) c ON true
)
SELECT count(*), count(*) FILTER (WHERE r.address = ''),
    count(*) FILTER (WHERE s.reason = 'opted_out'), count(*) FILTER (WHERE s.reason <> 'opted_out'), {lacking}
FROM recipient r LEFT JOIN overture_suppression s ON s.workspace_id = {workspace:d} AND s.lifted_at IS NULL
    AND s.address_key = r.address_key AND r.address_key <> ''
"""


@dataclass(frozen=True)
class Outlook:
    """Counts of recipients; `lacking` by token. Prepare judges again, and knows more reasons."""

    recipients: int = 0
    without_address: int = 0
    opted_out: int = 0
    suppressed: int = 0
    lacking: Mapping[str, int] = field(default_factory=dict)


def outlook(member: Membership, mailing: Mailing) -> Outlook:
    """One statement over the whole audience. Raises AudienceError."""
    audience, values = chosen(member, mailing.audience).order_by().values("pk").query.sql_with_params()
    lacking = [f"count(*) FILTER (WHERE r.{column} !~ '[^[:space:]]')" for column in NEEDED.values()]
    statement = _COUNT.format(
        to_whom=to_whom(mailing), workspace=member.workspace_id, audience=audience, lacking=", ".join(lacking)
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        recipients, without_address, opted_out, suppressed, *without = cursor.fetchone()
    return Outlook(
        recipients, without_address, opted_out, suppressed, dict(zip(NEEDED, without, strict=True))
    )
