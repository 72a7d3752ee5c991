"""Upkeep of received mails: originals go when their days are over."""

from __future__ import annotations

from overture.inbound.raw import forget_old
from overture.jobs.task import periodic


@periodic("41 * * * *")
def forget_originals(timestamp: int) -> None:
    forget_old()
