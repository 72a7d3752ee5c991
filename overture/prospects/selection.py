"""Prospects chosen over many pages: a row in the database, whose id stands in the URL.

Without a filter its rows are the chosen ones. With one, everything that matches is chosen but its rows.
No list of ids longer than a page passes through here: what concerns many is one statement.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from overture.accounts.models import Membership
from overture.prospects.filters import PROSPECTS, Filter, matching
from overture.prospects.models import Prospect, Selection, SelectionRow


@dataclass(frozen=True)
class PageState:
    """The head's checkbox, and which rows of the page are chosen. `head` is "none", "some" or "all"."""

    head: str
    chosen: frozenset[int]


def start(member: Membership, origin: str = PROSPECTS) -> Selection:
    """A new selection with nothing in it."""
    return Selection.objects.create(workspace_id=member.workspace_id, member=member, origin=origin)


def find(member: Membership, number: int | str | None, origin: str = PROSPECTS) -> Selection | None:
    """The member's own selection of this id and list, or None: a colleague's link chooses nothing."""
    text = str(number or "")
    if not (text.isascii() and text.isdigit()) or len(text) > 18:
        return None
    return Selection.objects.visible_to(member).filter(pk=int(text), member=member, origin=origin).first()


@transaction.atomic
def choose(member: Membership, selection: Selection, ids: Iterable[int]) -> None:
    """Takes these prospects in; ids the member cannot see are passed over."""
    _lock(selection)
    if selection.filter is None:
        _add(member, selection, ids)
    else:
        selection.rows.filter(prospect_id__in=list(ids)).delete()


@transaction.atomic
def drop(member: Membership, selection: Selection, ids: Iterable[int]) -> None:
    """Leaves these prospects out."""
    _lock(selection)
    if selection.filter is None:
        selection.rows.filter(prospect_id__in=list(ids)).delete()
    else:
        _add(member, selection, ids)


@transaction.atomic
def choose_all(member: Membership, selection: Selection, wanted: Filter) -> None:
    """Everything that matches is chosen, those on other pages and those to come included."""
    _lock(selection)
    selection.rows.all().delete()
    selection.filter = wanted.as_dict()
    selection.save(update_fields=["filter"])


@transaction.atomic
def clear(selection: Selection) -> None:
    _lock(selection)
    selection.rows.all().delete()
    selection.filter = None
    selection.save(update_fields=["filter"])


def narrow(member: Membership, selection: Selection, wanted: Filter) -> Selection:
    """The selection that holds once the page shows `wanted`.

    "Everything that matches" ends when another filter comes: a new, empty selection is given back.
    The old one stays as it was, so undo is a link to it with `filter_of(old)`.
    """
    if selection.filter is None or filter_of(selection) == wanted:
        return selection
    return start(member, selection.origin)


def filter_of(selection: Selection) -> Filter | None:
    """What everything chosen matches; None where single ones were chosen."""
    return None if selection.filter is None else Filter.parse(selection.filter)


def chosen(member: Membership, selection: Selection) -> QuerySet[Prospect]:
    """The chosen prospects as a query, for counting, exporting and preparing in one statement."""
    own = Exists(SelectionRow.objects.filter(selection=selection, prospect=OuterRef("pk")))
    wanted = filter_of(selection)
    if wanted is None:
        rows: QuerySet[Prospect] = Prospect.objects.visible_to(member).filter(own)
        return rows
    return matching(member, wanted, selection.origin).exclude(own)


def count(member: Membership, selection: Selection) -> int:
    return chosen(member, selection).count()


def not_shown(member: Membership, selection: Selection, wanted: Filter) -> int:
    """How many of the chosen ones the filter hides."""
    if filter_of(selection) == wanted:
        return 0
    shown = matching(member, wanted, selection.origin).values("pk")
    return chosen(member, selection).exclude(pk__in=shown).count()


def page_state(member: Membership, selection: Selection | None, ids: Iterable[int]) -> PageState:
    """What of this page is chosen; one query."""
    page = list(ids)
    if selection is None or not page:
        return PageState("none", frozenset())
    found = frozenset(chosen(member, selection).filter(pk__in=page).values_list("pk", flat=True))
    head = "all" if len(found) == len(set(page)) else "some" if found else "none"
    return PageState(head, found)


def _add(member: Membership, selection: Selection, ids: Iterable[int]) -> None:
    seen = Prospect.objects.visible_to(member).filter(pk__in=list(ids)).values_list("pk", flat=True)
    rows = [SelectionRow(selection=selection, prospect_id=each) for each in seen]
    SelectionRow.objects.bulk_create(rows, ignore_conflicts=True)


def _lock(selection: Selection) -> None:
    """Two clicks at once come one after the other; the row as the first left it is read again."""
    fresh = Selection.objects.select_for_update().get(pk=selection.pk)
    selection.filter = fresh.filter
    Selection.objects.filter(pk=selection.pk).update(touched_at=timezone.now())
