"""Which ad codes a letter may carry now, and which only existed."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict

from django.db.models import Q, QuerySet
from django.utils import timezone

from overture.ads.models import Ad


class AdFacts(TypedDict):
    """JSON values, so that a manifest can freeze them; `program` is as it stands in tracking links."""

    kind: str
    text: str
    image: str
    width: int | None
    height: int | None
    alt: str
    program: str
    name: str


def active_ads(workspace_id: int, at: datetime | None = None) -> dict[int, AdFacts]:
    """By the ad's number, newest first; `at` is now unless given."""
    ads = active(Ad.objects.filter(workspace_id=workspace_id), at)
    return {ad.pk: facts_of(ad) for ad in ads.order_by("-id")}


def inactive_ads(workspace_id: int, at: datetime | None = None) -> frozenset[int]:
    """Ads that exist but are ended or still to come: their ad codes are an error with words of its own."""
    there = Ad.objects.filter(workspace_id=workspace_id)
    return frozenset(there.exclude(pk__in=active(there, at)).values_list("pk", flat=True))


def facts_of(ad: Ad) -> AdFacts:
    return AdFacts(
        kind=ad.kind,
        text=ad.text,
        image=ad.image,
        width=ad.width,
        height=ad.height,
        alt=ad.alt,
        program=str(ad.program_id),
        name=ad.name,
    )


def active(ads: QuerySet[Ad], at: datetime | None = None) -> QuerySet[Ad]:
    at = at or timezone.now()
    return ads.filter(Q(active_to=None) | Q(active_to__gt=at), active_from__lte=at)
