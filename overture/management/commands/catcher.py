"""bin/overture catcher"""

import asyncio
import signal
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from overture.demo import catcher
from overture.management.preflight import require_port
from overture.management.supervise import die_with_supervisor


class Command(BaseCommand):
    help = "the demo's mail catcher alone"
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=None, help="on 127.0.0.1 (one of its own)")

    def handle(self, *args: Any, **options: Any) -> None:
        die_with_supervisor()
        port = options["port"] or catcher.port()
        try:
            require_port(catcher.HOST, port)
        except CommandError:
            if options["port"]:
                raise
            port = catcher.move(port)
        asyncio.run(_catch(port))


async def _catch(port: int) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await catcher.catch(stop, port)
