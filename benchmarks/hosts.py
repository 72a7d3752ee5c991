"""Two worker hosts and one of the database; whichever sends is cut off in the middle, and joined again."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import connection

from benchmarks import kill
from benchmarks._networks import DATABASE, MAIL, SERVER, Hosts
from benchmarks._scene import LEASE, ROOT, Server, asked, until
from overture.delivery.models import Delivery, Mailing
from overture.lib import embedded_postgres, postgres_programs
from overture.mailboxes.models import Mailbox

LONGEST = 60 * 60


def run(runs: int = 3, recipients: int = 3000, seed: int = 0) -> Iterator[dict[str, object]]:
    """--runs mailings of --recipients. The sending host loses the database, later everything. Needs root."""
    chance, tally = random.Random(seed), kill.Tally()
    with Hosts().up() as hosts:
        _move_database(hosts)
        for number in range(runs):
            _one(number, recipients, hosts, chance, tally)
    yield tally.figures()
    if tally.lost or tally.duplicates or tally.wrong or tally.failed:
        raise SystemExit(1)


def _one(number: int, recipients: int, hosts: Hosts, chance: random.Random, tally: kill.Tally) -> None:
    log = Path(settings.OVERTURE_DATA) / f"log-{number}"
    server = hosts.inside("db", lambda: Server(log, "0.0.0.0"))
    workers: list[subprocess.Popen[bytes]] = []
    try:
        workers += [_worker(hosts, name) for name in "ab"]
        mailing = asked(lambda: kill._mailing(number, recipients, server.port))
        Mailbox.objects.filter(pk=mailing.mailbox_id).update(host=SERVER)
        for cables in ((DATABASE,), (DATABASE, MAIL)):
            _cut(hosts, server, mailing, cables, chance)
            tally.events["database" if len(cables) == 1 else "whole"] += 1
        until(lambda: not kill._open(mailing), "the end", 240, meanwhile=_pass_time)
        # What the host that was cut off had done: written as soon as its connections notice, or give up.
        until(lambda: _expired(mailing) <= 2 * kill.CONNECTIONS, "late answers", 100, meanwhile=_pass_time)
        until(lambda: not kill._open(mailing), "what it gave back", meanwhile=_pass_time)
    except TimeoutError as error:
        tally.failed.append(f"run {number}: {error}")
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
        server.kill()
    kill._judge(mailing, log, 2, tally)
    print(f"run {number}: {kill._counts(mailing)}", file=sys.stderr, flush=True)


def _cut(
    hosts: Hosts, server: Server, mailing: Mailing, cables: tuple[str, ...], chance: random.Random
) -> None:
    before = kill._size(server.log)
    until(lambda: kill._size(server.log) > before or not kill._open(mailing), "mail", meanwhile=_pass_time)
    time.sleep(chance.uniform(0.1, 0.8))
    name = next((name for name in "ab" if list((_data(name) / "journal").glob("*.journal"))), "a")
    for cable in cables:
        hosts.pull(name, cable)
    time.sleep(LEASE + 4)  # the other one has taken over
    for cable in cables:
        hosts.plug(name, cable)


def _expired(mailing: Mailing) -> int:
    rows = Delivery.objects.filter(mailing=mailing, state="unknown", reason="lease_expired")
    return asked(lambda: rows.count())


def _pass_time() -> None:
    asked(lambda: Mailbox.objects.exclude(backoff_until=None).update(backoff_until=None))
    asked(kill._due)


def _data(name: str) -> Path:
    folder = Path(settings.OVERTURE_DATA) / f"host-{name}"
    folder.mkdir(exist_ok=True)
    return folder


def _worker(hosts: Hosts, name: str) -> subprocess.Popen[bytes]:
    environment = os.environ | {
        "OVERTURE_DATA": str(_data(name)),
        "OVERTURE_LEASE_SECONDS": str(LEASE),
        "OVERTURE_SECRET_KEY": os.environ.get("OVERTURE_SECRET_KEY") or _secret(),
        "DATABASE_URL": f"postgresql://postgres@{hosts.database_of(name)}/overture",
    }
    command = [sys.executable, "manage.py", "worker", "--concurrency", "4"]
    log = (_data(name) / "worker.log").open("ab")
    return hosts.inside(
        name, lambda: subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    )


def _secret() -> str:
    """Of this process; the same on every host."""
    return (Path(settings.OVERTURE_DATA) / "secret.key").read_text()


def _move_database(hosts: Hosts) -> None:
    """To a host of its own, where it listens for the others; this process keeps its socket."""
    folder = Path(settings.OVERTURE_DATA)
    cluster = folder / "postgres"
    connection.close()
    programs = ("pg_ctl", "stop", "-D", str(cluster), "-m", "fast", "-w")
    postgres_programs.run(cluster, *programs)
    with (cluster / "pg_hba.conf").open("a") as file:
        file.write("host all all 10.77.0.0/16 trust\n")
    options = f"-k '{cluster}' -h '*'"
    start = ("pg_ctl", "start", "-D", str(cluster), "-w", "-l", str(cluster / "server.log"), "-o", options)
    done = hosts.inside("db", lambda: postgres_programs.run(cluster, *start))
    if not embedded_postgres.is_alive(folder):
        raise OSError(done.stdout)
