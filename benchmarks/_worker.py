"""A worker of the product beside a benchmark, and waiting for what it needs."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def worker() -> Iterator[int]:
    """Its process id, once it is at work."""
    with tempfile.TemporaryFile() as log:
        command = [sys.executable, "manage.py", "worker"]
        process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, env=os.environ.copy())
        try:
            until(_is_at_work)
            time.sleep(1)
            yield process.pid
        finally:
            process.kill()
            process.wait()
            with connection.cursor() as cursor:
                cursor.execute("DELETE FROM procrastinate_workers")


def until(check: Callable[[], object], failure: type[Exception] = OSError) -> None:
    """Raises TimeoutError where it does not begin within 20 s; a check that fails raises `failure`."""
    for _ in range(400):
        try:
            check()
        except failure:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError("a process of the benchmark did not start within 20 s")


def _is_at_work() -> None:
    from overture.jobs.alive import worker_is_alive

    if not worker_is_alive():
        raise OSError("no worker yet")
