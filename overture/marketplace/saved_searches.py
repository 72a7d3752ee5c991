"""Searches a member keeps under a name, and whether they tell of partners that come and match."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from overture.accounts.models import Membership
from overture.marketplace.models import SavedSearch
from overture.marketplace.query import Search

LONGEST = 80
MOST = 50


class SavedSearchError(ValueError):
    """A search that cannot be kept so. Codes: empty, too_long, taken (all of the name); too_many (MOST)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def saved_searches(member: Membership) -> QuerySet[SavedSearch]:
    """The member's own, of both marketplaces."""
    rows: QuerySet[SavedSearch] = SavedSearch.objects.visible_to(member).filter(member=member)
    return rows


@transaction.atomic
def keep(member: Membership, name: str, search: Search) -> SavedSearch:
    """A new one; it tells of partners that come from now on. Raises SavedSearchError."""
    # Two at once come one after the other, so that both count.
    Membership.objects.select_for_update().get(pk=member.pk)
    if saved_searches(member).count() >= MOST:
        raise SavedSearchError("too_many")
    row = SavedSearch(
        workspace_id=member.workspace_id,
        member=member,
        kind=search.kind,
        name=_checked(name),
        search=search.as_dict(),
    )
    _save(row)
    return row


@transaction.atomic
def rename(member: Membership, saved: SavedSearch, name: str) -> None:
    """Raises SavedSearchError."""
    row = _own(member, saved)
    row.name = saved.name = _checked(name)
    _save(row, "name")


@transaction.atomic
def set_telling(member: Membership, saved: SavedSearch, is_telling: bool) -> None:
    """From now on: what came while it did not tell is not told later."""
    row = _own(member, saved)
    if row.is_telling != is_telling:
        row.is_telling = saved.is_telling = is_telling
        row.told_until = saved.told_until = timezone.now()
        row.save(update_fields=["is_telling", "told_until"])


def forget(member: Membership, saved: SavedSearch) -> None:
    _own(member, saved).delete()


def search_of(saved: SavedSearch) -> Search:
    """Raises SearchError where it was kept by a version that knew more."""
    return Search.parse(saved.search, saved.kind)


def _own(member: Membership, saved: SavedSearch) -> SavedSearch:
    """Raises SavedSearch.DoesNotExist for one of another member."""
    return saved_searches(member).get(pk=saved.pk)


def _checked(name: str) -> str:
    name = " ".join(name.replace("\0", " ").split())
    if not name:
        raise SavedSearchError("empty")
    if len(name) > LONGEST:
        raise SavedSearchError("too_long")
    return name


def _save(row: SavedSearch, *fields: str) -> None:
    try:
        with transaction.atomic():
            row.save(update_fields=fields or None)
    except IntegrityError as error:
        raise SavedSearchError("taken") from error
