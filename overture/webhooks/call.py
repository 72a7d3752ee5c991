"""Makes the calls of a webhook that are due, one after the other; what does not arrive is tried again.

An attempt is noted, with the time of the next one, before it begins: a worker killed in the middle loses no
call. It may arrive twice then, with the same webhook-id.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from overture.accounts.models import Membership
from overture.accounts.roles import ADMINISTRATOR
from overture.activity.record import record
from overture.lib import safe_http, signing
from overture.lib.safe_http import CallError, UrlError
from overture.lib.secrets import SecretError
from overture.notices.notices import notify
from overture.webhooks.models import Webhook, WebhookCall
from overture.webhooks.secret import keys_of
from overture.webhooks.sign import signed

# Seconds between attempts, a day in all; after the last one the call has failed.
WAITS = (5, 60, 300, 1_200, 3_600, 7_200, 14_400, 28_800, 28_800)
MOST_ATTEMPTS = len(WAITS) + 1
# Seconds that a webhook rests when it does not answer, doubled each time.
FIRST_REST, LONGEST_REST = 5, 3_600
# After so many failures in a row it rests, whatever it answers.
PATIENCE_WITH_ANSWERS = 3
# Without one success for so long it is paused.
GIVE_UP = timedelta(days=3)
# Seconds after which a webhook lets others have its place in the worker.
TURN = 20.0
PATIENCE = 10.0

_BEGIN = f"""
UPDATE overture_webhookcall SET attempts = attempts + 1, tried_at = now(),
    due_at = now() + make_interval(secs => (ARRAY{list(WAITS)})[least(attempts + 1, {len(WAITS)})])
WHERE id = (
    SELECT c.id FROM overture_webhookcall c JOIN overture_webhook w ON w.id = c.webhook_id
    WHERE c.webhook_id = %s AND c.state = 'waiting' AND c.due_at <= now()
      AND w.paused_at IS NULL AND w.removed_at IS NULL AND (w.rests_until IS NULL OR w.rests_until <= now())
    ORDER BY c.due_at, c.id LIMIT 1 FOR UPDATE OF c SKIP LOCKED
) RETURNING id
"""  # noqa: S608
_DUE = """
SELECT w.id FROM overture_webhook w
WHERE w.paused_at IS NULL AND w.removed_at IS NULL AND (w.rests_until IS NULL OR w.rests_until <= now())
  AND EXISTS (SELECT FROM overture_webhookcall c WHERE c.webhook_id = w.id AND c.state = 'waiting'
      AND c.due_at <= now())
ORDER BY w.id
"""


class Ending(NamedTuple):
    """How an attempt ended: an HTTP status, or a code of what was in the way, and words to either."""

    status: int | None
    problem: str
    words: str
    took_ms: int = 0
    retry_after: int | None = None

    @property
    def is_well(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def due() -> list[int]:
    """Webhooks that have a call to make now."""
    with connection.cursor() as cursor:
        cursor.execute(_DUE)
        return [row[0] for row in cursor.fetchall()]


def call_due(webhook_id: int, stop: Callable[[], bool] = lambda: False) -> int:
    """Until none is due, it has to rest, or its turn is over; how many arrived."""
    end, arrived = time.monotonic() + TURN, 0
    while not stop() and time.monotonic() < end:
        call = _begin(webhook_id)
        if call is None:
            break
        arrived += settle(call, attempt(call))
    return arrived


def attempt(call: WebhookCall) -> Ending:
    """One POST of the call, as it stands. Raises nothing."""
    began = time.monotonic()
    ending = _attempted(call)
    return ending._replace(took_ms=round((time.monotonic() - began) * 1000))


def name_of(call: WebhookCall) -> str:
    """Its webhook-id: the same at each attempt, and no other instance's."""
    return "msg_" + signing.sign(call.pk, "webhook-call", settings.SIGNING_KEY)


