"""Forgets selections of tiles that nobody touched for a month."""

from __future__ import annotations

from django.utils import timezone

from overture.marketplace.models import TileSelection, TileSelectionRow
from overture.prospects.forget_selections import KEPT


def forget_tiles() -> int:
    """How many. No mailing needs them: it has a selection of prospects of its own."""
    old = TileSelection.objects.filter(touched_at__lt=timezone.now() - KEPT)
    numbers = list(old.values_list("pk", flat=True)[:10_000])
    # Their rows may be many: one statement, without reading them.
    TileSelectionRow.objects.filter(selection__in=numbers)._raw_delete(using=old.db)
    TileSelection.objects.filter(pk__in=numbers).delete()
    return len(numbers)
