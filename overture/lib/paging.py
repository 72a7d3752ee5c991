"""Pages by keyset: what comes after a row, not after a number of rows; page 1,000 costs what page 1 does."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import F, Field, Model, Q, QuerySet

Row = TypeVar("Row", bound=Model)

PAGE_SIZE = 50
_AFTER, _BEFORE, _LAST = "a", "b", "z"
_BIGGEST = 2**63 - 1


class CursorError(ValueError):
    """A cursor that was not made here, or for another order."""


@dataclass(frozen=True, slots=True)
class Order:
    """By a field or an annotation, the id breaking ties in the same direction; rows without a value last."""

    field: str
    is_descending: bool = False
    # Said aloud, because "nulls last" keeps PostgreSQL from reading a plain index downward.
    may_be_null: bool = False

    def __str__(self) -> str:
        return ("-" if self.is_descending else "") + self.field


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """The rows of a page, and cursors for the pages around it; None where there is none to go to."""

    items: list[Row]
    first: str | None
    previous: str | None
    next: str | None
    last: str | None

    def __iter__(self) -> Iterator[Row]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


def page(rows: QuerySet[Row], order: Order, cursor: str = "", size: int = PAGE_SIZE) -> Page[Row]:
    """The page a cursor names, the first for an empty one. Raises CursorError."""
    way, key = _read(rows, order, cursor) if cursor else (_AFTER, None)
    is_backward = way != _AFTER
    wanted = rows.filter(_beyond(order, key, is_backward)) if key else rows
    found = list(wanted.order_by(*_sorting(order, is_backward))[: size + 1])
    has_more, found = len(found) > size, found[:size]
    if way == _BEFORE and len(found) < size:
        # Rows are gone since: a first page of three would be odd.
        return page(rows, order, "", size)
    if way == _AFTER and key and not found:
        return page(rows, order, _write(_LAST, order), size)
    if is_backward:
        return _page(order, found[::-1], has_before=has_more, has_after=way == _BEFORE)
    return _page(order, found, has_before=key is not None, has_after=has_more)


def _page(order: Order, items: list[Row], *, has_before: bool, has_after: bool) -> Page[Row]:
    has_before, has_after = has_before and bool(items), has_after and bool(items)
    return Page(
        items,
        first="" if has_before else None,
        previous=_write(_BEFORE, order, items[0]) if has_before else None,
        next=_write(_AFTER, order, items[-1]) if has_after else None,
        last=_write(_LAST, order) if has_after else None,
    )


def _sorting(order: Order, is_backward: bool) -> list[Any]:
    nulls: dict[str, Any] = {}
    if order.may_be_null:
        nulls = {"nulls_first": True} if is_backward else {"nulls_last": True}
    if order.is_descending != is_backward:
        return [F(order.field).desc(**nulls), "-pk"]
    return [F(order.field).asc(**nulls), "pk"]


def _beyond(order: Order, key: tuple[Any, int], is_backward: bool) -> Q:
    """The rows on the other side of a row with this value and id."""
    value, number = key
    field, beyond = order.field, "lt" if order.is_descending != is_backward else "gt"
    past_id = Q(**{f"pk__{beyond}": number})
    if value is None:
        among_nulls = Q(**{f"{field}__isnull": True}) & past_id
        return among_nulls | Q(**{f"{field}__isnull": False}) if is_backward else among_nulls
    # The first condition says nothing new, and lets an index begin at the right place.
    past = Q(**{f"{field}__{beyond}e": value}) & (Q(**{f"{field}__{beyond}": value}) | past_id)
    return past | Q(**{f"{field}__isnull": True}) if order.may_be_null and not is_backward else past


def _write(way: str, order: Order, row: Model | None = None) -> str:
    key = [] if row is None else [_json(getattr(row, order.field)), row.pk]
    text = json.dumps([way, str(order), *key], separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(rows: QuerySet[Row], order: Order, cursor: str) -> tuple[str, tuple[Any, int] | None]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        way, said, *key = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if said != str(order) or (way, len(key)) not in ((_AFTER, 2), (_BEFORE, 2), (_LAST, 0)):
            raise CursorError(cursor)
        return way, _key(rows, order, *key) if key else None
    except (ValueError, TypeError, OverflowError, RecursionError, binascii.Error, ValidationError) as error:
        raise CursorError(cursor) from error


def _key(rows: QuerySet[Row], order: Order, value: Any, number: Any) -> tuple[Any, int]:
    numbers = [each for each in (value, number) if isinstance(each, int)]
    if not isinstance(number, int) or any(abs(each) > _BIGGEST for each in numbers) or "\0" in str(value):
        raise CursorError(order.field)
    if value is None:
        if not order.may_be_null:
            raise CursorError(order.field)
        return None, number
    return _storable(_kind_of(rows, order.field).to_python(value)), number


def _storable(value: Any) -> Any:
    """Raises here, as a ValueError or OverflowError, what the database's driver would choke on later."""
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("a moment without a zone is none of ours")
        # PostgreSQL knows no offset beyond 16 hours.
        return value.astimezone(UTC)
    str(value).encode()
    return value


def _kind_of(rows: QuerySet[Row], name: str) -> Field[Any, Any]:
    if name in rows.query.annotations:
        found: Field[Any, Any] = rows.query.annotations[name].output_field
        return found
    field = rows.model._meta.get_field(name)
    kind: Field[Any, Any] = getattr(field, "output_field", None) or field  # type: ignore[assignment]
    return kind


def _json(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
