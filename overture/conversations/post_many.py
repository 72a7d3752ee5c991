"""One message to many prospects, each in their own thread: judged in one statement, posted one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from overture.accounts.access import require
from overture.accounts.models import Membership
from overture.accounts.roles import Permission
from overture.activity.record import record
from overture.conversations.add import checked
from overture.conversations.errors import MessageError
from overture.conversations.jobs import send_messages
from overture.conversations.many_text import ManyText
from overture.conversations.models import MessageRun, MessageRunRow
from overture.delivery.prepare import NEEDED, TO_WHOM
from overture.files.models import Attachment
from overture.jobs.task import enqueue
from overture.prospects.audience import origin_of, resolve
from overture.prospects.contact_policy import RECENT
from overture.prospects.models import Prospect, Stage
from overture.runs.models import Run

# Named of each reason; the rest is a number.
NAMED = 20

# As delivery/prepare.py judges an e-mail, in the same order, with what a message needs instead of an address.
_JUDGED = """
WITH chosen (id) AS MATERIALIZED ({audience}), recipient AS (
    SELECT p.id AS prospect_id, p.partner_id, p.stage, p.name, p.archived_at, partner.has_messaging,
           coalesce(c.first_name, '') AS first_name, coalesce(c.last_name, '') AS last_name,
           EXISTS (SELECT FROM overture_conversation t WHERE t.workspace_id = p.workspace_id
                   AND t.partner_id = p.partner_id AND t.blocked_at IS NOT NULL) AS is_blocked
    FROM chosen JOIN overture_prospect p ON p.id = chosen.id
    JOIN overture_partner partner ON partner.id = p.partner_id LEFT JOIN LATERAL ({to_whom}) c ON true
), judged AS (
    SELECT r.*, CASE
        WHEN r.is_blocked THEN 'blocked'
        WHEN NOT r.has_messaging THEN 'messaging_off'
        WHEN {recent} THEN 'contacted_recently'
        WHEN %(skips_joined)s AND r.stage = '{joined}' THEN 'joined'
        WHEN r.stage = '{rejected}' THEN 'rejected_by_partner'
        WHEN r.archived_at IS NOT NULL THEN 'archived'
        WHEN {missing} THEN 'missing_token'
        ELSE '' END AS reason
    FROM recipient r
)
"""
_COUNTED = """
SELECT reason, count(*), (array_agg(name ORDER BY plain(name), prospect_id))[1:%(named)s], min(prospect_id)
FROM judged GROUP BY reason ORDER BY count(*) DESC, reason
"""
_WRITTEN = """
INSERT INTO overture_messagerunrow (message_run_id, prospect_id, state, reason)
SELECT %(run)s, prospect_id, CASE WHEN reason = '' THEN 'waiting' ELSE 'held' END, reason
FROM judged ORDER BY prospect_id
"""


@dataclass(frozen=True)
class Held:
    code: str
    count: int
    names: Sequence[str]


@dataclass(frozen=True)
class Plan:
    """Who would get it and who is held back, before it is sent. `first`: a prospect who would get it."""

    count: int
    held: list[Held] = field(default_factory=list)
    first: int | None = None


def plan(
    member: Membership, audience: dict[str, Any], text: str, *, language: str = "en", overrides: bool = False
) -> Plan:
    """Raises AudienceError, MessageError for tokens, PermissionDenied."""
    require(member, Permission.MESSAGE)
    judged, values = _judged(member, audience, ManyText(text, language), overrides)
    with connection.cursor() as cursor:
        cursor.execute(judged + _COUNTED, {**values, "named": NAMED})
        rows = cursor.fetchall()
    held = [Held(code, count, names) for code, count, names, _ in rows if code]
    sent = next((row for row in rows if not row[0]), None)
    return Plan(sent[1] if sent else 0, held, sent[3] if sent else None)


@transaction.atomic
def post_many(
    member: Membership,
    audience: dict[str, Any],
    text: str,
    attachments: Sequence[Attachment] = (),
    *,
    language: str = "en",
    overrides: bool = False,
) -> MessageRun:
    """Writes down who gets it and enqueues the work.

    Raises MessageError (text, attachments, and audience: empty), AudienceError, PermissionDenied.
    """
    require(member, Permission.MESSAGE)
    if overrides:
        require(member, Permission.OVERRIDE_CONTACT_POLICY)
    text = checked(text, attachments)
    judged, values = _judged(member, audience, ManyText(text, language), overrides)
    run = Run.objects.create(workspace_id=member.workspace_id, member=member, kind="messages")
    made = MessageRun.objects.create(
        run=run, workspace_id=member.workspace_id, text=text, language=language, overrides_policy=overrides
    )
    made.attachments.add(*attachments)
    with connection.cursor() as cursor:
        cursor.execute(judged + _WRITTEN, {**values, "run": made.pk})
    run.total = made.rows.filter(state=MessageRunRow.State.WAITING).count()
    run.save(update_fields=["total"])
    if not run.total:
        raise MessageError("audience", "nobody_left")
    record("messages_begun", member.workspace_id, member, run=run.pk, count=run.total)
    enqueue(send_messages, once=f"messages {made.pk}", message_run_id=made.pk)
    return made


def _judged(
    member: Membership, audience: dict[str, Any], text: ManyText, overrides: bool
) -> tuple[str, dict[str, Any]]:
    rows: QuerySet[Prospect] = resolve(member, audience)
    sql, parameters = rows.order_by().values("pk").query.sql_with_params()
    pieces = sql.split("%s")
    named = "".join(
        piece if index == 0 else f"%(audience{index - 1})s{piece}" for index, piece in enumerate(pieces)
    )
    days = 0 if overrides else member.workspace.contact_days
    lacking = [f"r.{NEEDED[token]} !~ '[^[:space:]]'" for token in sorted(text.needs)]
    statement = _JUDGED.format(
        audience=named,
        to_whom=TO_WHOM,
        recent=f"r.stage <> '{Stage.JOINED}' AND r.partner_id IN ({RECENT})" if days else "false",
        joined=Stage.JOINED,
        rejected=Stage.REJECTED_BY_PARTNER,
        missing=" OR ".join(lacking) or "false",
    )
    values = {f"audience{index}": value for index, value in enumerate(parameters)}
    facts = {"workspace": member.workspace_id, "mailing": None, "days": days}
    return statement, {**values, **facts, "skips_joined": origin_of(member, audience) == "prospects"}
