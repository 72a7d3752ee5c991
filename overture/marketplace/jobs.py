"""Keeps the marketplace tidy, at night."""

from __future__ import annotations

from overture.jobs.task import periodic
from overture.marketplace.forget_tiles import forget_tiles


@periodic("37 3 * * *")
def forget_old_tiles(timestamp: int) -> None:
    forget_tiles()
