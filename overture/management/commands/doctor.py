"""bin/overture doctor"""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from overture.management.doctor import examine


class Command(BaseCommand):
    help = "checks database, worker, mail, scanner and disk, and says how to mend each"
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="findings as a JSON list")

    def handle(self, *args: Any, **options: Any) -> None:
        findings = list(examine())
        if options["json"]:
            self.stdout.write(json.dumps([finding.as_json() for finding in findings], indent=2))
        for finding in findings if not options["json"] else []:
            self.stdout.write(f"{finding.state:<5} {finding.subject:<9} {finding.words}")
            if finding.mend:
                self.stdout.write(f"{'':<15} > {finding.mend}")
        if any(finding.state == "bad" for finding in findings):
            sys.exit(1)
