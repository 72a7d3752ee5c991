"""The inbox: its list, a thread, search, counts; and a thousand open pages asking for news."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from time import perf_counter
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client

from benchmarks._ledger import brand, peak_mb
from benchmarks._threads import make_threads
from overture.accounts.models import Membership, User
from overture.conversations.answer import answer
from overture.conversations.inbox import View, listed
from overture.conversations.models import Conversation
from overture.conversations.post import post
from overture.conversations.pulse import beat, of_workspace
from overture.conversations.read import unread_count
from overture.demo.catcher import free_port
from overture.directory.models import Partner, PartnerUser
from overture.web.live import live_url

LONGEST = 25 * 60
HTMX = {"HX-Request": "true"}
# From the most frequent word to one that nobody wrote; two together; half a word; a name; with accents.
SEARCHES = (
    "the", "linen", "winter guide", "attached", "norwegen", "epices", "Épices", "ete", "facade", "rates lin",
    "maison 4711", "zzzz", "campaign readers budget", "eaiou", "maison 99", "pret decem",
)  # fmt: skip


def run(
    threads: int = 100_000, messages: int = 2_000_000, pages: int = 1_000, only: str = ""
) -> Iterator[dict[str, object]]:
    """p95 in milliseconds of whole requests: list, views, a thread, search; then pages that poll.

    `extra_mb` and `cores` are what the pages cost web server and database together.
    `only`: requests, quiet or busy.
    """
    member = brand("bench-inbox")
    if only in {"", "requests"}:
        yield from _requests(member, threads, messages)
    for name, every in (("quiet", 12), ("busy", 4)):
        if only in {"", name}:
            yield {"what": f"open_pages_{name}", **_open_pages(member, pages, every)}


def _requests(member: Membership, count: int, messages: int) -> Iterator[dict[str, object]]:
    started = perf_counter()
    colleague = make_threads(member, count, messages // count)
    made = perf_counter() - started
    clients = {each.pk: _client(each) for each in (member, colleague)}
    numbers = list(Conversation.objects.values_list("pk", flat=True))
    chosen = random.Random(7)

    def get(path: str, who: Membership = member) -> Callable[[], object]:
        return lambda: _ok(clients[who.pk].get(f"/w/bench-inbox/inbox{path}", headers=HTMX))

    def a_thread() -> object:
        return get(f"/{chosen.choice(numbers)}")()

    def a_search() -> object:
        return get(f"?q={chosen.choice(SEARCHES)}")()

    yield {"n": count, "messages": messages, "made_s": round(made), "rss_mb": peak_mb()}
    for name, call, times in (
        ("list", get(""), 200),
        ("list_done", get("?state=done"), 100),
        ("list_prospects", get("?among=prospects"), 100),
        ("list_creators", get("?among=creators"), 100),
        ("list_mine", get("?mine=1"), 100),
        ("list_unread", get("?unread=1"), 100),
        ("list_unread_all", get("?unread=1", colleague), 100),
        ("list_deep", _deep(clients[member.pk]), 100),
        ("thread", a_thread, 200),
        ("search", a_search, 160),
        ("unread_count", lambda: unread_count(member), 200),
        ("unread_count_all", lambda: unread_count(colleague), 200),
        ("post", _posting(member), 200),
        ("answer", _answering(member), 200),
    ):
        yield {"what": name, "n": count, **_timed(call, times)}
    for words in SEARCHES:
        yield {"what": "search", "q": words, "n": count, **_timed(get(f"?q={words}"), 12)}


def _client(member: Membership) -> Client:
    client = Client(raise_request_exception=True)
    client.force_login(member.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def _ok(answered: Any) -> object:
    assert answered.status_code == 200, answered.status_code
    return answered


def _deep(client: Client) -> Callable[[], object]:
    """The hundredth page, by its own link."""
    member = Membership.objects.get(workspace__slug="bench-inbox", user__name="Nora")
    cursor = ""
    for _ in range(100):
        cursor = listed(member, View(), cursor).next or cursor
    return lambda: _ok(client.get(f"/w/bench-inbox/inbox?cursor={cursor}", headers=HTMX))


def _posting(member: Membership) -> Callable[[], object]:
    Partner.objects.filter(workspace_id=member.workspace_id).update(has_messaging=True)
    partners = list(Partner.objects.filter(workspace_id=member.workspace_id)[:200])
    return lambda: post(member, partners.pop(), "Thank you, the samples left this morning.")


def _answering(member: Membership) -> Callable[[], object]:
    rows = list(Conversation.objects.filter(workspace_id=member.workspace_id)[:200])
    user = User.objects.create(email="elise@bench.example", name="Élise")
    PartnerUser.objects.bulk_create(PartnerUser(user=user, partner_id=each.partner_id) for each in rows)
    return lambda: answer(user, rows.pop(), "Merci, we look forward to it.")


def _timed(call: Callable[[], object], count: int) -> dict[str, object]:
    call()
    times, used = [], []
    for _ in range(count - 1):
        started, cpu = perf_counter(), time.process_time()
        call()
        times.append((perf_counter() - started) * 1000)
        used.append((time.process_time() - cpu) * 1000)
    ordered = sorted(times)
    return {
        "p50_ms": round(statistics.median(times), 1),
        "p95_ms": round(ordered[int(len(ordered) * 0.95)], 1),
        "max_ms": round(ordered[-1], 1),
        # Of this process: what is left of p50 is the database, and whoever else uses the machine.
        "cpu_p50_ms": round(statistics.median(used), 1),
    }


# A thousand open pages.


def _open_pages(member: Membership, pages: int, every: int, seconds: int = 60) -> dict[str, object]:
    """Each asks as often as live.js does, over a new connection: every twelve seconds where it is quiet,
    every four while something goes on, here once a second; and no sooner than it is told.
    """
    port = free_port()
    with _server(port) as processes:
        path = live_url("w", member.workspace_id)
        # Warm, so that what is measured is the polling alone.
        asyncio.run(_poll(port, path, 50, 3, 1))
        before_mb, before = _memory(processes()), _cpu(processes())
        started = time.monotonic()
        with _something_going_on(member.workspace_id) if every == 4 else nullcontext():
            asked, slowest = asyncio.run(_poll(port, path, pages, seconds, every))
        took = time.monotonic() - started
        used, after_mb = _cpu(processes()) - before, _memory(processes())
        idle_before = _cpu(processes())
        time.sleep(20)
        idle = (_cpu(processes()) - idle_before) / 20
    return {
        "pages": pages, "asked": asked, "asked_per_s": round(asked / took),
        "cores": round(used / took - idle, 3), "idle_cores": round(idle, 3),
        "extra_mb": round(after_mb - before_mb, 1), "p95_ms": slowest, "load": round(os.getloadavg()[0], 1),
    }  # fmt: skip


@contextmanager
def _something_going_on(workspace_id: int) -> Iterator[None]:
    ends = threading.Event()

    def each_second() -> None:
        while not ends.wait(1):
            beat(of_workspace(workspace_id))
        connection.close()

    thread = threading.Thread(target=each_second)
    thread.start()
    try:
        yield
    finally:
        ends.set()
        thread.join()


@contextmanager
def _server(port: int) -> Iterator[Callable[[], list[int]]]:
    """The product's own web server; answers with its processes and the database's."""
    command = [sys.executable, str(settings.ROOT / "manage.py"), "web", "--alone", f"--port={port}"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield lambda: [*_family(server.pid), *_postgres()]
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)


def _wait_for(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("the web server did not start")


async def _poll(port: int, path: str, pages: int, seconds: float, every: int) -> tuple[int, float]:
    ends = time.monotonic() + seconds
    times: list[float] = []

    async def page(number: int) -> None:
        await asyncio.sleep(every * number / pages)
        wait = every
        while time.monotonic() < ends:
            started = perf_counter()
            wait = max(every, await _ask(port, f"{path}?after={wait}"))
            times.append((perf_counter() - started) * 1000)
            await asyncio.sleep(wait)

    await asyncio.gather(*(page(number) for number in range(pages)))
    return len(times), round(sorted(times)[int(len(times) * 0.95)], 1)


async def _ask(port: int, path: str) -> int:
    """After how many seconds it may ask again."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: overture\r\nConnection: close\r\n\r\n".encode())
    answered = (await reader.read()).decode()
    writer.close()
    assert answered.startswith("HTTP/1.1 200"), answered[:80]
    return int(answered.rsplit(" ", 1)[1])


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(each for child in children for each in _family(int(child)))]


def _postgres() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
        return [pid for (pid,) in cursor.fetchall()]


def _cpu(pids: list[int]) -> float:
    """Seconds of processor time, the time of those that ended among them left out."""
    tick, total = os.sysconf("SC_CLK_TCK"), 0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        total += int(fields[11]) + int(fields[12])
    return total / tick


def _memory(pids: list[int]) -> float:
    """Megabytes: shared pages count once (PSS)."""
    total = 0
    for pid in pids:
        try:
            text = Path(f"/proc/{pid}/smaps_rollup").read_text()
        except OSError:
            continue
        total += int(next(line for line in text.splitlines() if line.startswith("Pss:")).split()[1])
    return total / 1024
