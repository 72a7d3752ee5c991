"""Which activities are events, and what a call says of them: ids, and names that every member may see."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from overture.delivery.models import Mailing
from overture.delivery.progress import counts
from overture.webhooks.models import Event

VERBS: dict[str, tuple[str, ...]] = {
    Event.MESSAGE_RECEIVED: ("message_received",),
    Event.REPLY_RECEIVED: ("reply_received",),
    Event.FILE_BLOCKED: ("file_blocked",),
    Event.STAGE_CHANGED: ("stage_changed", "stage_moved"),
    Event.MAILING_DONE: ("mailing_done",),
    Event.OPTED_OUT: ("opted_out",),
}
EVENT_OF = {verb: event for event, verbs in VERBS.items() for verb in verbs}
# Facts of activities that go out as they are; nothing else of them does.
_IDS = ("conversation", "message", "attachment", "delivery")


class Happening(NamedTuple):
    """One activity, or a run of stage changes that say the same of many prospects."""

    number: int
    verb: str
    member_id: int | None
    mailing_id: int | None
    facts: dict[str, Any]
    at: datetime
    prospects: list[dict[str, Any]]


def body(event: str, at: datetime, workspace: str, data: dict[str, Any]) -> dict[str, Any]:
    moment = at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {"type": event, "timestamp": moment, "workspace": workspace, "data": data}


def data_of(happening: Happening, mailings: dict[int, dict[str, Any]]) -> dict[str, Any]:
    """`mailings`: of told_mailings(), by number."""
    event, prospects = EVENT_OF[happening.verb], happening.prospects
    if event == Event.STAGE_CHANGED:
        # Who moved them: a member, or the e-mail or message that was the first contact.
        return {
            "to": happening.facts.get("to"),
            "member": happening.member_id,
            "mailing": happening.mailing_id,
            "prospects": prospects,
        }
    if event == Event.MAILING_DONE:
        return {"mailing": mailings.get(happening.mailing_id or 0)}
    told: dict[str, Any] = {name: happening.facts[name] for name in _IDS if name in happening.facts}
    if event == Event.FILE_BLOCKED:
        return told | {"name": happening.facts.get("name", "")}
    told["prospect"] = prospects[0] if prospects else None
    return told | ({"mailing": happening.mailing_id} if event == Event.OPTED_OUT else {})


def told_mailings(happenings: Sequence[Happening]) -> dict[int, dict[str, Any]]:
    """Subject and counts of the mailings that are done."""
    done = [each.mailing_id or 0 for each in happenings if EVENT_OF[each.verb] == Event.MAILING_DONE]
    rows = Mailing.objects.filter(pk__in=done).only("pk", "subject", "done_at")
    return {row.pk: {"id": row.pk, "subject": row.subject, "counts": counts(row)} for row in rows}
