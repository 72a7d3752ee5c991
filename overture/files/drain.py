"""Scans everything that is due over several connections; one drain for each worker, which wakes extend."""

from __future__ import annotations

import threading
from collections.abc import Callable

from django.db import connection

from overture.files import clamd
from overture.files.scan import claim, judge

# clamd scans with as many threads as it is given work for; two for each core keep it busy.
CONNECTIONS = 4
_LOOK_AGAIN = 0.1


class _Drain:
    """Threads that claim and judge until all of them find nothing; a wake has them look at once."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._changed = threading.Condition()
        self._wakes = 0
        self._working = 0

    def run(self, should_stop: Callable[[], bool]) -> None:
        with self._changed:
            self._wakes += 1
            self._changed.notify_all()
        # Who comes while another drains has woken it; what came too late for that is looked for again.
        seen = -1
        while seen != self._wakes and self._turn.acquire(blocking=False):
            try:
                seen = self._wakes
                self._empty(should_stop)
            finally:
                self._turn.release()

    def _empty(self, should_stop: Callable[[], bool]) -> None:
        version = _version()
        threads = [
            threading.Thread(target=self._work, args=(should_stop, version)) for _ in range(CONNECTIONS)
        ]
        for each in threads:
            each.start()
        for each in threads:
            each.join()

    def _work(self, should_stop: Callable[[], bool], version: str) -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET synchronous_commit TO off")  # scan.py says why
            while not should_stop() and self._one(version):
                pass
        finally:
            connection.close()

    def _one(self, version: str) -> bool:
        """Judges one; without any, waits while another thread has work: more may have come by then."""
        with self._changed:
            self._working += 1
        try:
            stored = claim(version)
            if stored is not None:
                judge(stored, version)
        finally:
            with self._changed:
                self._working -= 1
                self._changed.notify_all()
        if stored is not None:
            return True
        with self._changed:
            if self._working:
                self._changed.wait(_LOOK_AGAIN)
            return self._working > 0


def _version() -> str:
    """Empty while the scanner does not answer: then nothing is looked at again."""
    try:
        return clamd.version()
    except clamd.ScannerDown:
        return ""


_drain = _Drain()
drain = _drain.run
