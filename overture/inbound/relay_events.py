"""What relays tell of e-mails: written into the ledger, where it is proven that the e-mail was ours."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from anymail.signals import AnymailTrackingEvent, EventType, RejectReason
from django.utils import timezone

from overture.delivery.given_ids import deliveries_given
from overture.delivery.message_id import delivery_of
from overture.delivery.models import Delivery
from overture.delivery.opt_out import opt_out, opt_out_token
from overture.delivery.settle import Told, settle
from overture.inbound.bounces import note_bounce, note_delivered
from overture.inbound.complaints import note_complaint
from overture.inbound.parsing.report import kind_of
from overture.mailboxes.models import Mailbox
from overture.mailboxes.relays.message import OUR_ID

# That the relay has the e-mail, whatever became of it.
_PROVES = (
    EventType.QUEUED, EventType.SENT, EventType.DEFERRED, EventType.DELIVERED, EventType.COMPLAINED,
    EventType.UNSUBSCRIBED,
)  # fmt: skip
_BACK = (EventType.BOUNCED, EventType.REJECTED, EventType.FAILED)
# The provider's own name of a bounce: Amazon's and Resend's bounceType, Postmark's Type, Brevo's event.
_KINDS = {
    "Permanent": "hard", "Transient": "soft", "Undetermined": "unknown",
    "HardBounce": "hard", "BadEmailAddress": "hard", "SoftBounce": "soft",
    "hard_bounce": "hard", "invalid_email": "hard", "soft_bounce": "soft", "blocked": "blocked",
    "error": "unknown",
}  # fmt: skip
_REASONS = {
    RejectReason.BOUNCED: "hard",
    RejectReason.INVALID: "hard",
    RejectReason.TIMED_OUT: "soft",
    RejectReason.BLOCKED: "blocked",
    RejectReason.SPAM: "blocked",
    RejectReason.UNSUBSCRIBED: "blocked",
}
# anymail does not know them yet.
_RESEND = {"email.failed": "unknown", "email.suppressed": "blocked"}


def take_event(mailbox: Mailbox, event: AnymailTrackingEvent) -> bool:
    """Whether it was of an e-mail of ours and told something that counts. Twice the same changes nothing."""
    kind = _bounced(mailbox.kind, event)
    delivery = _delivery(mailbox, event) if kind or event.event_type in _PROVES else None
    if delivery is None:
        return False
    if delivery.state == Delivery.State.UNKNOWN:  # the relay has it: it left
        settle([Told(delivery.pk, delivery.lease, "sent", "relay_told", "")])
    at = _moment(event)
    if kind:
        note_bounce(delivery, kind, _words(event), at)
    elif event.event_type == EventType.DELIVERED:
        note_delivered(delivery, at)
    elif event.event_type == EventType.COMPLAINED:
        note_complaint(delivery, at)
    elif event.event_type == EventType.UNSUBSCRIBED:
        _opt_out(delivery, event)
    return True


def _delivery(mailbox: Mailbox, event: AnymailTrackingEvent) -> Delivery | None:
    """By our id with its HMAC, which went along; else by the id that the relay gave. Of this workspace."""
    metadata = event.metadata if isinstance(event.metadata, dict) else {}
    number = delivery_of(str(metadata.get(OUR_ID, "")))
    numbers = [number] if number is not None else []
    if not numbers and isinstance(event.message_id, str):
        named = delivery_of(event.message_id)
        numbers = [named] if named is not None else deliveries_given(mailbox.workspace_id, [event.message_id])
    rows = Delivery.objects.select_related("manifest").filter(
        pk__in=numbers, workspace=mailbox.workspace_id, state__in=("sent", "unknown", "sending")
    )
    found: Delivery | None = rows.first()
    return found


def _bounced(code: str, event: AnymailTrackingEvent) -> str:
    """hard, soft, blocked or unknown; empty where nothing came back."""
    told: dict[str, Any] = event.esp_event if isinstance(event.esp_event, dict) else {}
    if code == "resend" and (kind := _RESEND.get(str(told.get("type")))):
        return kind
    if event.event_type not in _BACK:
        return ""
    if kind := _KINDS.get(_own_name(code, told)):
        return kind
    if code == "mailgun" and event.event_type == EventType.BOUNCED:
        # Permanent for Mailgun is also what it gave up, or what was refused for its content.
        words = _words(event)
        status = str(((told.get("event-data") or {}).get("delivery-status") or {}).get("enhanced-code") or "")
        return kind_of(status, words)
    return _REASONS.get(event.reject_reason, "unknown")


def _own_name(code: str, told: dict[str, Any]) -> str:
    match code:
        case "amazon_ses":
            return str((told.get("bounce") or {}).get("bounceType", ""))
        case "postmark":
            return str(told.get("Type", ""))
        case "resend":
            return str(((told.get("data") or {}).get("bounce") or {}).get("type", ""))
        case "brevo":
            return str(told.get("event", ""))
    return ""


def _words(event: AnymailTrackingEvent) -> str:
    said = (event.mta_response, event.description)
    return next((str(each) for each in said if each), str(event.reject_reason or event.event_type))


def _moment(event: AnymailTrackingEvent) -> datetime:
    """When it happened, as the relay has it; never later than now."""
    now = timezone.now()
    at = event.timestamp
    if not isinstance(at, datetime):
        return now
    return min(at if timezone.is_aware(at) else timezone.make_aware(at), now)


def _opt_out(delivery: Delivery, event: AnymailTrackingEvent) -> None:
    """The person's own word alone: Postmark tells, too, when somebody at the brand did it there."""
    told = event.esp_event if isinstance(event.esp_event, dict) else {}
    # Once: the same event again must not undo what a member lifted since.
    if delivery.opted_out_at is None and told.get("Origin", "Recipient") == "Recipient":
        opt_out(opt_out_token(delivery.pk))
