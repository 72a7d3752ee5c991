"""Forgets selections that nobody touched for a month."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from overture.prospects.models import Selection, SelectionRow

KEPT = timedelta(days=30)


def forget_selections(used: QuerySet[Selection]) -> int:
    """Deletes old selections but those `used`, as the floors above know; how many."""
    old = Selection.objects.filter(touched_at__lt=timezone.now() - KEPT).exclude(pk__in=used.values("pk"))
    numbers = list(old.values_list("pk", flat=True)[:10_000])
    # Their rows may be many: one statement, without reading them.
    SelectionRow.objects.filter(selection__in=numbers)._raw_delete(using=old.db)
    return int(Selection.objects.filter(pk__in=numbers).delete()[0])
