"""From nothing to the first page: the steps of `bin/run`, told as they happen."""

# ruff: noqa: T201 (it talks to a terminal)

import json
import os
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import CommandError
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

from overture.demo import catcher, sign_in
from overture.management.preflight import require_port
from overture.management.supervise import Child

# How long the web server and the worker may take to be well.
PATIENCE = 60.0
# Without these everything else works: files wait for their scan.
MAY_BE_MISSING = {"catcher", "scanner", "signatures"}


@dataclass(frozen=True)
class Address:
    host: str
    port: int

    @property
    def url(self) -> str:
        host = "127.0.0.1" if self.host in {"0.0.0.0", "::", ""} else self.host  # noqa: S104
        return f"http://{host}:{self.port}"


@contextmanager
def step(name: str) -> Iterator[None]:
    began = time.monotonic()
    print(f"  {name:<28}", end="", flush=True)
    try:
        yield
    except BaseException:
        print("", flush=True)
        raise
    print(f"{time.monotonic() - began:6.1f} s", flush=True)


def seconds_since_start() -> float:
    """Since bin/run began, making .venv included."""
    began = os.environ.get("OVERTURE_STARTED", "").replace(",", ".")
    return time.time() - float(began) if began else time.process_time()


def migrate() -> None:
    executor = MigrationExecutor(connection)
    # An empty plan costs a tenth of what `migrate` does after its work.
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0)


def make_demo(environment: dict[str, str]) -> None:
    if "demo" not in get_commands():
        return
    connections.close_all()
    command = [sys.executable, str(settings.ROOT / "manage.py"), "demo"]
    child = Child("demo", command, settings.OVERTURE_DATA / "log", environment).start()
    assert child.process is not None
    try:
        child.wait()
    finally:
        child.process.kill()
    if child.process.returncode != 0:
        raise CommandError(
            "The demo data could not be made, see above. bin/run --no-demo starts without them."
        )


def is_demo(wanted: bool) -> bool:
    """Whether the demo's data are here, and its mail catcher should run."""
    return wanted and sign_in.is_made()


def wants_demo_data(wanted: bool) -> bool:
    """On the first run only: an instance that somebody began to use is left alone."""
    from overture.accounts.models import User

    return wanted and not User.objects.exists()


def catcher_url() -> str:
    """Where the demo's catcher will listen: on another port from now on, should a stranger have taken its."""
    port = catcher.port()
    try:
        require_port(catcher.HOST, port)
    except CommandError:
        port = catcher.move(port)
    return f"smtp://{catcher.HOST}:{port}"


def children(address: Address, environment: dict[str, str], has_demo: bool) -> list[Child]:
    logs: Path = settings.OVERTURE_DATA / "log"
    commands = {
        "web": ["web", "--alone", "--host", address.host, "--port", str(address.port)],
        "index": ["index", "follow"],
        "worker": ["worker"],
    }
    if has_demo:
        commands["catcher"] = ["catcher"]
    if settings.OVERTURE_CLAMD_IS_OURS:
        commands["scanner"] = ["scanner"]
    if settings.OVERTURE_CLAMD_IS_OURS and settings.OVERTURE_FRESHCLAM:
        commands["signatures"] = ["signatures"]
    manage = [sys.executable, str(settings.ROOT / "manage.py")]
    return [Child(name, [*manage, *command], logs, environment) for name, command in commands.items()]


def wait_until_well(processes: Sequence[Child], address: Address) -> None:
    """Returns when /healthz answers 200 and the first page came; raises the reason when it takes too long."""
    deadline = time.monotonic() + PATIENCE
    logs = settings.OVERTURE_DATA / "log"
    while (reason := _what_is_wrong(f"{address.url}/healthz")) is not None:
        for child in processes:
            child.watch()
            if child.failures >= 3 and child.name not in MAY_BE_MISSING:
                raise CommandError(f"The {child.name} does not start: {child.complaint} ({child.log})")
        if time.monotonic() > deadline:
            raise CommandError(f"Not ready after {PATIENCE:.0f} s: {reason} (see {logs})")
        time.sleep(0.05)
    if (reason := _what_is_wrong(f"{address.url}/")) is not None:
        raise CommandError(f"The first page does not come: {reason} (see {logs})")


def _what_is_wrong(url: str) -> str | None:
    try:
        # Straight to our own address: a proxy of the environment has no business here.
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with direct.open(url, timeout=10) as answer:
            answer.read()
        return None
    except urllib.error.HTTPError as error:
        return _problems(error.read()) or f"{url} answers {error.code}"
    except OSError as error:
        return f"the web server does not answer ({error})"


def _problems(body: bytes) -> str:
    try:
        return "; ".join(json.loads(body)["problems"])
    except (ValueError, KeyError, TypeError):
        return ""
