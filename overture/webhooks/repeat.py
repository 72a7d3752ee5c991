"""Calls by hand: one more attempt of a call there was, and a test."""

from __future__ import annotations

from django.db import transaction
from django.http import Http404
from django.utils import timezone

from overture.accounts.access import require
from overture.accounts.models import Membership
from overture.accounts.roles import Permission
from overture.webhooks.call import attempt, settle
from overture.webhooks.errors import NotNow
from overture.webhooks.events import body
from overture.webhooks.models import TEST, Webhook, WebhookCall


@transaction.atomic
def repeat(member: Membership, call: WebhookCall) -> WebhookCall:
    """The same call once more, with the same body and webhook-id and all its attempts. Raises NotNow."""
    require(member, Permission.ADMINISTER)
    rows = WebhookCall.objects.visible_to(member).filter(webhook__removed_at=None)
    found: WebhookCall | None = (
        rows.select_related("webhook").select_for_update(of=("self",)).filter(pk=call.pk).first()
    )
    if found is None:
        raise Http404
    if found.webhook.paused_at is not None:
        raise NotNow("webhook_paused")
    found.state, found.attempts, found.due_at = WebhookCall.State.WAITING, 0, timezone.now()
    found.save(update_fields=["state", "attempts", "due_at"])
    # Who asks for it thinks that it will arrive now.
    Webhook.objects.filter(pk=found.webhook_id).update(rests_until=None)
    return found


def send_test(member: Membership, webhook: Webhook) -> WebhookCall:
    """Tells of nothing, now, paused or not; answers the call with how it ended. It is not tried again.

    Takes as long as the receiver, at most call.PATIENCE seconds.
    """
    require(member, Permission.ADMINISTER)
    now = timezone.now()
    call = WebhookCall.objects.create(
        workspace_id=member.workspace_id,
        webhook=webhook,
        event=TEST,
        body=body(TEST, now, member.workspace.slug, {"webhook": webhook.pk}),
        state=WebhookCall.State.FAILED,
        attempts=1,
        tried_at=now,
    )
    ending = attempt(call)
    if ending.is_well:
        settle(call, ending)
    else:
        # A test that fails says nothing of the calls that matter, and pauses nothing.
        call.status, call.problem, call.answer = ending.status, ending.problem, ending.words[:500]
        call.took_ms = ending.took_ms
        call.save(update_fields=["status", "problem", "answer", "took_ms"])
    return call
