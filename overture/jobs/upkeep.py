"""Takes up the jobs of workers that died, and forgets old ones."""

from __future__ import annotations

from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status


@app.periodic(cron="* * * * * */10")
@app.task(queue="upkeep", queueing_lock="retry_stalled", pass_context=False)
async def retry_stalled(timestamp: int) -> None:
    """A killed worker's job stays `doing` and keeps its lock until somebody says that it is stalled."""
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=20):
        try:
            await app.job_manager.retry_job(job)
        except UniqueViolation:
            # Another of its name waits, perhaps behind its lock: that one does the work.
            await app.job_manager.finish_job(job, Status.FAILED, delete_job=False)
    await app.job_manager.prune_stalled_workers(seconds_since_heartbeat=60)


@app.periodic(cron="17 3 * * *")
@app.task(queue="upkeep", queueing_lock="forget_old_jobs", pass_context=False)
async def forget_old_jobs(timestamp: int) -> None:
    await app.job_manager.delete_old_jobs(nb_hours=72)
