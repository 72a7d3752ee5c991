"""Files from upload to clean: checked, kept, scanned by a worker; beside a bare clamd with the same files."""

from __future__ import annotations

import hashlib
import io
import os
import random
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path

import pikepdf
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from PIL import Image

from benchmarks._ledger import brand, peak_mb
from benchmarks._worker import until, worker
from overture.accounts.models import Membership
from overture.files import apart, clamd, clamd_folder, store
from overture.files.drain import CONNECTIONS
from overture.files.keep import keep
from overture.files.models import StoredFile
from overture.files.parts import parts_in
from overture.files.wake import scan_later

ROOT = Path(__file__).resolve().parent.parent
# So many one after the other, each waited for, for the time from upload to clean.
SINGLE = 40


def run(files: int = 200, only: str = "") -> Iterator[dict[str, object]]:
    """A quarter each: CSV of 4 kB, PDF of 10 pages, JPEG of 0.8 MB, PNG of 1.5 MB; then each kind alone.

    `ratio`: files a second beside a bare clamd that gets all that has to be scanned (as given, as handed out,
    each stream inside), over as many connections. `given_ratio`: beside one that gets the given files alone.
    """
    with _clamd() as scanner:
        for kind in [only] if only else ("mix", *_MAKERS):
            member = brand(f"scan-{kind}")
            kinds = list(_MAKERS) if kind == "mix" else [kind]
            count = SINGLE + (files // 4 if kind in {"jpeg", "png"} else files)
            # Other contents for each: what was scanned before would be known.
            first = 100_000 * [*_MAKERS, "mix"].index(kind)
            given = [
                (each, _MAKERS[each](first + number))
                for number in range(count // len(kinds))
                for each in kinds
            ]
            yield {"kind": kind, **_measure(member, given, scanner)}


def _measure(member: Membership, given: Sequence[tuple[str, bytes]], scanner: int) -> dict[str, object]:
    single, batch = given[:SINGLE], given[SINGLE:]
    with worker() as process:
        waits = [_from_upload_to_clean(member, *each) for each in single]
        seconds_to_keep = _timed(lambda: _keep_all_held_back(member, batch))
        contents = [content for _, content in batch]
        everything = _all_that_was_scanned(batch)
        # Before and after, since others on the machine weigh on each moment differently.
        bare, same = _bare(contents, everything)
        before = _cpu(process), _cpu(scanner)
        seconds = _timed(_scan_all)
        used = _cpu(process) - before[0], _cpu(scanner) - before[1]
    after = _bare(contents, everything)
    bare, same = statistics.mean((bare, after[0])), statistics.mean((same, after[1]))
    count = len(contents)
    return {
        "n": count,
        "kb": round(statistics.mean(map(len, contents)) / 1024, 1),
        "files_per_s": round(count / seconds, 1),
        "bare_files_per_s": round(count / same, 1),
        "ratio": round(same / seconds, 2),
        "given_ratio": round(bare / seconds, 2),
        "worker_cpu_ms": round(used[0] / count * 1000, 2),
        "clamd_cpu_ms": round(used[1] / count * 1000, 2),
        "kept_per_s": round(count / seconds_to_keep, 1),
        "upload_to_clean_p50_ms": round(statistics.median(waits) * 1000),
        "upload_to_clean_p95_ms": round(sorted(waits)[int(len(waits) * 0.95)] * 1000),
        "connections": CONNECTIONS,
        # Of the machine meanwhile: what others do on it weighs on both sides, not alike.
        "load": round(os.getloadavg()[0], 1),
        "rss_mb": peak_mb(),
    }


def _from_upload_to_clean(member: Membership, kind: str, content: bytes) -> float:
    began = time.perf_counter()
    made = keep(io.BytesIO(content), f"a.{kind}", workspace_id=member.workspace_id, member=member)
    while not StoredFile.objects.filter(pk=made.stored_id, state="clean").exists():
        time.sleep(0.001)
    return time.perf_counter() - began


def _keep_all_held_back(member: Membership, batch: Sequence[tuple[str, bytes]]) -> None:
    """As uploads do, two at a time; the worker is kept from them until all are there."""

    def one(each: tuple[str, bytes]) -> None:
        kind, content = each
        with transaction.atomic():
            made = keep(io.BytesIO(content), f"a.{kind}", workspace_id=member.workspace_id, member=member)
            StoredFile.objects.filter(pk=made.stored_id).update(due_at=timezone.now() + timedelta(hours=1))
        connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(one, batch))


def _scan_all() -> None:
    StoredFile.objects.filter(state="pending").update(due_at=timezone.now())
    scan_later()
    while StoredFile.objects.filter(state="pending").exists():
        time.sleep(0.02)
    states = set(StoredFile.objects.values_list("state", flat=True))
    assert states == {"clean"}, states


def _bare(*kinds: list[bytes]) -> tuple[float, ...]:
    return tuple(_timed(partial(_scan_bare, each)) for each in kinds)


def _scan_bare(contents: Sequence[bytes]) -> None:
    def one(content: bytes) -> None:
        assert clamd.scan(io.BytesIO(content)).is_clean

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        list(pool.map(one, contents))


def _all_that_was_scanned(batch: Sequence[tuple[str, bytes]]) -> list[bytes]:
    found = []
    for kind, content in batch:
        sha256 = hashlib.sha256(content).hexdigest()
        found.append(content)
        if store.has(sha256, store.SERVED):
            with store.open_kept(sha256, store.SERVED) as file:
                served = file.read()
            # A picture that comes out as it came in is scanned once.
            found += [served] if served != content else []
        if kind == "pdf":
            found += _streams(content)
    return found


def _streams(content: bytes) -> list[bytes]:
    with store.workplace() as folder:
        (folder / "given").write_bytes(content)
        apart.ask("unpack", folder)
        with (folder / "parts").open("rb") as file:
            return [part.read(1 << 30) for part in parts_in(file)]


def _cpu(process: int) -> float:
    """Seconds of processor time so far."""
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _csv(number: int) -> bytes:
    rows = [f"Maison {number}-{row},https://maison{row}.example,FR,{row * 37}" for row in range(90)]
    return ("name,site,country,audience\n" + "\n".join(rows) + "\n").encode()


def _pdf(number: int) -> bytes:
    pdf = pikepdf.new()
    for page in range(10):
        made = pdf.add_blank_page(page_size=(595, 842))
        lines = "".join(
            f"BT /F1 10 Tf 50 {800 - 12 * line} Td (Rate {number} {page} {line * 7919}) Tj ET\n"
            for line in range(60)
        )
        made.Contents = pdf.make_stream(lines.encode())
    file = io.BytesIO()
    pdf.save(file)
    return file.getvalue()


def _photograph(number: int, width: int, height: int) -> Image.Image:
    """Soft shapes with grain: compresses as a photograph does."""
    chance = random.Random(number)
    small = Image.frombytes("RGB", (48, 36), chance.randbytes(48 * 36 * 3))
    grain = Image.frombytes("L", (width, height), chance.randbytes(width * height)).point(
        lambda each: each // 12
    )
    soft = small.resize((width, height), Image.Resampling.BICUBIC)
    return Image.blend(soft, Image.merge("RGB", (grain,) * 3), 0.15)


def _jpeg(number: int) -> bytes:
    file = io.BytesIO()
    _photograph(number, 2000, 1500).save(file, "JPEG", quality=90)
    return file.getvalue()


def _png(number: int) -> bytes:
    file = io.BytesIO()
    _photograph(number, 900, 700).save(file, "PNG")
    return file.getvalue()


_MAKERS: dict[str, Callable[[int], bytes]] = {"csv": _csv, "pdf": _pdf, "jpeg": _jpeg, "png": _png}


@contextmanager
def _clamd() -> Iterator[int]:
    socket = Path(settings.OVERTURE_CLAMD.removeprefix("unix:"))
    configuration = clamd_folder.make(
        settings.OVERTURE_DATA / "clamav", socket, settings.OVERTURE_FILE_LIMIT_MB
    )
    # It remembers what it found clean: whoever comes second would only ask its memory.
    with configuration.open("a") as file:
        file.write("DisableCache yes\n")
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(["/usr/sbin/clamd", "-c", str(configuration)], stdout=log, stderr=log)
        try:
            until(clamd.ping, clamd.ScannerDown)
            yield process.pid
        finally:
            process.kill()
            process.wait()
