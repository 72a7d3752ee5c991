"""Worker, SMTP server and database killed at random, in a short run of bin/bench kill."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.delivery.workers import ROOT

CONNECTIONS = 8


@pytest.mark.slow
def test_kills_of_worker_server_and_database_lose_nobody_and_write_to_nobody_twice() -> None:
    # With a database of its own: this one is killed.
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    options = ["--runs", "2", "--recipients", "900", "--events", "2", "--seed", "11"]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "kill", *options],
        cwd=ROOT,
        env=environment | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    counted = {name: told[name] for name in ("recipients", "lost", "duplicates", "unsettled", "wrong")}
    assert counted == {
        "recipients": 1800, "lost": 0, "duplicates": 0, "unsettled": 0, "wrong": 0
    }  # fmt: skip
    assert told["most_unknown_per_event"] <= CONNECTIONS
