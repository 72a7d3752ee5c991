"""Partners chosen among the tiles, over pages and filters: a row whose id stands in the URL."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from overture.accounts.models import Membership
from overture.directory.models import Partner
from overture.marketplace.listed import listed
from overture.marketplace.models import TileSelection, TileSelectionRow
from overture.marketplace.query import DEEPEST, Search
from overture.marketplace.search import search

MOST = DEEPEST
# How many a search answers at once when everything is chosen.
_STEP = 1000
_CHOOSE = """
INSERT INTO overture_tileselectionrow (selection_id, partner_id)
SELECT %s, id FROM unnest(%s::bigint[]) AS id ORDER BY id
ON CONFLICT DO NOTHING
"""


class ChoiceError(ValueError):
    """What cannot be chosen. Codes: too_many (more than MOST at once)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def start(member: Membership, kind: str) -> TileSelection:
    """A new selection in the marketplace of this kind, with nothing in it."""
    return TileSelection.objects.create(workspace_id=member.workspace_id, member=member, kind=kind)


def find(member: Membership, number: int | str | None, kind: str | None = None) -> TileSelection | None:
    """The member's own selection of this id and kind, or None: a colleague's link chooses nothing."""
    text = str(number or "")
    if not (text.isascii() and text.isdigit()) or len(text) > 18:
        return None
    rows = TileSelection.objects.visible_to(member).filter(pk=int(text), member=member)
    return (rows if kind is None else rows.filter(kind=kind)).first()


@transaction.atomic
def choose(member: Membership, selection: TileSelection, mpids: Iterable[int]) -> None:
    """Takes these partners in; who is not listed in this marketplace is passed over. Raises ChoiceError."""
    _lock(selection)
    of_kind = Partner.objects.filter(pk__in=listed(mpids), kind=selection.kind)
    _add(selection, list(of_kind.values_list("pk", flat=True)))
    if selection.rows.count() > MOST:
        raise ChoiceError("too_many")


@transaction.atomic
def drop(member: Membership, selection: TileSelection, mpids: Iterable[int]) -> None:
    """Leaves these partners out."""
    _lock(selection)
    selection.rows.filter(partner_id__in=set(mpids)).delete()


@transaction.atomic
def clear(member: Membership, selection: TileSelection) -> None:
    _lock(selection)
    _empty(selection)


@transaction.atomic
def choose_all(member: Membership, selection: TileSelection, wanted: Search) -> int:
    """What matches now instead of what was chosen, in its order up to MOST; how many. Raises NotReady."""
    matching: list[int] = []
    while len(matching) < MOST:
        found = search(member, wanted, len(matching) // _STEP + 1, _STEP)
        matching += found.mpids
        if len(found.mpids) < _STEP:
            break
    _lock(selection)
    _empty(selection)
    # The index may be seconds behind: what was taken down meanwhile is not chosen.
    _add(selection, listed(matching[:MOST]))
    return count(member, selection)


def chosen(member: Membership, selection: TileSelection) -> QuerySet[Partner]:
    """The chosen partners that are (still) listed, as a query."""
    own = Exists(TileSelectionRow.objects.filter(selection=selection, partner=OuterRef("pk")))
    rows: QuerySet[Partner] = Partner.objects.listed().filter(own)
    return rows


def count(member: Membership, selection: TileSelection) -> int:
    return chosen(member, selection).count()


def on_page(member: Membership, selection: TileSelection | None, mpids: Iterable[int]) -> frozenset[int]:
    """Which of the tiles of a page are chosen; one query."""
    numbers = set(mpids)
    if selection is None or not numbers:
        return frozenset()
    rows = selection.rows.filter(partner_id__in=numbers)
    return frozenset(rows.values_list("partner_id", flat=True))


def _add(selection: TileSelection, mpids: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_CHOOSE, [selection.pk, mpids])


def _empty(selection: TileSelection) -> None:
    selection.rows.all()._raw_delete(using="default")


def _lock(selection: TileSelection) -> None:
    """Two clicks at once come one after the other."""
    TileSelection.objects.select_for_update().get(pk=selection.pk)
    TileSelection.objects.filter(pk=selection.pk).update(touched_at=timezone.now())
