"""Letters about mailboxes, sent by a worker."""

from __future__ import annotations

from overture.jobs.task import task
from overture.mailboxes import tell


@task()
def send_reconnect(mailbox_id: int, member_id: int) -> None:
    tell.send_reconnect(mailbox_id, member_id)
