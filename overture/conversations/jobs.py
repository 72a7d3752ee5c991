"""Upkeep of the inbox."""

from __future__ import annotations

from overture.conversations import words
from overture.conversations.carry_out import carry_out
from overture.conversations.put_aside import wake
from overture.jobs.task import periodic, task


@periodic("* * * * *")
def end_snoozes(timestamp: int) -> None:
    wake()


@periodic("* * * * *")
def search_mailings(timestamp: int) -> None:
    words.add_finished_mailings()


@task(queue="messages")
def send_messages(message_run_id: int) -> None:
    carry_out(message_run_id)
