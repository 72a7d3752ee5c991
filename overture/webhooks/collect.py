"""Turns what happened into calls: each webhook reads on in the activities from where it stopped.

Transactions end in another order than they began in, so only what lies before the oldest one still at work is
read: nothing can appear there any more.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from django.db import connection, transaction
from django.utils import timezone

from overture.activity.models import TOLD
from overture.webhooks.events import EVENT_OF, VERBS, Happening, body, data_of, told_mailings
from overture.webhooks.models import Webhook, WebhookCall

# Prospects that one call tells of: an act on 100,000 is 200 calls.
MOST = 500
# What is older is told no more: after a long pause, or where a backup was restored.
OLDEST_DAYS = 3
# The number of the oldest transaction still at work; all before it have ended.
NOW = "pg_snapshot_xmin(pg_current_snapshot())::text::bigint"

# Neighbours that say the same go together (n - k is one number along such a run), never across another event:
# who reads the calls in their order knows where each prospect stands.
_HAPPENED = f"""
WITH happened AS (
    SELECT a.id, a.verb, a.member_id, a.mailing_id, a.facts, a.at, a.prospect_id,
        CASE WHEN a.verb IN ('stage_changed', 'stage_moved') THEN 0 ELSE a.id END AS alone
    FROM overture_activity a
    WHERE a.workspace_id = %(workspace)s AND a.verb IN ({", ".join(f"'{verb}'" for verb in TOLD)})
      AND a.verb = ANY(%(verbs)s) AND a.xid >= %(since)s AND a.xid < %(until)s
      AND a.at > now() - make_interval(days => {OLDEST_DAYS})
), numbered AS (
    SELECT h.*, row_number() OVER (ORDER BY h.id)
        - row_number() OVER (PARTITION BY verb, member_id, mailing_id, facts, alone ORDER BY h.id) AS run
    FROM happened h
), parted AS (
    SELECT n.*, (row_number() OVER (
        PARTITION BY verb, member_id, mailing_id, facts, alone, run ORDER BY n.id) - 1) / {MOST} AS part
    FROM numbered n
)
SELECT min(a.id), a.verb, a.member_id, a.mailing_id, a.facts, max(a.at),
    jsonb_agg(jsonb_build_object('id', p.id, 'partner', p.partner_id, 'name', p.name) ORDER BY a.id)
        FILTER (WHERE p.id IS NOT NULL)
FROM parted a LEFT JOIN overture_prospect p ON p.id = a.prospect_id
GROUP BY a.verb, a.member_id, a.mailing_id, a.facts, a.alone, a.run, a.part ORDER BY min(a.id)
"""  # noqa: S608


def collect() -> int:
    """Makes the calls that are missing, of all webhooks; how many."""
    until = now()
    behind = Webhook.objects.kept().filter(paused_at=None).exclude(read_up_to=until)
    return sum(_collect(number) for number in behind.order_by("pk").values_list("pk", flat=True))


def now() -> int:
    """Up to here activities can be read without missing one."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {NOW}")
        return int(cursor.fetchone()[0])


@transaction.atomic
def _collect(number: int) -> int:
    """Calls and the place in one transaction: nothing is told twice, nothing is passed over."""
    rows = Webhook.objects.kept().filter(pk=number, paused_at=None).select_related("workspace")
    webhook: Webhook | None = rows.select_for_update(of=("self",), skip_locked=True).first()
    if webhook is None:
        return 0
    # Asked under the lock; a restored database may be behind what was read, and is not waited for.
    until = now()
    happened = _happened(webhook, until) if webhook.read_up_to < until else []
    mailings = told_mailings(happened)
    due = timezone.now()
    calls = [
        WebhookCall(
            workspace_id=webhook.workspace_id,
            webhook=webhook,
            activity_number=each.number,
            event=EVENT_OF[each.verb],
            body=body(EVENT_OF[each.verb], each.at, webhook.workspace.slug, data_of(each, mailings)),
            due_at=due,
        )
        for each in happened
    ]
    WebhookCall.objects.bulk_create(calls, batch_size=100)
    Webhook.objects.filter(pk=webhook.pk).update(read_up_to=until)
    return len(calls)


def _happened(webhook: Webhook, until: int) -> Sequence[Happening]:
    verbs = [verb for event in webhook.events for verb in VERBS.get(event, ())]
    with connection.cursor() as cursor:
        cursor.execute(
            _HAPPENED,
            {
                "workspace": webhook.workspace_id,
                "verbs": verbs,
                "since": webhook.read_up_to,
                "until": until,
            },
        )
        rows = cursor.fetchall()
    return [
        Happening(number, verb, member, mailing, json.loads(facts), at, json.loads(prospects or "[]"))
        for number, verb, member, mailing, facts, at, prospects in rows
    ]
