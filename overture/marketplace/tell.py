"""Tells members, by a notice, of partners that came into a marketplace and match a search they saved."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from overture.directory.models import Partner
from overture.marketplace.models import SavedSearch
from overture.marketplace.query import SearchError
from overture.marketplace.saved_searches import search_of
from overture.marketplace.search import NotReady, new_since
from overture.notices.notices import notify

# A partner is told of when it has been listed for so long: by then those of the same moment are in the index.
SETTLED = timedelta(minutes=1)
# The index tells moments by the second, rounded; the database decides.
_ROUNDED = timedelta(seconds=1)
_NAMED = 3


def tell() -> int:
    """Looks once for every search that tells; how many notices that made.

    Any number of hosts may do it at once: each search is one's at a time, and what was told is kept with
    the notice. A host without an index tells nothing.
    """
    telling = SavedSearch.objects.filter(is_telling=True, member__removed_at=None)
    made = 0
    for number in list(telling.order_by("pk").values_list("pk", flat=True)):
        try:
            made += _tell_one(number)
        except NotReady:
            break
        except SearchError:
            # Kept by a version that knew more: it rests, and the page says what is wrong.
            continue
    return made


@transaction.atomic
def _tell_one(number: int) -> bool:
    # Locked before it is read: what another host told meanwhile is seen, or the search is passed over.
    rows = SavedSearch.objects.select_related("member").filter(pk=number, is_telling=True)
    saved = rows.select_for_update(of=("self",), skip_locked=True).first()
    if saved is None:
        return False
    found = new_since(saved.member, search_of(saved), saved.told_until - _ROUNDED)
    new = _settled(found, saved.told_until)
    if not new:
        return False
    # Not to this moment: who was listed before it may be seen after it, when a long transaction commits.
    saved.told_until = max(listed_at for _name, listed_at in new)
    saved.save(update_fields=["told_until"])
    notify(saved.member, "new_matches", **_facts(saved, [name for name, _listed_at in new]))
    return True


def _settled(mpids: list[int], since: datetime) -> list[tuple[str, datetime]]:
    """Name and moment of those listed after `since` and not just now, newest first."""
    rows = Partner.objects.listed().filter(pk__in=mpids, listed_at__gt=since)
    settled = rows.filter(listed_at__lt=timezone.now() - SETTLED)
    return list(settled.order_by("-listed_at", "-pk").values_list("name", "listed_at"))


def _facts(saved: SavedSearch, names: list[str]) -> dict[str, Any]:
    return {
        "search": saved.pk,
        "name": saved.name,
        # The word `kind` is the notice's own.
        "marketplace": saved.kind,
        "query": search_of(saved).as_query(),
        "count": len(names),
        "partners": names[:_NAMED],
    }
