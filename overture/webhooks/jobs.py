"""Looks every few seconds for what happened, and has it told; forgets old calls at night."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from procrastinate import JobContext

from overture.jobs.task import enqueue, periodic, task
from overture.webhooks.call import call_due, due
from overture.webhooks.collect import collect
from overture.webhooks.models import WebhookCall

KEPT = timedelta(days=30)
# Webhooks that are called at a time, on all workers together: slow receivers must not take all their places.
LANES = 3


@periodic("* * * * * */3")
def tell_webhooks(timestamp: int) -> None:
    collect()
    for number in due():
        call_later(number)


def call_later(webhook_id: int) -> None:
    enqueue(
        call_webhook,
        once=f"webhook-{webhook_id}",
        lock=f"webhooks-{webhook_id % LANES}",
        webhook_id=webhook_id,
    )


@task(queue="webhooks", retry=False, with_context=True)
def call_webhook(context: JobContext, webhook_id: int) -> None:
    """Not tried again by itself: `tell_webhooks` has made what is still due."""
    call_due(webhook_id, context.should_abort)


@periodic("53 3 * * *")
def forget_old_calls(timestamp: int) -> None:
    WebhookCall.objects.filter(created_at__lt=timezone.now() - KEPT).delete()
