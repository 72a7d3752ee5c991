"""Scans everything that is due over several connections; one drain for each worker, which wakes extend."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, SimpleQueue

from django.db import connection

from overture.files import clamd
from overture.files.scan import Claimed, Outcome, claim, claim_again, examine, give_back, settle

# clamd scans with as many threads as it is given work for; two for each core keep it busy.
CONNECTIONS = 4
# Claimed ahead: the next ones are scanned while those before them are written down, several at once.
_IN_HAND = 4 * CONNECTIONS
# Seconds. Where nothing comes out for so long, what waits here is left to whoever is quicker.
_PATIENCE = 10
# Threads and connection stay for so long: one file seldom comes alone.
_LINGER = 1


class _Drain:
    """One round at a time until nothing is due; a wake has the round that is at work look at once."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._changing = threading.Lock()
        self._wakes = 0
        self._round: _Round | None = None

    def run(self, should_stop: Callable[[], bool]) -> None:
        with self._changing:
            self._wakes += 1
            if self._round is not None:
                self._round.wake()
        # Who comes while another drains has woken it; what came too late for that is looked for again.
        seen = -1
        while seen != self._wakes and self._turn.acquire(blocking=False):
            try:
                with self._changing:
                    seen = self._wakes
                    self._round = _Round(should_stop)
                self._round.run()
            finally:
                self._turn.release()


class _Round:
    """Threads that scan, and the one that runs it, which alone asks the database."""

    def __init__(self, should_stop: Callable[[], bool]) -> None:
        self._should_stop = should_stop
        # None: the thread that takes it ends.
        self._waiting: SimpleQueue[Claimed | None] = SimpleQueue()
        # None: somebody woke us.
        self._examined: SimpleQueue[Outcome | None] = SimpleQueue()
        self._in_hand = 0
        self._version = ""
        self._looks_again = False

    def wake(self) -> None:
        self._examined.put(None)

    def run(self) -> None:
        threads = [threading.Thread(target=self._scan) for _ in range(CONNECTIONS)]
        for each in threads:
            each.start()
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET synchronous_commit TO off")  # scan.py says why
            self._empty()
        finally:
            self._take_back()
            for _ in threads:
                self._waiting.put(None)
            for each in threads:
                each.join()
            connection.close()

    def _empty(self) -> None:
        self._ask_version()
        self._claim()
        while news := self._news():
            outcomes = [each for each in news if each is not None]
            self._in_hand -= len(outcomes)
            settle(outcomes)
            if len(outcomes) < len(news):
                self._ask_version()
            if self._should_stop():
                give_back(self._take_back())
            else:
                self._claim()

    def _ask_version(self) -> None:
        """Before the scan of what it is written to: whatever is found was found by it or by a later one."""
        self._version = _version()
        self._looks_again = bool(self._version)

    def _claim(self) -> None:
        room = _IN_HAND - self._in_hand
        claimed = claim(room) if room else []
        if self._looks_again and len(claimed) < room:
            again = claim_again(room - len(claimed), self._version)
            # Of one version, none comes to be; those that are put off are looked for at the next wake.
            self._looks_again = bool(again)
            claimed += again
        self._in_hand += len(claimed)
        for each in claimed:
            self._waiting.put(each)

    def _news(self) -> list[Outcome | None]:
        """What was scanned, and wakes; nothing where nothing is in hand and nobody came."""
        while not (found := self._next(_PATIENCE if self._in_hand else _LINGER)) and self._in_hand:
            give_back(self._take_back())
        return found

    def _next(self, seconds: float) -> list[Outcome | None]:
        found = []
        with suppress(Empty):
            found.append(self._examined.get(timeout=seconds))
            while True:
                found.append(self._examined.get_nowait())
        return found

    def _take_back(self) -> list[Claimed]:
        """What no thread has begun with."""
        taken = []
        with suppress(Empty):
            while (claimed := self._waiting.get_nowait()) is not None:
                taken.append(claimed)
        self._in_hand -= len(taken)
        return taken

    def _scan(self) -> None:
        while (claimed := self._waiting.get()) is not None:
            self._examined.put(examine(claimed, self._version))


def _version() -> str:
    """Empty while the scanner does not answer: then nothing is looked at again."""
    try:
        return clamd.version()
    except clamd.ScannerDown:
        return ""


_drain = _Drain()
drain = _drain.run
