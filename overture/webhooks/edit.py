"""Adds, changes, pauses and removes webhooks; administrators do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import Http404
from django.utils import timezone

from overture.accounts.access import require
from overture.accounts.models import Membership, Workspace
from overture.accounts.roles import Permission
from overture.activity.record import record
from overture.lib.safe_http import UrlError, target_of
from overture.webhooks.collect import now
from overture.webhooks.errors import WebhookError
from overture.webhooks.models import Event, Webhook, WebhookCall
from overture.webhooks.secret import BOTH, new_secret, sealed

MOST = 20


@transaction.atomic
def make(member: Membership, url: str, events: Iterable[str]) -> tuple[Webhook, str]:
    """It is told what happens from now on. Answers its secret, too, which is never shown again.

    Raises WebhookError: of url those of safe_http.UrlError; of events empty, unknown; too_many.
    """
    require(member, Permission.ADMINISTER)
    # Two at once would pass the count.
    Workspace.objects.select_for_update().get(pk=member.workspace_id)
    if Webhook.objects.visible_to(member).kept().count() >= MOST:
        raise WebhookError("url", "too_many_webhooks")
    webhook = Webhook(
        workspace_id=member.workspace_id,
        url=_url(url),
        events=_events(events),
        made_by=member,
        read_up_to=now(),
    )
    webhook.save()
    secret = new_secret()
    webhook.secret = sealed(webhook, secret)
    webhook.save(update_fields=["secret"])
    _record("webhook_made", member, webhook)
    return webhook, secret


@transaction.atomic
def edit(
    member: Membership, webhook: Webhook, *, url: str | None = None, events: Iterable[str] | None = None
) -> Webhook:
    """What is None stays. A new address is tried at once, whatever the old one did. Raises WebhookError."""
    webhook = _locked(member, webhook)
    changed: dict[str, Any] = {}
    if url is not None and (checked := _url(url)) != webhook.url:
        changed |= {"url": checked} | _fresh()
    if events is not None:
        changed["events"] = _events(events)
    _update(webhook, changed)
    _record("webhook_edited", member, webhook)
    return webhook


@transaction.atomic
def change_secret(member: Membership, webhook: Webhook) -> str:
    """A new secret, shown this once; for a day the old one signs, too."""
    webhook = _locked(member, webhook)
    secret = new_secret()
    _update(
        webhook,
        {
            "secret": sealed(webhook, secret),
            "old_secret": webhook.secret,
            "old_secret_until": timezone.now() + BOTH,
        },
    )
    _record("webhook_secret_changed", member, webhook)
    return secret


@transaction.atomic
def pause(member: Membership, webhook: Webhook) -> None:
    """No call is begun; what happens meanwhile is told when it goes on."""
    webhook = _locked(member, webhook)
    if webhook.paused_at is None:
        _update(webhook, {"paused_at": timezone.now(), "paused_because": Webhook.Paused.BY_HAND})
        _record("webhook_paused", member, webhook, because=Webhook.Paused.BY_HAND)


@transaction.atomic
def resume(member: Membership, webhook: Webhook) -> None:
    """What waited is tried at once."""
    webhook = _locked(member, webhook)
    if webhook.paused_at is not None:
        _update(webhook, {"paused_at": None, "paused_because": ""} | _fresh())
        waiting = WebhookCall.objects.filter(webhook=webhook, state=WebhookCall.State.WAITING)
        waiting.filter(due_at__gt=timezone.now()).update(due_at=timezone.now())
        _record("webhook_resumed", member, webhook)


@transaction.atomic
def remove(member: Membership, webhook: Webhook) -> None:
    """Nothing is told any more, and its secret is gone; what was told can be read for a while."""
    webhook = _locked(member, webhook)
    _update(webhook, {"removed_at": timezone.now(), "secret": "", "old_secret": "", "old_secret_until": None})
    WebhookCall.objects.filter(webhook=webhook, state=WebhookCall.State.WAITING).update(
        state=WebhookCall.State.FAILED, due_at=None, problem="removed"
    )
    _record("webhook_removed", member, webhook)


def _locked(member: Membership, webhook: Webhook) -> Webhook:
    require(member, Permission.ADMINISTER)
    rows = Webhook.objects.visible_to(member).kept().select_for_update()
    found: Webhook | None = rows.filter(pk=webhook.pk).first()
    if found is None:
        raise Http404
    return found


def _update(webhook: Webhook, changed: dict[str, Any]) -> None:
    for name, value in changed.items():
        setattr(webhook, name, value)
    if changed:
        webhook.save(update_fields=list(changed))


def _fresh() -> dict[str, Any]:
    return {"failures": 0, "failing_since": None, "rests_until": None}


def _record(verb: str, member: Membership, webhook: Webhook, **facts: Any) -> None:
    record(verb, member.workspace_id, member, webhook=webhook.pk, **facts)


def _url(url: str) -> str:
    url = url.strip()
    try:
        target_of(url, settings.OVERTURE_ALLOW_PRIVATE_WEBHOOK_HOSTS)
    except UrlError as error:
        raise WebhookError("url", error.code) from error
    return url


def _events(events: Iterable[str]) -> list[str]:
    """In their own order, each once."""
    chosen = set(events)
    if not chosen:
        raise WebhookError("events", "no_event")
    if chosen - set(Event.values):
        raise WebhookError("events", "unknown_event")
    return [event for event in Event.values if event in chosen]
