"""bin/overture index rebuild | check | follow"""

import fcntl
import signal
import threading
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from overture.management.supervise import die_with_supervisor
from overture.marketplace import index
from overture.marketplace.build import Busy, rebuild
from overture.marketplace.check import check
from overture.marketplace.follow import follow
from overture.marketplace.index import NoIndex
from overture.marketplace.tell import tell

NAMED = 10


class Command(BaseCommand):
    help = (
        "the marketplace's index on this host: rebuild it, check it against the database, or follow changes"
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("act", choices=("rebuild", "check", "follow"))

    def handle(self, *args: Any, **options: Any) -> None:
        {"rebuild": self._rebuild, "check": self._check, "follow": _follow}[options["act"]]()

    def _rebuild(self) -> None:
        began = time.monotonic()
        try:
            folder = rebuild()
        except Busy:
            raise CommandError("this host makes an index already; wait until it is done.") from None
        count = index.opened().searcher.num_docs
        size = sum(file.stat().st_size for file in folder.iterdir()) / 2**20
        self.stdout.write(f"{count:,} partners in {time.monotonic() - began:.1f} s, {size:,.0f} MB: {folder}")

    def _check(self) -> None:
        try:
            found = check()
        except NoIndex:
            raise CommandError("this host has no index: bin/overture index rebuild makes one.") from None
        if found.is_right:
            self.stdout.write(f"{found.partners:,} partners, all as in the database.")
            return
        if found.is_other_database:
            raise CommandError(
                "the index is of another database: bin/overture index rebuild makes a new one."
            )
        for name in ("missing", "extra", "outdated"):
            if numbers := getattr(found, name):
                shown = ", ".join(map(str, numbers[:NAMED]))
                self.stdout.write(f"{len(numbers):,} {name}: {shown}{' ...' if len(numbers) > NAMED else ''}")
        raise CommandError("the index differs from the database: bin/overture index rebuild makes it anew.")


def _follow() -> None:
    """Until it is told to end. Where another process of this host follows, it waits for its turn."""
    die_with_supervisor()
    over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: over.set())
    index.home().mkdir(mode=0o700, parents=True, exist_ok=True)
    with (index.home() / "follower.lock").open("a") as file:
        while not over.is_set():
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                over.wait(1)
        follow(over.is_set, tell)
