"""/webhooks: where to tell what happened, and each call that was made. For administrators."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from django.shortcuts import get_object_or_404
from ninja import Query, Router
from pydantic import BaseModel, Field

from overture.accounts.access import require
from overture.accounts.models import Membership
from overture.accounts.roles import Permission
from overture.api.bearer import ApiRequest
from overture.api.bodies import In
from overture.api.paging import Listed, Walk, listed
from overture.webhooks import edit as verbs
from overture.webhooks import repeat as by_hand
from overture.webhooks.models import Webhook, WebhookCall

router = Router(tags=["Webhooks"])
EventName = Literal[
    "message.received", "reply.received", "file.blocked", "stage.changed", "mailing.done", "opted_out"
]
State = Literal["waiting", "done", "failed"]


class WebhookIn(In):
    url: str = Field(description="https; public hosts only, unless the operator allows others.")
    events: list[EventName] = Field(min_length=1)


class WebhookPatch(In):
    url: str | None = None
    events: list[EventName] | None = Field(None, min_length=1)


class WebhookOut(BaseModel):
    id: int
    url: str
    events: list[EventName]
    failures: int = Field(description="Calls in a row that did not arrive.")
    failing_since: datetime | None
    paused_at: datetime | None
    paused_because: str = Field(description="by_hand, failing, gone; empty while it is on.")
    created_at: datetime


class WithSecret(WebhookOut):
    secret: str = Field(description="In this one answer only: it is never shown again.")


class CallOut(BaseModel):
    id: int
    webhook: int
    event: str
    body: dict[str, Any]
    state: State
    attempts: int
    due_at: datetime | None
    status: int | None = Field(description="HTTP status of the last answer.")
    problem: str = Field(description="A code where there was no answer: dns, timeout, tls, ...")
    answer: str = Field(description="The beginning of the last answer.")
    took_ms: int | None
    tried_at: datetime | None
    created_at: datetime


@router.get("", response=Listed[WebhookOut])
def list_webhooks(request: ApiRequest, walk: Query[Walk]) -> Any:
    return listed(_webhooks(request.member), walk, _shown)


@router.post("", response={201: WithSecret})
def add_webhook(request: ApiRequest, body: WebhookIn) -> Any:
    """It is told what happens from now on."""
    made, secret = verbs.make(request.member, body.url, body.events)
    return _one(made) | {"secret": secret}


@router.get("/{int:webhook}", response=WebhookOut)
def get_webhook(request: ApiRequest, webhook: int) -> Any:
    return _one(_find(request.member, webhook))


@router.patch("/{int:webhook}", response=WebhookOut)
def edit_webhook(request: ApiRequest, webhook: int, body: WebhookPatch) -> Any:
    """What is left out or null stays."""
    return _one(verbs.edit(request.member, _find(request.member, webhook), **body.given()))


@router.delete("/{int:webhook}", response={204: None})
def remove_webhook(request: ApiRequest, webhook: int) -> Any:
    verbs.remove(request.member, _find(request.member, webhook))
    return None


@router.post("/{int:webhook}/pause", response=WebhookOut)
def pause_webhook(request: ApiRequest, webhook: int) -> Any:
    """What happens meanwhile is told when it goes on, up to three days back."""
    verbs.pause(request.member, _find(request.member, webhook))
    return _one(_find(request.member, webhook))


@router.post("/{int:webhook}/resume", response=WebhookOut)
def resume_webhook(request: ApiRequest, webhook: int) -> Any:
    verbs.resume(request.member, _find(request.member, webhook))
    return _one(_find(request.member, webhook))


@router.post("/{int:webhook}/secret", response=WithSecret)
def change_webhook_secret(request: ApiRequest, webhook: int) -> Any:
    """For a day calls carry the signatures of the old one and the new one."""
    secret = verbs.change_secret(request.member, _find(request.member, webhook))
    return _one(_find(request.member, webhook)) | {"secret": secret}


@router.post("/{int:webhook}/test", response=CallOut)
def test_webhook(request: ApiRequest, webhook: int) -> Any:
    """Calls it at once with an event of type `test`; answers how that ended."""
    return _calls([by_hand.send_test(request.member, _find(request.member, webhook))])[0]


@router.get("/{int:webhook}/calls", response=Listed[CallOut])
def list_calls(request: ApiRequest, webhook: int, walk: Query[Walk], state: State | None = None) -> Any:
    """Of the last 30 days."""
    rows = WebhookCall.objects.visible_to(request.member).filter(webhook=_find(request.member, webhook))
    return listed(rows.filter(state=state) if state else rows, walk, _calls)


@router.post("/calls/{int:call}/repeat", response=CallOut)
def repeat_call(request: ApiRequest, call: int) -> Any:
    """The same once more, with the same webhook-id. 409 while the webhook is paused."""
    require(request.member, Permission.ADMINISTER)
    row = get_object_or_404(WebhookCall.objects.visible_to(request.member), pk=call)
    return _calls([by_hand.repeat(request.member, row)])[0]


def _webhooks(member: Membership) -> Any:
    require(member, Permission.ADMINISTER)
    return Webhook.objects.visible_to(member).kept()


def _find(member: Membership, number: int) -> Webhook:
    found: Webhook = get_object_or_404(_webhooks(member), pk=number)
    return found


def _one(webhook: Webhook) -> dict[str, Any]:
    return {name: getattr(webhook, name) for name in WebhookOut.model_fields}


def _shown(rows: Sequence[Webhook]) -> list[dict[str, Any]]:
    return [_one(row) for row in rows]


def _calls(rows: Sequence[WebhookCall]) -> list[dict[str, Any]]:
    names = [name for name in CallOut.model_fields if name != "webhook"]
    return [{name: getattr(row, name) for name in names} | {"webhook": row.webhook_id} for row in rows]
