"""Two worker hosts: one is cut off in the middle of a mailing and joined again."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.delivery.workers import ROOT


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="network namespaces need root")
def test_host_cut_off_and_joined_again_loses_nobody_and_writes_to_nobody_twice() -> None:
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "hosts", "--runs", "1", "--recipients", "1200"],
        cwd=ROOT,
        env=environment | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    counted = {name: told[name] for name in ("recipients", "lost", "duplicates", "unsettled", "wrong")}
    assert counted == {"recipients": 1200, "lost": 0, "duplicates": 0, "unsettled": 0, "wrong": 0}
    assert sum(told["unknown"].values()) <= 2 * 8
