"""The scan as a job, and the upkeep of what is kept."""

from __future__ import annotations

from procrastinate import JobContext

from overture.files import upkeep
from overture.files.drain import drain
from overture.files.wake import scan_later
from overture.jobs.task import periodic, task


@task(queue="scans", retry=False, with_context=True)
def scan_files(context: JobContext) -> None:
    """Not tried again by itself: `keep_scanning` wakes what is still due."""
    drain(context.should_abort)


@periodic("* * * * * */5")
def keep_scanning(timestamp: int) -> None:
    """Files whose wake was lost, whose scanner was away, or which newer signatures have not seen."""
    if upkeep.has_work():
        scan_later()


@periodic("47 4 * * *")
def delete_strays(timestamp: int) -> None:
    upkeep.delete_strays()


@periodic("23 * * * *")
def tidy(timestamp: int) -> None:
    upkeep.delete_unheld()
    upkeep.delete_old_quarantine()
    upkeep.clear_workplace()
