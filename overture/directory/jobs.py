"""Letters of the directory, sent by a worker."""

from __future__ import annotations

from overture.directory import letters
from overture.jobs.task import task


@task()
def send_invitation(number: int) -> None:
    letters.send_invitation(number)


@task()
def send_decision(number: int) -> None:
    letters.send_decision(number)


@task()
def send_listed(number: int) -> None:
    letters.send_listed(number)
