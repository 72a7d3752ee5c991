"""Real worker processes on the test's database, to be killed."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from django.db import connection

ROOT = Path(__file__).resolve().parents[2]


@contextlib.contextmanager
def worker(data: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A worker whose data folder, and so its journals, is `data`. Killed at the end, if it still lives."""
    database = connection.settings_dict
    url = f"postgresql://{database['USER'] or 'postgres'}@/{database['NAME']}?host={database['HOST']}"
    environment = os.environ | {"OVERTURE_DATA": str(data), "DATABASE_URL": url}
    log = (data / "worker.log").open("ab")
    process = subprocess.Popen(
        [sys.executable, "manage.py", "worker"], cwd=ROOT, env=environment, stdout=log, stderr=log
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        log.close()


def until(check: Callable[[], object], seconds: float = 60, what: str = "") -> None:
    end = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < end, f"not within {seconds} s: {what}"
        time.sleep(0.02)


def ended(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()


def data_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir(exist_ok=True)
    return folder
