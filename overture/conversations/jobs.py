"""Upkeep of the inbox."""

from __future__ import annotations

from overture.conversations.put_aside import wake
from overture.jobs.task import periodic


@periodic("* * * * *")
def end_snoozes(timestamp: int) -> None:
    wake()
