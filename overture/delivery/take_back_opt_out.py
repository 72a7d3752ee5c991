"""Takes an opt-out back: the person who opted out by the link of an e-mail says it was a mistake."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from overture.activity.record import record
from overture.delivery.models import Delivery, Suppression
from overture.delivery.opt_out import delivery_with_token


@transaction.atomic
def take_back_opt_out(token: str) -> Delivery | None:
    """Lifts the opt-out made by this very link, nothing else. None for a token we did not make."""
    delivery = delivery_with_token(token)
    if delivery is None:
        return None
    own = Suppression.objects.filter(
        workspace_id=delivery.workspace_id,
        delivery=delivery,
        reason=Suppression.Reason.OPTED_OUT,
        lifted_at=None,
    )
    if own.update(lifted_at=timezone.now(), lifted_because="by the person"):
        Delivery.objects.filter(pk=delivery.pk).update(opted_out_at=None)
        facts = {"prospect_id": delivery.prospect_id, "mailing_id": delivery.mailing_id}
        record("opt_out_taken_back", delivery.workspace_id, None, **facts)
    return delivery


def is_opted_out(delivery: Delivery) -> bool:
    """Whether this workspace may not e-mail the address of a delivery, for whatever reason."""
    there = Suppression.objects.filter(workspace_id=delivery.workspace_id, lifted_at=None)
    return bool(delivery.address_key) and there.filter(address_key=delivery.address_key).exists()
