"""bin/overture signatures"""

# ruff: noqa: T201 (its output is the log of the process)

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from overture.files import clamd_folder
from overture.management import scanner
from overture.management.supervise import die_with_supervisor

# freshclam's own advice: not more often than every hour.
_EVERY, _AFTER_FAILURE = 2 * 3600, 3600
_UNTIL_INSTALLED = 60


class Command(BaseCommand):
    help = "fetches the official virus signatures for the scanner of bin/run, again every two hours"
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="fetch once, and end")

    def handle(self, *args: Any, **options: Any) -> None:
        die_with_supervisor()
        while True:
            pause = self._fetch()
            if options["once"]:
                return
            time.sleep(pause)

    def _fetch(self) -> int:
        if not scanner.program("freshclam"):
            return _UNTIL_INSTALLED
        # Once they are read, their own memory is taken already.
        if (
            not clamd_folder.has_official_signatures(scanner.folder())
            and scanner.memory() < scanner.LEAST_MEMORY
        ):
            print("Too little memory for the official signatures (3 GB): test signatures only.", flush=True)
            return _AFTER_FAILURE
        scanner.configure()
        return _EVERY if scanner.fetch_signatures() else _AFTER_FAILURE