@transaction.atomic
def settle(call: WebhookCall, ending: Ending) -> bool:
    """Writes down how the attempt ended; whether it arrived."""
    webhook = Webhook.objects.select_for_update().get(pk=call.webhook_id)
    call.status, call.problem, call.answer = ending.status, ending.problem, ending.words[:500]
    call.took_ms = ending.took_ms
    if ending.is_well:
        call.state, call.due_at = WebhookCall.State.DONE, None
    elif call.attempts >= MOST_ATTEMPTS:
        call.state, call.due_at = WebhookCall.State.FAILED, None
    call.save(update_fields=["state", "due_at", "status", "problem", "answer", "took_ms"])
    _recover(webhook) if ending.is_well else _fail(webhook, ending)
    return ending.is_well


def pause_failing(webhook: Webhook, because: str) -> None:
    """Somebody has to look: the administrators are told."""
    changed = Webhook.objects.kept().filter(pk=webhook.pk, paused_at=None)
    if not changed.update(paused_at=timezone.now(), paused_because=because):
        return
    record("webhook_paused", webhook.workspace_id, webhook=webhook.pk, because=because)
    administrators = Membership.objects.current().filter(
        workspace_id=webhook.workspace_id, role=ADMINISTRATOR
    )
    for member in administrators:
        notify(member, "webhook_paused", webhook=webhook.pk, host=host_of(webhook), because=because)


def host_of(webhook: Webhook) -> str:
    """The address without its path, which may hold a password of the receiver."""
    try:
        return safe_http.target_of(webhook.url, allow_private=True).netloc
    except UrlError:
        return ""


def _begin(webhook_id: int) -> WebhookCall | None:
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN, [webhook_id])
        found = cursor.fetchone()
    if found is None:
        return None
    call: WebhookCall = WebhookCall.objects.select_related("webhook").get(pk=found[0])
    return call


def _attempted(call: WebhookCall) -> Ending:
    body = json.dumps(call.body, ensure_ascii=False, separators=(",", ":")).encode()
    try:
        headers = signed(name_of(call), int(time.time()), body, keys_of(call.webhook))
        headers |= {"Content-Type": "application/json", "User-Agent": "Overture-Webhooks/1"}
        allow_private = settings.OVERTURE_ALLOW_PRIVATE_WEBHOOK_HOSTS
        answer = safe_http.post(
            call.webhook.url, body, headers, allow_private=allow_private, patience=PATIENCE
        )
    except SecretError as error:
        return Ending(None, "secret_lost", error.code)
    except UrlError as error:
        return Ending(None, error.code, "")
    except CallError as error:
        return Ending(None, error.code, error.words)
    problem = "redirect" if answer.goes_to else ""
    return Ending(answer.status, problem, answer.goes_to or answer.text, retry_after=answer.retry_after)


def _recover(webhook: Webhook) -> None:
    if webhook.failures or webhook.rests_until:
        Webhook.objects.filter(pk=webhook.pk).update(failures=0, failing_since=None, rests_until=None)


def _fail(webhook: Webhook, ending: Ending) -> None:
    """An answer may blame one call or the whole receiver, nobody knows: after a few in a row it rests."""
    now = timezone.now()
    since = webhook.failing_since or now
    rests = ending.status in (None, 429, 503) or webhook.failures + 1 >= PATIENCE_WITH_ANSWERS
    rest = min(FIRST_REST * 2 ** min(webhook.failures, 20), LONGEST_REST)
    rest = max(rest, min(ending.retry_after or 0, LONGEST_REST))
    Webhook.objects.filter(pk=webhook.pk).update(
        failures=F("failures") + 1,
        failing_since=since,
        rests_until=now + timedelta(seconds=rest) if rests else None,
    )
    if ending.status == 410:
        pause_failing(webhook, Webhook.Paused.GONE)
    elif since < now - GIVE_UP:
        pause_failing(webhook, Webhook.Paused.FAILING)
