"""A thin face on Procrastinate: declare a task, and enqueue it as part of the transaction."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import connection, transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

# A killed worker's job is taken up again by upkeep, which counts as an attempt.
_RETRY = RetryStrategy(max_attempts=10, exponential_wait=3)

Call = Callable[..., Any]


def task(*, queue: str = "default", retry: bool = True, with_context: bool = False) -> Callable[[Call], Any]:
    """Declares a job. Its arguments are JSON values; it must bear being run twice.

    `with_context`: its first argument is the JobContext, which tells when the worker is to end.
    """

    register: Any = app.task  # typed for literal values of pass_context only

    def declare(call: Call) -> Any:
        chosen = register(queue=queue, retry=_RETRY if retry else False, pass_context=with_context)
        return chosen(_closing(call))

    return declare


def periodic(cron: str) -> Callable[[Call], Any]:
    """Declares upkeep that is done at these times, by one worker at a time; it is given a timestamp."""

    def declare(call: Call) -> Any:
        declared = app.task(queue="upkeep", queueing_lock=call.__name__, pass_context=False)
        return app.periodic(cron=cron)(declared(_closing(call)))

    return declare


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


def _closing(call: Call) -> Call:
    """Threads of a worker outlive their jobs, and nobody else looks whether their connection still works."""

    @wraps(call)
    def closing(*positional: Any, **named: Any) -> Any:
        try:
            return call(*positional, **named)
        finally:
            if not connection.in_atomic_block:  # called within a transaction, it is the caller's
                connection.close()

    return closing
