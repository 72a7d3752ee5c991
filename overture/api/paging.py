"""Lists in pages: `{items, next, total}`, by keyset on the id, so that page 1,000 costs what page 1 does."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from pydantic import BaseModel, Field

from overture.api.problems import Fault, Problem, invalid

LARGEST_PAGE = 200
# Beyond it a total is counted only when asked for.
COUNTED = 10_000
_BIGGEST = 2**63 - 1

Item = TypeVar("Item")


class Walk(BaseModel):
    """Where in a list, and how much of it."""

    cursor: str = Field("", description="`next` of the page before.", max_length=2000)
    limit: int = Field(50, ge=1, le=LARGEST_PAGE)
    total: bool = Field(False, description="Count beyond 10,000, too.")


class Listed(BaseModel, Generic[Item]):
    """A page. `next` is the `cursor` of the following one, null at the end."""

    items: list[Item]
    next: str | None
    total: int | None = Field(description="null above 10,000, unless `total=true`.")


def listed(rows: QuerySet[Any], walk: Walk, show: Callable[[Sequence[Any]], list[Any]]) -> dict[str, Any]:
    """A page of rows in the order they were made; `show` turns them into items."""
    after = _read(walk.cursor)
    found = list(rows.filter(pk__gt=after).order_by("pk")[: walk.limit + 1])
    page = found[: walk.limit]
    following = _write(page[-1].pk) if len(found) > walk.limit else None
    return {"items": show(page), "next": following, "total": total_of(rows, walk)}


def total_of(rows: QuerySet[Any], walk: Walk) -> int | None:
    plain = rows.order_by()
    if walk.total:
        return plain.count()
    count = plain.values("pk")[: COUNTED + 1].count()
    return count if count <= COUNTED else None


def bad_cursor() -> Problem:
    return invalid(Fault("cursor", "bad_cursor", _("This cursor is not one of this list.")))


def _write(number: int) -> str:
    return base64.urlsafe_b64encode(f"after:{number}".encode()).decode().rstrip("=")


def _read(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except (ValueError, binascii.Error) as error:
        raise bad_cursor() from error
    name, _colon, number = text.partition(":")
    if name != "after" or not (number.isascii() and number.isdigit()) or int(number[:20] or 0) > _BIGGEST:
        raise bad_cursor()
    return int(number)
