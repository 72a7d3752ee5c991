"""bin/overture demo: makes the demo's data, or more of them."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from overture.accounts.models import User
from overture.demo import make, sign_in


class Command(BaseCommand):
    help = "makes the demo's data; --partners N says how many prospects (400)"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--partners", type=int, default=400, help="how many prospects to make")

    def handle(self, *args: Any, **options: Any) -> None:
        count = options["partners"]
        if not 1 <= count <= 2_000_000:
            raise CommandError("--partners takes a number from 1 to 2000000.")
        began = time.monotonic()
        if sign_in.is_made():
            make.more(count, seed=User.objects.count() + count)
        else:
            make.make(count)
        self.stdout.write(f"{count:,} prospects in {time.monotonic() - began:.1f} s.")
