"""Letters about mailboxes, sent by a worker."""

from __future__ import annotations

from overture.jobs.task import periodic, task
from overture.mailboxes import domain, tell


@task()
def send_reconnect(mailbox_id: int, member_id: int) -> None:
    tell.send_reconnect(mailbox_id, member_id)


@periodic("*/10 * * * *")
def look_up_domains(timestamp: int) -> None:
    domain.look_up_old()
