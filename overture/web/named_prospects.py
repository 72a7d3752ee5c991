"""The prospects that somebody looks for by name, to choose one: the same few wherever one is chosen."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from overture.accounts.models import Membership
from overture.prospects.filters import PROSPECTS, Filter, matching
from overture.prospects.models import Prospect

MOST = 20


def typed(request: HttpRequest) -> str:
    """`q` of the address, as it is looked for."""
    return " ".join(request.GET.get("q", "").replace("\0", "").split())[:200]


def named(member: Membership, q: str) -> list[Prospect]:
    """Those active last first; all count when nothing is typed. `partner` comes with them."""
    rows: Any = Prospect.objects.visible_to(member).filter(archived_at=None)
    if q:
        rows = matching(member, Filter(q=q), PROSPECTS)
    return list(rows.select_related("partner").order_by("-active_at", "-pk")[:MOST])
