"""bin/overture worker"""

import asyncio
import contextlib
import os
import signal
import threading
from typing import Any, cast

from django.core.management.base import BaseCommand, CommandParser
from procrastinate.connector import BaseAsyncConnector
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from overture.jobs.stopped import LONGEST_IDLE, QUEUE_IDLE, let_go_when_stopped
from overture.management.supervise import die_with_supervisor

# Jobs are asked to stop, then told; what still runs is left to the ledger and to upkeep, built for kills.
PATIENCE = 5.0


class Command(BaseCommand):
    help = "the worker alone: sends e-mails, runs imports; any number may run"
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--concurrency", type=int, default=8, help="jobs at a time (8)")

    def handle(self, *args: Any, **options: Any) -> None:
        die_with_supervisor()
        with app.replace_connector(connected()):
            asyncio.run(_work(options["concurrency"]))


def connected() -> BaseAsyncConnector:
    """How the queue asks the database; what this process opens later may idle for longer."""
    let_go_when_stopped(QUEUE_IDLE)
    connector = cast(DjangoConnector, app.connector).get_worker_connector()
    let_go_when_stopped(LONGEST_IDLE)
    return connector


async def _work(concurrency: int) -> None:
    async with app.open_async():
        task = asyncio.create_task(
            app.run_worker_async(
                concurrency=concurrency,
                install_signal_handlers=False,
                shutdown_graceful_timeout=PATIENCE,
                # Jobs for later (the end of an undo window) are found by looking.
                fetch_job_polling_interval=1.0,
                update_heartbeat_interval=5.0,
            )
        )
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, _stop, task)
        with contextlib.suppress(asyncio.CancelledError):
            await task


def _stop(task: asyncio.Task[None]) -> None:
    # A thread that hangs in a job would hold the process for ever.
    limit = threading.Timer(PATIENCE + 2, os._exit, [0])
    limit.daemon = True
    limit.start()
    task.cancel()
