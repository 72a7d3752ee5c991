"""What relays post to a webhook, as their documentation shows it, signed as they sign."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from base64 import b64encode
from typing import Any, NamedTuple
from uuid import uuid4

SIGNING = "whsec_" + b64encode(b"a key of twenty-four byte").decode()
MAILGUN_SIGNING = "mailgun-signing-key"
AT = 1_795_600_000  # seconds; in November 2026


class Post(NamedTuple):
    body: bytes
    headers: dict[str, str]


def post(relay: str, what: str, ours: str, given: str, address: str, secret: str) -> Post:
    """`what`: delivered, hard, soft, blocked, complained, opted_out, opened. `ours` is our id in metadata."""
    made: Post = globals()[f"_{relay}"](what, {"overture_id": ours} if ours else {}, given, address, secret)
    return made


def _postmark(what: str, metadata: dict[str, str], given: str, address: str, secret: str) -> Post:
    said: dict[str, Any] = {
        "delivered": {"RecordType": "Delivery", "Recipient": address, "DeliveredAt": "2026-11-26T10:00:00Z"},
        "hard": {"RecordType": "Bounce", "Type": "HardBounce", "ID": 42},
        "soft": {"RecordType": "Bounce", "Type": "SoftBounce", "ID": 43},
        "blocked": {"RecordType": "Bounce", "Type": "Blocked", "ID": 44},
        "complained": {"RecordType": "SpamComplaint", "Type": "SpamComplaint", "ID": 45},
        "opted_out": {
            "RecordType": "SubscriptionChange", "SuppressSending": True,
            "SuppressionReason": "ManualSuppression", "Origin": "Recipient",
            "ChangedAt": "2026-11-26T10:00:00Z",
        },
        "opened": {"RecordType": "Open", "ReceivedAt": "2026-11-26T10:00:00Z"},
    }[what]  # fmt: skip
    if what in ("hard", "soft", "blocked", "complained"):
        said |= {"BouncedAt": "2026-11-26T10:00:00Z", "Email": address, "Details": f"smtp;550 {what}"}
    return _with_password(said | {"MessageID": given, "Metadata": metadata}, secret)


def _brevo(what: str, metadata: dict[str, str], given: str, address: str, secret: str) -> Post:
    names = {
        "delivered": "delivered", "hard": "hard_bounce", "soft": "soft_bounce", "blocked": "blocked",
        "complained": "spam", "opted_out": "unsubscribe", "opened": "opened",
    }  # fmt: skip
    said = {
        "event": names[what], "email": address, "message-id": f"<{given}>", "ts_epoch": AT * 1000,
        "reason": f"550 {what}", "X-Mailin-custom": json.dumps(metadata),
    }  # fmt: skip
    return _with_password(said, secret)


def _amazon_ses(what: str, metadata: dict[str, str], given: str, address: str, secret: str) -> Post:
    headers = [{"name": "X-Metadata", "value": json.dumps(metadata)}] if metadata else []
    said: dict[str, Any] = {"mail": {"messageId": given, "destination": [address], "headers": headers}}
    if what in ("hard", "soft"):
        said |= {"eventType": "Bounce", "bounce": {
            "bounceType": "Permanent" if what == "hard" else "Transient", "bounceSubType": "General",
            "bouncedRecipients": [{"emailAddress": address, "diagnosticCode": f"smtp; 550 {what}"}],
        }}  # fmt: skip
    elif what == "complained":
        said |= {"eventType": "Complaint", "complaint": {"complainedRecipients": [{"emailAddress": address}]}}
    elif what == "delivered":
        said |= {"eventType": "Delivery", "delivery": {"recipients": [address], "smtpResponse": "250 ok"}}
    elif what == "blocked":
        said |= {"eventType": "Reject", "reject": {"reason": "Bad content"}}
    else:
        said |= {"eventType": "Open", "open": {}}
    return sns("Notification", secret, Message=json.dumps(said))


def sns(kind: str, secret: str, **more: str) -> Post:
    number = str(uuid4())
    said = {
        "Type": kind, "MessageId": number, "TopicArn": "arn:aws:sns:eu-west-1:123456789012:overture",
        "Timestamp": "2026-11-26T10:00:00.000Z", "SignatureVersion": "1", "Signature": "x",
        "SigningCertURL": "https://sns.eu-west-1.amazonaws.example/cert.pem", **more,
    }  # fmt: skip
    made = _with_password(said, secret)
    made.headers.update({"x-amz-sns-message-type": kind, "x-amz-sns-message-id": number})
    return made


def _mailgun(what: str, metadata: dict[str, str], given: str, address: str, secret: str) -> Post:
    event: dict[str, Any] = {
        "delivered": {"event": "delivered"},
        "hard": {"event": "failed", "severity": "permanent", "reason": "bounce", "delivery-status": {
            "code": 550, "enhanced-code": "5.1.1", "message": "5.1.1 hard: user unknown"}},
        "soft": {"event": "failed", "severity": "permanent", "reason": "generic", "delivery-status": {
            "code": 552, "enhanced-code": "5.2.2", "message": "5.2.2 soft: mailbox full"}},
        "blocked": {"event": "failed", "severity": "permanent", "reason": "generic", "delivery-status": {
            "code": 550, "enhanced-code": "5.7.1", "message": "5.7.1 blocked: spam"}},
        "complained": {"event": "complained"},
        "opted_out": {"event": "unsubscribed"},
        "opened": {"event": "opened"},
    }[what]  # fmt: skip
    event |= {
        "timestamp": AT, "recipient": address, "user-variables": metadata,
        "message": {"headers": {"message-id": given}},
    }  # fmt: skip
    token, moment = uuid4().hex, str(AT)
    mark = hmac.new(secret.encode(), f"{moment}{token}".encode(), hashlib.sha256).hexdigest()
    signature = {"token": token, "timestamp": moment, "signature": mark}
    return Post(json.dumps({"signature": signature, "event-data": event}).encode(), {})


def _resend(what: str, metadata: dict[str, str], given: str, address: str, secret: str) -> Post:
    names = {
        "delivered": "delivered", "hard": "bounced", "soft": "bounced", "complained": "complained",
        "opened": "opened", "blocked": "suppressed",
    }  # fmt: skip
    data: dict[str, Any] = {"email_id": given, "to": [address]}
    if metadata:
        data["headers"] = [{"name": "X-Metadata", "value": json.dumps(metadata)}]
    if what in ("hard", "soft"):
        data["bounce"] = {"type": "Permanent" if what == "hard" else "Transient", "message": f"550 {what}"}
    said = {"type": f"email.{names[what]}", "created_at": "2026-11-26T10:00:00.000Z", "data": data}
    return svix(json.dumps(said).encode(), secret, int(time.time()))


def svix(body: bytes, secret: str, moment: int) -> Post:
    from base64 import b64decode

    number = f"msg_{uuid4().hex}"
    key = b64decode(secret.removeprefix("whsec_"))
    mark = b64encode(hmac.digest(key, f"{number}.{moment}.".encode() + body, "sha256")).decode()
    return Post(
        body, {"svix-id": number, "svix-timestamp": str(moment), "svix-signature": f"v1,other v1,{mark}"}
    )


def _with_password(said: dict[str, Any], secret: str) -> Post:
    door = b64encode(f"overture:{secret}".encode()).decode()
    return Post(json.dumps(said).encode(), {"Authorization": f"Basic {door}"})
