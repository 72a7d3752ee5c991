"""Opting out by the link of an e-mail: no sign-in, at once, and once is enough."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Now

from overture.activity.record import record
from overture.delivery.models import Delivery, Suppression
from overture.lib.signing import sign, signer, unsign

_PURPOSE = "opt-out"


def opt_out_url(delivery_id: int) -> str:
    return opt_out_urls()(delivery_id)


def opt_out_urls() -> Callable[[int], str]:
    """`opt_out_url` for many deliveries."""
    start, token = f"{settings.OVERTURE_BASE_URL}/o/", signer(_PURPOSE, settings.SIGNING_KEY)
    return lambda delivery_id: start + token(delivery_id)


def opt_out_token(delivery_id: int) -> str:
    return sign(delivery_id, _PURPOSE, settings.SIGNING_KEY)


def delivery_number(token: str) -> int | None:
    return unsign(token, _PURPOSE, settings.SIGNING_KEY)


def delivery_with_token(token: str) -> Delivery | None:
    """Whose link it is, with its workspace and manifest; None for a token we did not make."""
    number = delivery_number(token)
    if number is None:
        return None
    found: Delivery | None = (
        Delivery.objects.select_related("workspace", "manifest").filter(pk=number).first()
    )
    return found


def opt_out(token: str) -> Delivery | None:
    """From now on this workspace e-mails the address no more. None for a token we did not make."""
    delivery, _ = press(token)
    return delivery


# Not while its manifest is made anew or thrown away: then there is no such delivery any more (draft.py).
_HOLD = """
    SELECT FROM overture_delivery d JOIN overture_mailing m ON m.id = d.mailing_id WHERE d.id = %s
    FOR KEY SHARE OF m, d
"""


def _holds(delivery: Delivery) -> bool:
    """Whether it is still there, and will be until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, [delivery.pk])
        return bool(cursor.rowcount)


@transaction.atomic
def press(token: str) -> tuple[Delivery | None, Suppression | None]:
    """The same; and the suppression it made, None where one held already."""
    delivery = delivery_with_token(token)
    if delivery is None or not _holds(delivery):
        return None, None
    Delivery.objects.filter(pk=delivery.pk, opted_out_at=None).update(opted_out_at=Now())
    if not delivery.address_key:
        return delivery, None
    suppression, is_new = Suppression.objects.get_or_create(
        workspace_id=delivery.workspace_id,
        address_key=delivery.address_key,
        lifted_at=None,
        defaults={"address": delivery.address, "reason": Suppression.Reason.OPTED_OUT, "delivery": delivery},
    )
    if not is_new and suppression.reason != Suppression.Reason.OPTED_OUT:
        # What the person says weighs more than what we knew.
        Suppression.objects.filter(pk=suppression.pk).update(
            reason=Suppression.Reason.OPTED_OUT, delivery=delivery
        )
    elif not is_new:
        return delivery, None
    facts = {"prospect_id": delivery.prospect_id, "mailing_id": delivery.mailing_id}
    record("opted_out", delivery.workspace_id, None, **facts)
    return delivery, suppression if is_new else None
