"""Webhooks of Halden & Rowe, and what they were told."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import timedelta
from typing import Any

from django.utils import timezone

from overture.accounts.models import Membership
from overture.webhooks.edit import make
from overture.webhooks.models import Event, Webhook, WebhookCall
from tests.fakes.receiver import Came


def hook(member: Membership, url: str = "https://hooks.example/", *events: str) -> Webhook:
    return make(member, url, events or Event.values)[0]


def told(webhook: Webhook) -> list[tuple[str, Any]]:
    """Event and data of all its calls, in their order."""
    return [
        (call.event, call.body["data"]) for call in WebhookCall.objects.filter(webhook=webhook).order_by("pk")
    ]


def verify(came: Came, secret: str) -> int:
    """Checks a call as the specification says; answers its time. Written apart from sign.py."""
    kind, _, encoded = secret.partition("_")
    assert kind == "whsec"
    content = f"{came.headers['webhook-id']}.{came.headers['webhook-timestamp']}.".encode() + came.body
    digest = hmac.new(base64.b64decode(encoded), content, hashlib.sha256).digest()
    expected = "v1," + base64.b64encode(digest).decode()
    assert expected in came.headers["webhook-signature"].split(" ")
    return int(came.headers["webhook-timestamp"])


def make_due(webhook: Webhook) -> None:
    """As if the waits were over."""
    past = timezone.now() - timedelta(seconds=1)
    WebhookCall.objects.filter(webhook=webhook, state="waiting").update(due_at=past)
    Webhook.objects.filter(pk=webhook.pk).update(rests_until=None)
