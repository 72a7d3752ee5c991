"""What came back: written into the ledger, and an address that does not exist is not written to again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from overture.activity.record import record
from overture.delivery.models import Delivery, Suppression
from overture.delivery.spike import stop_spikes

KINDS = ("hard", "soft", "blocked", "unknown")


@transaction.atomic
def note_bounce(delivery: Delivery, kind: str, words: str, at: datetime) -> bool:
    """Whether it says something new: the first bounce, or a hard one after another kind.

    The caller has proof that the e-mail was ours. `kind` is one of KINDS, `words` are the server's.
    """
    if kind not in KINDS:
        raise ValueError(kind)
    found = Delivery.objects.select_for_update().get(pk=delivery.pk)
    if found.bounced_at is not None and (kind != "hard" or found.bounce_kind == "hard"):
        return False
    Delivery.objects.filter(pk=found.pk).update(
        bounced_at=at, bounce_kind=kind, smtp_reply=" ".join(words.split())[:500]
    )
    record(
        "email_bounced", found.workspace_id, prospect_id=found.prospect_id, mailing_id=found.mailing_id,
        delivery=found.pk, kind=kind,
    )  # fmt: skip
    if kind == "hard":
        suppress_address(found, Suppression.Reason.BOUNCED)
        stop_spikes(found.manifest.mailbox_id)
    return True


@transaction.atomic
def note_delivered(delivery: Delivery, at: datetime) -> None:
    """With evidence alone: the report of the last server, or a relay's word."""
    Delivery.objects.filter(pk=delivery.pk, delivered_at=None).update(delivered_at=at)


def suppress_address(delivery: Delivery, reason: str) -> None:
    """A complaint weighs more than a bounce or a hand; an opt-out stays what it is."""
    if not delivery.address_key:
        return
    suppression, is_new = Suppression.objects.get_or_create(
        workspace_id=delivery.workspace_id,
        address_key=delivery.address_key,
        lifted_at=None,
        defaults={"address": delivery.address, "reason": reason, "delivery": delivery},
    )
    weaker = (Suppression.Reason.BOUNCED, Suppression.Reason.BY_HAND)
    if not is_new and reason == Suppression.Reason.COMPLAINED and suppression.reason in weaker:
        Suppression.objects.filter(pk=suppression.pk).update(reason=reason, delivery=delivery)
