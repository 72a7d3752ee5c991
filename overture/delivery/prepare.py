"""Freezes a mailing into a manifest: content, and in one statement a delivery and verdict per recipient."""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction

from overture.accounts.access import require
from overture.accounts.models import Membership
from overture.accounts.roles import Permission
from overture.compose import Letter, Sender
from overture.delivery.attached import freeze_files
from overture.delivery.draft import chosen, locked, remove_deliveries
from overture.delivery.errors import DraftError, NotNow
from overture.delivery.forecast import finishes_at
from overture.delivery.freeze import freeze
from overture.delivery.models import Mailing, Manifest
from overture.prospects.contact_policy import RECENT
from overture.prospects.models import Stage

# To whom: the chosen contact, else the oldest custom one, else the account's oldest. One without an address
# is passed
# over unless it was chosen; one that was erased or may not be written to is not: nobody else gets it instead.
TO_WHOM = """
    SELECT c.* FROM overture_contact c
    WHERE c.partner_id = p.partner_id AND (c.workspace_id = p.workspace_id OR c.workspace_id IS NULL)
      AND (c.address <> '' OR c.erased_at IS NOT NULL OR c.id = p.primary_contact_id)
    ORDER BY (c.id = p.primary_contact_id) IS TRUE DESC, c.workspace_id IS NULL, c.created_at, c.id
    LIMIT 1
"""


def to_whom(mailing: Mailing) -> str:
    """An answer goes to who wrote, before anybody that was chosen."""
    if mailing.to_contact_id is None:
        return TO_WHOM
    return TO_WHOM.replace("ORDER BY ", f"ORDER BY (c.id = {int(mailing.to_contact_id)}) DESC, ")


# Addresses were parsed when they came in; this only stops what could never be one. No backslash: psycopg
# leaves it be.
_ADDRESS = """^[^][:space:]<>()[;:,"@]+@[^][:space:]<>()[;:,"@]+$"""

# The columns that a token needs a value in.
NEEDED = {"mpname": "name", "firstName": "first_name", "lastName": "last_name"}

# The audience is found first and each row of it then looked up by its key: right after an import the
# statistics say that a workspace has one prospect, and any other join would be a loop over all of them.
_INSERT = """
WITH chosen (id) AS MATERIALIZED ({audience}), recipient AS (
    SELECT p.id AS prospect_id, p.partner_id, p.stage, p.name, p.archived_at, p.created_at, c.id AS
        contact_id,
           coalesce(c.address, '') AS address, coalesce(c.address_key, '') AS address_key, c.erased_at,
           coalesce(c.first_name, '') AS first_name, coalesce(c.last_name, '') AS last_name
    FROM chosen JOIN overture_prospect p ON p.id = chosen.id LEFT JOIN LATERAL ({to_whom}) c ON true
), judged AS MATERIALIZED (  -- else the verdict is found three times for each row
    SELECT r.*, CASE
        WHEN s.reason IN ('opted_out', 'bounced', 'complained') THEN s.reason
        WHEN s.reason IS NOT NULL THEN 'suppressed'
        WHEN r.erased_at IS NOT NULL THEN 'erased'
        WHEN r.address = '' THEN 'no_address'
        WHEN r.address_key = '' OR r.address !~ %(address)s THEN 'invalid_address'
        WHEN {recent} THEN 'contacted_recently'
        WHEN %(skips_joined)s AND r.stage = '{joined}' THEN 'joined'
        WHEN r.stage = '{rejected}' THEN 'rejected_by_partner'
        WHEN r.archived_at IS NOT NULL THEN 'archived'
        WHEN {missing} THEN 'missing_token'
        ELSE '' END AS verdict
    FROM recipient r
    LEFT JOIN overture_suppression s ON s.workspace_id = %(workspace)s AND s.lifted_at IS NULL
        AND s.address_key = r.address_key AND r.address_key <> ''
), ranked AS (
    SELECT j.*, CASE WHEN verdict = '' AND row_number() OVER (
        PARTITION BY verdict, address_key ORDER BY created_at, prospect_id) > 1
        THEN 'same_address' ELSE verdict END AS reason
    FROM judged j
), written AS (
    INSERT INTO overture_delivery (workspace_id, mailing_id, manifest_id, prospect_id, partner_id,
        contact_id, address,
        address_key, mpid, company_name, first_name, last_name, state, reason, smtp_reply, attempts, due_at,
        bounce_kind, changed_at, has_address_alone)
    SELECT %(workspace)s, %(mailing)s, %(manifest)s, prospect_id, partner_id, contact_id, address,
        address_key,
        partner_id, name, first_name, last_name, CASE WHEN reason = '' THEN 'queued' ELSE 'skipped' END,
            reason, '', 0,
        CASE WHEN reason = '' THEN now() END, '', now(), reason = ''
    FROM ranked ORDER BY prospect_id
    RETURNING reason
)
SELECT reason, count(*) FROM written GROUP BY reason
"""


