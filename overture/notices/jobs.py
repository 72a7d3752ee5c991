"""Keeps the list of notices short, at night."""

from __future__ import annotations

from overture.jobs.task import periodic
from overture.notices import notices


@periodic("47 3 * * *")
def forget_old_notices(timestamp: int) -> None:
    notices.forget()
