"""bin/overture scanner"""

# ruff: noqa: T201 (its output is the log of the process)

import os
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from overture.management import scanner
from overture.management.supervise import die_with_supervisor

# Somebody may install it meanwhile.
_LOOK_AGAIN = 60


class Command(BaseCommand):
    help = "the virus scanner of bin/run: clamd, configured here; installs it where it may"
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        die_with_supervisor()
        has_tried = False
        while (program := scanner.program("clamd")) is None:
            if not has_tried and scanner.install():
                continue
            if not has_tried:
                print("No clamd: files wait for their scan. apt-get install clamav-daemon", flush=True)
            has_tried = True
            time.sleep(_LOOK_AGAIN)
        configuration = scanner.configure()
        print(f"clamd answers at {settings.OVERTURE_CLAMD}", flush=True)
        # The same process, so that whoever watches it watches clamd.
        os.execv(program, [program, "-c", str(configuration)])  # noqa: S606