@transaction.atomic
def prepare(member: Membership, mailing: Mailing) -> Manifest:
    """The manifest of the draft as it stands; earlier ones lose their unsent deliveries.

    Raises DraftError, compose.ComposeErrors, compose.HeaderError, AudienceError, NotNow, PermissionDenied.
    """
    require(member, Permission.EMAIL_ONE)
    mailing = locked(member, mailing, removes_deliveries=True)
    if mailing.state not in (Mailing.State.DRAFT, Mailing.State.PREPARED):
        raise NotNow("already_sent")
    for field in ("subject", "content"):
        if not getattr(mailing, field).strip():
            raise DraftError(field, "empty")
    manifest, letter = freeze(mailing)
    letter.envelope(Sender(manifest.sender_address, manifest.sender_name, manifest.reply_to))
    remove_deliveries(mailing)
    manifest.save()
    freeze_files(mailing, manifest)
    counts = _write_deliveries(member, mailing, manifest, letter)
    _note_counts(mailing, manifest, counts)
    mailing.manifest, mailing.state = manifest, Mailing.State.PREPARED
    mailing.save(update_fields=["manifest", "state", "updated_at"])
    return manifest


def _note_counts(mailing: Mailing, manifest: Manifest, counts: dict[str, int]) -> None:
    manifest.recipients = manifest.matched = sum(counts.values())
    manifest.queued = counts.pop("", 0)
    manifest.skipped = counts
    manifest.finishes_at = finishes_at(manifest.mailbox, manifest.queued, mailing)
    manifest.save(update_fields=["recipients", "matched", "queued", "skipped", "finishes_at"])


def _write_deliveries(
    member: Membership, mailing: Mailing, manifest: Manifest, letter: Letter
) -> dict[str, int]:
    """How many deliveries by skip code; '' are queued."""
    prospects = chosen(member, mailing.audience).order_by().values("pk")
    audience, audience_values = prospects.query.sql_with_params()
    named, values = _named(audience, audience_values)
    days = member.workspace.contact_days
    holds = manifest.contact_policy == Mailing.Policy.HOLD and days > 0
    statement = _INSERT.format(
        to_whom=to_whom(mailing),
        audience=named,
        recent=f"r.stage <> '{Stage.JOINED}' AND r.partner_id IN ({RECENT})" if holds else "false",
        missing=missing_sql(letter, "r"),
        joined=Stage.JOINED,
        rejected=Stage.REJECTED_BY_PARTNER,
    )
    with connection.cursor() as cursor:
        cursor.execute(
            statement,
            {
                **values,
                "workspace": mailing.workspace_id,
                "mailing": mailing.pk,
                "manifest": manifest.pk,
                "days": days,
                "address": _ADDRESS,
                "skips_joined": manifest.origin == "prospects",
            },
        )
        return dict(cursor.fetchall())


def missing_sql(letter: Letter, row: str, needs: frozenset[str] | None = None) -> str:
    """A condition on the row's alias: a token without a fallback has no value."""
    lacking = [
        f"{row}.{NEEDED[token]} !~ '[^[:space:]]'"
        for token in sorted(letter.needs if needs is None else needs)
    ]
    return " OR ".join(lacking) or "false"


def _named(statement: str, values: tuple[Any, ...]) -> tuple[str, dict[str, Any]]:
    """Positional parameters as named ones, to stand inside a statement that names its own."""
    pieces = statement.split("%s")
    named = "".join(
        piece if index == 0 else f"%(audience{index - 1})s{piece}" for index, piece in enumerate(pieces)
    )
    return named, {f"audience{index}": value for index, value in enumerate(values)}
