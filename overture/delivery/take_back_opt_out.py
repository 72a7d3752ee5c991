"""Takes an opt-out back: the person who opted out by the link of an e-mail says it was a mistake.

The link alone takes nothing back: colleagues read it in previews, and it goes along with a forwarded e-mail.
Only the answer to the press that made the opt-out holds the key to undo it.
"""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from overture.activity.record import record
from overture.delivery.models import Delivery, Suppression
from overture.delivery.opt_out import delivery_with_token
from overture.lib.signing import sign, unsign

_PURPOSE = "opt-out-undo"


def undo_key(made: Suppression) -> str:
    """For `take_back_opt_out`, of what `press` made."""
    return sign(made.pk, _PURPOSE, settings.SIGNING_KEY)


@transaction.atomic
def take_back_opt_out(token: str, key: str) -> Delivery | None:
    """Lifts the opt-out that the key belongs to, nothing else. None for a token not ours."""
    delivery = delivery_with_token(token)
    if delivery is None:
        return None
    made = _own_opt_out(delivery).filter(pk=unsign(key, _PURPOSE, settings.SIGNING_KEY) or 0)
    if made.update(lifted_at=timezone.now(), lifted_because="by the person"):
        of_address = Delivery.objects.filter(
            workspace_id=delivery.workspace_id, address_key=delivery.address_key
        )
        of_address.filter(opted_out_at__isnull=False).update(opted_out_at=None)
        facts = {"prospect_id": delivery.prospect_id, "mailing_id": delivery.mailing_id}
        record("opt_out_taken_back", delivery.workspace_id, None, **facts)
    return delivery


def is_opted_out(delivery: Delivery) -> bool:
    """Whether this workspace may not e-mail the address of a delivery, for whatever reason."""
    return bool(delivery.address_key) and _held(delivery).exists()


def _own_opt_out(delivery: Delivery) -> QuerySet[Suppression]:
    """Made by the link of an e-mail to this address; a colleague's entry is not the person's to lift."""
    return _held(delivery).filter(reason=Suppression.Reason.OPTED_OUT, delivery__isnull=False)


def _held(delivery: Delivery) -> QuerySet[Suppression]:
    there: QuerySet[Suppression] = Suppression.objects.filter(
        workspace_id=delivery.workspace_id, address_key=delivery.address_key, lifted_at=None
    )
    return there
