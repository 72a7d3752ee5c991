"""Keeps mailboxes watched: a worker watches for as long as it lives, more of them when one is not enough."""

from __future__ import annotations

from procrastinate import JobContext

from overture.inbound.watch import watch
from overture.inbound.watched import are_unwatched
from overture.jobs.task import enqueue, periodic, task


@task(queue="reading", retry=False, with_context=True)
def watch_mailboxes(context: JobContext) -> None:
    """Not tried again by itself: `keep_watching` sees what nobody watches."""
    watch(context.should_abort)


@periodic("* * * * * */5")
def keep_watching(timestamp: int) -> None:
    if are_unwatched():
        enqueue(watch_mailboxes, once="watch")
