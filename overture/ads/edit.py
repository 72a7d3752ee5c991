"""Changes an ad, or ends it. Its links in e-mails that left go on working, to the landing page of now."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Least
from django.utils import timezone

from overture.accounts.access import require
from overture.accounts.models import Membership
from overture.accounts.roles import Permission
from overture.activity.record import record
from overture.ads.details import Details, check_details
from overture.ads.models import Ad


@transaction.atomic
def edit(member: Membership, ad: Ad, details: Details) -> Ad:
    """Raises AdError. Its program stays: tracking links that have left name it."""
    require(member, Permission.MANAGE_ADS)
    begins = details.active_from or ad.active_from
    columns = check_details(details, begins)
    Ad.objects.visible_to(member).filter(pk=ad.pk).update(active_from=begins, **columns)
    ad.refresh_from_db()
    record("ad_edited", member.workspace_id, member, ad=ad.pk, name=ad.name)
    return ad


@transaction.atomic
def end(member: Membership, ad: Ad) -> Ad:
    """From now on no new e-mail carries it. One that has not begun yet never will."""
    require(member, Permission.MANAGE_ADS)
    now = timezone.now()
    live = Ad.objects.visible_to(member).filter(pk=ad.pk).exclude(active_to__lte=now)
    # An ad ends after it starts, so the start of one still to come moves before now.
    if live.update(active_from=Least(F("active_from"), now - timedelta(seconds=1)), active_to=now):
        record("ad_ended", member.workspace_id, member, ad=ad.pk, name=ad.name)
    ad.refresh_from_db()
    return ad
