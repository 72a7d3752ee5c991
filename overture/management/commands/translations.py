"""bin/overture translations"""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from overture.management import translations


class Command(BaseCommand):
    help = "checks that every text is translated; --update writes new texts to the .po files"
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--update", action="store_true", help="write what is new to the .po files")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["update"]:
            (settings.ROOT / "overture" / "locale").mkdir(exist_ok=True)
            translations.extract(settings.ROOT / "overture")
        faults = list(translations.faults())
        for fault in faults:
            self.stdout.write(fault)
        if faults:
            raise CommandError(f"{len(faults)} texts are not translated well. Mend overture/locale.")
        self.stdout.write("Every text is translated.")
