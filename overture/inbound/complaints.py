"""Somebody called an e-mail spam: written into the ledger, and they are not written to again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from overture.activity.record import record
from overture.delivery.models import Delivery, Suppression
from overture.delivery.spike import stop_spikes
from overture.inbound.bounces import suppress_address


@transaction.atomic
def note_complaint(delivery: Delivery, at: datetime) -> bool:
    """Whether it is the first. The caller has proof that the e-mail was ours."""
    found = Delivery.objects.select_for_update().get(pk=delivery.pk)
    if found.complained_at is not None:
        return False
    Delivery.objects.filter(pk=found.pk).update(complained_at=at)
    suppress_address(found, Suppression.Reason.COMPLAINED)
    record(
        "email_complained", found.workspace_id, prospect_id=found.prospect_id, mailing_id=found.mailing_id,
        delivery=found.pk,
    )  # fmt: skip
    stop_spikes(found.manifest.mailbox_id)
    return True
