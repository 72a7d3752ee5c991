"""bin/overture demo: makes the demo's data, or more of them."""

import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from overture.accounts.models import User
from overture.demo import make, sign_in
from overture.demo.fill_directory import fill_directory

_MOST = 2_000_000


class Command(BaseCommand):
    help = (
        f"makes the demo: {make.PROSPECTS} prospects and a directory of {make.PARTNERS:,} partners; "
        "--prospects N and --partners N make other numbers, or add as many to the demo that is there"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--prospects", type=int, help=f"the brand's own ({make.PROSPECTS})")
        parser.add_argument("--partners", type=int, help=f"listed in the directory ({make.PARTNERS:,})")

    def handle(self, *args: Any, **options: Any) -> None:
        prospects, partners = _asked(options["prospects"], options["partners"], is_new=not sign_in.is_made())
        began = time.monotonic()
        if not sign_in.is_made():
            make.make(prospects, partners, _progress(partners))
        else:
            if prospects:
                make.more(prospects, seed=User.objects.count() + prospects)
            if partners:
                fill_directory(partners, told=_progress(partners))
        self.stdout.write(
            f"{prospects:,} prospects, {partners:,} listed partners in {time.monotonic() - began:.1f} s."
        )


def _asked(prospects: int | None, partners: int | None, is_new: bool) -> tuple[int, int]:
    """How many of each. What is not asked for: the usual number in a new demo, none more in an old one."""
    for option, number in (("--prospects", prospects), ("--partners", partners)):
        if number is not None and not 1 <= number <= _MOST:
            raise CommandError(f"{option} takes a number from 1 to {_MOST}.")
    if is_new or prospects is partners is None:
        return prospects or make.PROSPECTS, partners or make.PARTNERS
    return prospects or 0, partners or 0


def _progress(total: int) -> Callable[[int], None] | None:
    """Says on a terminal how far it is, on one line."""
    if not sys.stderr.isatty():
        return None

    def tell(written: int) -> None:
        sys.stderr.write(f"\r{100 * written // total:3} %" + ("\n" if written >= total else ""))
        sys.stderr.flush()

    return tell
