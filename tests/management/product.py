"""The whole product as a user starts it: bin/run in a process group, a data folder and a port of its own."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def plain_environment(folder: Path) -> dict[str, str]:
    mine = ("OVERTURE_", "DATABASE_URL", "DJANGO_", "PYTEST_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(mine)}
    # Signatures of the network are none of a test's business.
    return kept | {"OVERTURE_DATA": str(folder), "OVERTURE_FRESHCLAM": "0"}


@dataclass
class Product:
    folder: Path
    port: int = field(default_factory=free_port)
    options: tuple[str, ...] = ("--no-demo",)
    process: subprocess.Popen[str] | None = None
    said: str = ""

    def start(self) -> None:
        """Returns when it says that it is ready."""
        self.process = subprocess.Popen(
            [ROOT / "bin" / "run", "--port", str(self.port), *self.options],
            env=plain_environment(self.folder),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        assert self.process.stdout is not None
        self.said = ""
        for line in self.process.stdout:
            self.said += line
            if line.startswith("Ctrl-C stops everything"):
                return
        raise AssertionError(f"it did not start: {self.said}")

    def refuse(self) -> tuple[int, str]:
        """Exit code and words of a start that must fail."""
        done = subprocess.run(
            [ROOT / "bin" / "run", "--port", str(self.port), *self.options],
            env=plain_environment(self.folder),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return done.returncode, done.stderr

    def terminate(self) -> tuple[int, float]:
        """Exit code, and the seconds that it took to end."""
        assert self.process is not None
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.said += self.process.communicate(timeout=30)[0]
        return self.process.returncode, time.monotonic() - began

    def kill_group(self) -> None:
        """Also when the first of them is gone; returns when the last is."""
        if self.process is None:
            return
        while self.processes(""):
            with contextlib.suppress(ProcessLookupError):  # the last one went since it was counted
                os.killpg(self.process.pid, signal.SIGKILL)
            time.sleep(0.01)
            self.process.poll()
        self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()

    def health(self) -> tuple[int, dict[str, object]]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=10) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def processes(self, what: str) -> list[int]:
        """Those of this product's group whose command line contains `what`."""
        assert self.process is not None
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                group = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[2])
                words = (entry / "cmdline").read_text().replace("\0", " ")
            except (OSError, IndexError):
                continue
            if group == self.process.pid and what in words:
                found.append(int(entry.name))
        return sorted(found)
