"""The whole real road: Send, a worker process, the ledger in PostgreSQL, smtp-sink; beside smtp-source on
its own.
"""

import contextlib
import io
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from django.db import connection
from django.db.models.functions import Now
from procrastinate.contrib.django import app

from benchmarks import _ledger
from benchmarks._worker import until, worker
from overture.accounts.models import Membership
from overture.delivery.approve import send
from overture.delivery.draft import create
from overture.delivery.models import Delivery, Mailing
from overture.delivery.prepare import prepare
from overture.files.keep import keep
from overture.files.models import Attachment, StoredFile
from overture.mailboxes.models import Mailbox
from overture.mailboxes.sign import make_key

ROOT = Path(__file__).resolve().parent.parent
SESSIONS = 16
LONGEST = 25 * 60  # a million, on a busy machine
_TICKS = os.sysconf("SC_CLK_TCK")


def run(recipients: int = 0, attached_kb: int = 0, dkim: int = 0) -> Iterator[dict[str, object]]:
    """--recipients N measures one size; --attached-kb N has each e-mail carry a file of N kB; --dkim 1 has
    each size once more, signed by Overture, and tells what that leaves of the speed (to_unsigned). The ratio
    is to smtp-source -s 16 -d with as many messages of the same size (unsigned).
    """
    app.perform_import_paths()  # as a web process has done before the first Send
    sizes = [recipients] if recipients else [5_000, 20_000, 100_000]
    for size in sizes:
        unsigned = _send(size, attached_kb)
        yield unsigned
        if dkim:
            signed = _send(size, attached_kb, is_signed=True)
            yield {**signed, "to_unsigned": round(float(signed["per_s"]) / float(unsigned["per_s"]), 2)}


def _send(size: int, attached_kb: int, *, is_signed: bool = False) -> dict[str, Any]:
    member = _ledger.brand(f"send-{size}{'-signed' if is_signed else ''}")
    with _sink() as port:
        mailbox = _ledger.mailbox(member, port)
        if is_signed:
            make_key(member, mailbox)
            Mailbox.objects.filter(pk=mailbox.pk).update(dkim_seen_at=Now())  # nobody asks the DNS here
        _ledger.people(member, size)
        with worker() as process:
            return _measure(member, size, port, process, attached_kb) | {"dkim": is_signed}


def _measure(member: Membership, size: int, port: int, process: int, attached_kb: int) -> dict[str, Any]:
    mailing = create(
        member,
        subject=_ledger.SUBJECT,
        content=_ledger.CONTENT,
        audience={"filter": {}},
        attachments=[_file(member, attached_kb).pk] if attached_kb else [],
    )
    manifest = prepare(member, mailing)
    letter_size = _letter_size(manifest.pk)
    cpu, database = _cpu(process), _database_cpu()
    start, began_at = time.perf_counter(), _database_time()
    send(member, mailing, manifest.pk, undo_seconds=0)
    approved = time.perf_counter() - start
    _wait_until_done(mailing)
    done_seconds = time.perf_counter() - start
    # To the last settled row; what follows for prospects is written until the mailing is done.
    seconds = _database_time("max(changed_at)", mailing.pk) - began_at
    states = set(Delivery.objects.filter(mailing=mailing).values_list("state", flat=True).distinct())
    assert states == {"sent"}, states
    worker_cpu, database_cpu = _cpu(process) - cpu, _database_cpu() - database
    return _ledger.figures(
        size,
        seconds,
        ratio=round(_source_seconds(port, size, letter_size) / seconds, 2),
        cpu_s_per_1000=round((worker_cpu + database_cpu) / size * 1000, 3),
        worker_cpu_s_per_1000=round(worker_cpu / size * 1000, 3),
        approve_seconds=round(approved, 3),
        done_seconds=round(done_seconds, 3),
        sending_per_s=round(size / _sending_seconds(mailing)),
        letter_bytes=letter_size,
        rss_mb=_peak(process),
    )


def _file(member: Membership, kb: int) -> Attachment:
    content = b"name,site\n" + (b"Hus & Hav,https://husoghav.example\n" * (kb * 30))[: kb * 1024]
    made = keep(io.BytesIO(content), "partners.csv", workspace_id=member.workspace_id, member=member)
    # Nobody scans here; what is measured is the sending.
    StoredFile.objects.filter(pk=made.stored_id).update(state="clean", due_at=None)
    return made


def _letter_size(manifest_id: int) -> int:
    from django.utils import timezone

    from overture.delivery.claim import Row
    from overture.delivery.letters import Unfit, compiled, made
    from overture.delivery.models import Manifest

    row = Delivery.objects.filter(manifest=manifest_id).first()
    assert row
    values = (row.pk, manifest_id, row.address, row.mpid, row.company_name, row.first_name, row.last_name)
    manifest = Manifest.objects.get(pk=manifest_id)
    letter = made(Row(*values, timezone.now()), compiled(manifest), timezone.now())
    assert not isinstance(letter, Unfit)
    return len(letter.data) + len(letter.tail)


def _database_time(moment: str = "clock_timestamp()", mailing: int = 0) -> float:
    """Seconds since 1970 by the clock that writes the rows."""
    of_rows = f" FROM overture_delivery WHERE mailing_id = {mailing:d}" if mailing else ""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT extract(epoch FROM {moment}){of_rows}")
        return float(cursor.fetchone()[0])


def _wait_until_done(mailing: Mailing) -> None:
    # Seldom: asking fifty times a second took a tenth of what the worker had for each e-mail.
    while not Mailing.objects.filter(pk=mailing.pk, state="done").exists():
        time.sleep(0.2)


def _sending_seconds(mailing: Mailing) -> float:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT extract(epoch FROM max(sent_at) - min(first_tried_at)) FROM overture_delivery WHERE"
            " mailing_id = %s",
            [mailing.pk],
        )
        return max(float(cursor.fetchone()[0]), 0.001)


def _source_seconds(port: int, size: int, letter_size: int) -> float:
    """The median of three: with the sink on its own core or not, it takes 3 or 5 seconds for 60,000."""
    command = [_program("smtp-source"), "-s", str(SESSIONS), "-d", "-m", str(size), "-l", str(letter_size)]
    addresses = ["-f", "nora@halden.example", "-t", "jo@p.example", f"inet:127.0.0.1:{port}"]
    taken = []
    for _ in range(3):
        start = time.perf_counter()
        subprocess.run([*command, *addresses], check=True, capture_output=True)
        taken.append(time.perf_counter() - start)
    return median(taken)


@contextlib.contextmanager
def _sink() -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    user = ["-u", "nobody"] if os.getuid() == 0 else []
    sink = subprocess.Popen([_program("smtp-sink"), *user, f"inet:127.0.0.1:{port}", "1000"], cwd="/tmp")
    try:
        until(lambda: socket.create_connection(("127.0.0.1", port), 1).close())
        yield port
    finally:
        sink.kill()
        sink.wait()


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _database_cpu() -> float:
    """Seconds of all server processes, and of those that ended."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW data_directory")
        folder = cursor.fetchone()[0]
    try:
        postmaster = int((Path(folder) / "postmaster.pid").read_text().splitlines()[0])
        fields = Path(f"/proc/{postmaster}/stat").read_text().rpartition(")")[2].split()
        ended = (int(fields[13]) + int(fields[14])) / _TICKS
        children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
        return ended + sum(_cpu(int(child)) for child in children)
    except (OSError, ValueError):
        return 0.0


def _peak(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) // 1024


def _program(name: str) -> str:
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/lib/postfix/sbin")
    if not found:
        raise SystemExit(f"{name} is not here: apt-get install postfix")
    return found
