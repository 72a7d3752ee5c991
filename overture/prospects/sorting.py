"""The orders in which prospects can be listed, by the name each has in a URL."""

from __future__ import annotations

from django.db.models import Case, IntegerField, QuerySet, Value, When

from overture.lib.paging import Order, Page, page
from overture.prospects.models import Prospect, Stage

DEFAULT = "-active_at"
ORDERS: dict[str, Order] = {
    "name": Order("plain_name"),
    "-name": Order("plain_name", is_descending=True),
    "-active_at": Order("active_at", is_descending=True),
    "active_at": Order("active_at"),
    "-created_at": Order("created_at", is_descending=True),
    "created_at": Order("created_at"),
    "-audience": Order("audience", is_descending=True, may_be_null=True),
    "audience": Order("audience", may_be_null=True),
    "stage": Order("stage_place"),
    "-stage": Order("stage_place", is_descending=True),
}


def sorted_page(
    rows: QuerySet[Prospect], sort: str = DEFAULT, cursor: str = "", size: int = 50
) -> Page[Prospect]:
    """A page in the order of this name, the default for an unknown one. Raises paging.CursorError."""
    order = ORDERS.get(sort, ORDERS[DEFAULT])
    if order.field == "stage_place":
        rows = rows.annotate(stage_place=_STAGE_PLACE)
    return page(rows, order, cursor, size)


# As the relationship goes, not by the alphabet.
_STAGE_PLACE = Case(
    *(When(stage=stage, then=Value(place)) for place, stage in enumerate(Stage.values)),
    output_field=IntegerField(),
)
