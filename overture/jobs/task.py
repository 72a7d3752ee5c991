"""A thin face on Procrastinate: declare a task, and enqueue it as part of the transaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

# A killed worker's job is taken up again by upkeep, which counts as an attempt.
_RETRY = RetryStrategy(max_attempts=10, exponential_wait=3)


def task(*, queue: str = "default", retry: bool = True) -> Callable[[Callable[..., Any]], Any]:
    """Declares a job. Its arguments are JSON values; it must bear being run twice."""
    return app.task(queue=queue, retry=_RETRY if retry else False)


def enqueue(
    declared: Any, *, once: str | None = None, lock: str | None = None, at: Any = None, **arguments: Any
) -> None:
    """Adds a job when the transaction commits. `once`: not when one with that name waits already."""
    deferrer = declared.configure(queueing_lock=once, lock=lock, schedule_at=at)
    try:
        # AlreadyEnqueued aborts the transaction it happens in: a savepoint of its own.
        with transaction.atomic():
            deferrer.defer(**arguments)
    except AlreadyEnqueued:
        pass
