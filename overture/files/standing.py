"""How the scanner stands, as the worker last saw it: pages tell it, and must not wait for one themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Min, Q
from django.utils import timezone

from overture.files import clamd
from overture.files.models import State, StoredFile

_KEY = "scanner-standing"
# Looked at every few seconds by upkeep; older than this nobody has looked, and nothing is said.
_TRUE_FOR = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Standing:
    # What VERSION answered; empty: no answer.
    version: str
    # Why there was none.
    problem: str = ""
    is_known: bool = True

    @property
    def note(self) -> str:
        """`down`, `test` (no official signatures) or empty."""
        if not self.is_known:
            return ""
        if not self.version:
            return "down"
        return "" if clamd.has_official_signatures(self.version) else "test"


def look() -> Standing:
    """Asks the scanner now, and keeps what it said for pages."""
    try:
        seen = Standing(clamd.version())
    except clamd.ScannerDown as error:
        seen = Standing("", str(error))
    cache.set(_KEY, {"version": seen.version, "problem": seen.problem}, _TRUE_FOR.total_seconds())
    return seen


def standing() -> Standing:
    """As it was seen last; unknown where no worker looks."""
    kept: dict[str, Any] | None = cache.get(_KEY)
    return Standing(**kept) if kept else Standing("", is_known=False)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Files that are pending: how many, and since when the oldest is."""

    count: int
    oldest: datetime | None

    @property
    def age(self) -> timedelta:
        return timezone.now() - self.oldest if self.oldest else timedelta()


def waiting() -> Waiting:
    pending = Q(state=State.PENDING)
    found = StoredFile.objects.filter(pending).aggregate(count=Count("pk"), oldest=Min("created_at"))
    return Waiting(**found)
