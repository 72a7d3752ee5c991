"""Reading mailboxes at a real Dovecot: mails a second, memory, delay to the thread, many watched by one."""

import resource
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.utils import timezone

from benchmarks import _ledger
from benchmarks._apart import apart
from overture.accounts.models import Membership
from overture.delivery.approve import send
from overture.delivery.draft import create
from overture.delivery.message_id import message_id
from overture.delivery.models import Delivery
from overture.delivery.prepare import prepare
from overture.lib import addresses
from overture.mailboxes.models import Mailbox
from overture.mailboxes.secret import sealed
from tests.servers.dovecot import PASSWORD, Dovecot

# One mail in so many answers us; all others are looked at by header only.
_SHARE = 100


def run(mails: int = 0, watched: int = 500, answers: int = 50) -> Iterator[dict[str, object]]:
    """`mails` in the inbox at the first reading (of which one in a hundred answers us); then so many answers
    arrive one by one; then `watched` mailboxes by one worker, 20 s of silence and 20 s of a mail a second.
    Needs Dovecot and root. Each part is read in a process of its own."""
    with TemporaryDirectory(prefix="overture-dovecot-") as folder:
        server = Dovecot(Path(folder))
        server.start()
        try:
            for size in [mails] if mails else [1_000, 100_000]:
                yield _reading(server, size, answers)
            if watched:
                yield _watching(server, watched)
        finally:
            server.kill()


def _reading(server: Dovecot, size: int, answers: int) -> dict[str, object]:
    member = _ledger.brand(f"inbound-{size}")
    mailbox = _connected(member, server, f"inbound-{size}@halden.example")
    deliveries = _sent(member, mailbox, max(size // _SHARE, answers))
    _fill(server, mailbox.address, size, deliveries[: size // _SHARE])
    Mailbox.objects.exclude(pk=mailbox.pk).update(reads=False)  # those of smaller sizes
    first = apart("benchmarks.inbound", "read_once", mailbox.pk)
    arrived = apart("benchmarks.inbound", "arrive", mailbox.pk, server.imap, deliveries[-answers:])
    return {"n": size, "answers": size // _SHARE, **first, **arrived}


def read_once(mailbox_id: int) -> dict[str, object]:
    """In a process of its own: the first reading, and one more that finds nothing."""
    from overture.inbound.models import Folder, Mail

    before = _ledger.peak_mb()
    with _watch() as watch:
        start = time.perf_counter()
        read = Folder.objects.filter(mailbox=mailbox_id, role="inbox").exclude(read_up_to=None)
        _until(read.exists)
        seconds = time.perf_counter() - start
        assert len(watch.watched) == 1
    last = Folder.objects.get(mailbox=mailbox_id, role="inbox").last_uid
    return {
        "first_s": round(seconds, 2),
        "read_per_s": round(last / seconds),
        "kept": Mail.objects.filter(mailbox=mailbox_id).count(),
        "peak_mb": _ledger.peak_mb(),
        "of_it_before_mb": before,
    }


def arrive(mailbox_id: int, port: int, deliveries: list[tuple[int, str]]) -> dict[str, object]:
    """From the server's OK to the mail in the database, by IDLE."""
    from overture.inbound.models import Mail

    address = Mailbox.objects.get(pk=mailbox_id).address
    delays = []
    with _watch() as watch:
        _until(lambda: watch.watched and all(each.is_idle for each in watch.watched.values()))
        for number, (pk, recipient) in enumerate(deliveries):
            count = Mail.objects.filter(mailbox=mailbox_id).count()
            _server(port).deliver(address, _answer(pk, recipient, address, 1_000_000 + number))
            start = time.perf_counter()
            _until(lambda count=count: Mail.objects.filter(mailbox=mailbox_id).count() > count, 0.005)  # type: ignore[misc]
            delays.append(time.perf_counter() - start)
    return {"delay_p50_ms": round(median(delays) * 1000), "delay_max_ms": round(max(delays) * 1000)}


def _watching(server: Dovecot, count: int) -> dict[str, object]:
    member = _ledger.brand("watched")
    mailboxes = [_connected(member, server, f"box{number}@halden.example") for number in range(count)]
    deliveries = _sent(member, mailboxes[0], 50)
    return {
        "watched": count,
        **apart("benchmarks.inbound", "watch_many", server.imap, mailboxes[0].pk, deliveries),
    }


def watch_many(port: int, busy_id: int, deliveries: list[tuple[int, str]]) -> dict[str, object]:
    from overture.inbound.models import Mail

    busy = Mailbox.objects.get(pk=busy_id)
    count = Mailbox.objects.filter(workspace_id=busy.workspace_id).count()
    Mailbox.objects.exclude(workspace_id=busy.workspace_id).update(reads=False)
    before = _rss_mb()
    with _watch(poll=120) as watch:
        start = time.perf_counter()
        _until(lambda: sum(each.is_idle for each in list(watch.watched.values())) == count)
        connected = time.perf_counter() - start
        silent = _cpu(20)
        delays: list[float] = []
        busy_cpu = _cpu(20, lambda second: delays.append(_deliver_one(port, busy, deliveries[second])))
        kept = Mail.objects.filter(mailbox=busy).count()
        return {
            "connected_s": round(connected, 1),
            "rss_mb": _rss_mb(),
            "of_it_before_mb": before,
            "threads": threading.active_count(),
            "cpu_silent_percent": round(silent, 1),
            "cpu_a_mail_a_second_percent": round(busy_cpu, 1),
            "kept": kept,
            "delay_p50_ms": round(median(delays) * 1000),
        }


def _deliver_one(port: int, mailbox: Mailbox, delivery: tuple[int, str]) -> float:
    from overture.inbound.models import Mail

    count = Mail.objects.filter(mailbox=mailbox).count()
    _server(port).deliver(mailbox.address, _answer(*delivery, mailbox.address, delivery[0]))
    start = time.perf_counter()
    _until(lambda: Mail.objects.filter(mailbox=mailbox).count() > count, 0.01)
    return time.perf_counter() - start


def _server(port: int) -> Dovecot:
    """The one at work, for another process."""
    server = Dovecot(Path())
    server.imap = port
    return server


def _cpu(seconds: int, each_second: Any = None) -> float:
    """Percent of one core that this process uses meanwhile."""
    used, start = _used(), time.perf_counter()
    for second in range(seconds):
        if each_second:
            each_second(second)
        time.sleep(max(0.0, start + second + 1 - time.perf_counter()))
    return (_used() - used) / (time.perf_counter() - start) * 100


def _used() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def _rss_mb() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() // 2**20


class _watch:
    """A watch in a thread."""

    def __init__(self, poll: float = 120) -> None:
        from overture.inbound.watch import Watch

        self.ended = threading.Event()
        self.watch = Watch(self.ended.is_set, poll=timedelta(seconds=poll))
        self.thread = threading.Thread(target=self.watch.run)

    def __enter__(self) -> Any:
        self.thread.start()
        return self.watch

    def __exit__(self, *_: object) -> None:
        self.ended.set()
        self.thread.join()


def _until(check: Any, pause: float = 0.02) -> None:
    end = time.monotonic() + 400
    while not check():
        if time.monotonic() > end:
            raise TimeoutError("reading takes too long")
        time.sleep(pause)


def _connected(member: Membership, server: Dovecot, address: str) -> Mailbox:
    server.add_user(address)
    mailbox = Mailbox.objects.create(
        workspace_id=member.workspace_id,
        address=address,
        address_key=addresses.key(addresses.parse(address), settings.ADDRESS_KEY),
        host="127.0.0.1",
        port=2525,
        security="none",
        username=address,
        reads=True,
        imap_host="127.0.0.1",
        imap_port=server.imap,
        imap_security="none",
    )
    Mailbox.objects.filter(pk=mailbox.pk).update(secret=sealed(mailbox, PASSWORD))
    return mailbox


def _sent(member: Membership, mailbox: Mailbox, count: int) -> list[tuple[int, str]]:
    _ledger.people(member, count)
    mailing = create(
        member, subject=_ledger.SUBJECT, content="<p>Hello</p>", audience={"filter": {}}, mailbox=mailbox.pk
    )
    send(member, mailing, prepare(member, mailing).pk, undo_seconds=0)
    rows = Delivery.objects.filter(mailing=mailing)
    rows.update(state="sent", sent_at=timezone.now())
    return list(rows.order_by("pk").values_list("pk", "address"))


def _fill(server: Dovecot, address: str, size: int, deliveries: list[tuple[int, str]]) -> None:
    """Straight into the folder's files, as a server that has been there for years has them."""
    import os

    new = server.folder / "mail" / address / "new"
    for name in ("cur", "new", "tmp"):
        (new.parent / name).mkdir(parents=True, exist_ok=True)
    for number in range(size):
        which, rest = divmod(number, _SHARE)
        if rest == 0 and which < len(deliveries):
            mail = _answer(*deliveries[which], address, number)
        else:
            mail = _mail(number, "news@elsewhere.example", address, "")
        (new / f"{1_700_000_000 + number}.M{number}.bench").write_bytes(mail)
    for each in (server.folder / "mail" / address, *(server.folder / "mail" / address).iterdir()):
        os.chown(each, 5000, 5000)


def _answer(pk: int, recipient: str, address: str, number: int) -> bytes:
    ours = message_id(pk, address)
    return _mail(number, recipient, address, f"In-Reply-To: {ours}\r\nReferences: {ours}\r\n")


_RECEIVED = "Received: from mx.elsewhere.example by mx.halden.example; Thu, 26 Nov 2026 10:00:00 +0000"
_TEXT = "Some words of a mail as people write them."


def _mail(number: int, sender: str, address: str, more: str) -> bytes:
    lines = [_RECEIVED] * 4 + [
        f"Message-ID: <{number}@{sender.rpartition('@')[2]}>",
        f"Date: {format_datetime(timezone.now())}",
        f"From: Jo Doe <{sender}>",
        f"To: {address}",
        f"Subject: About number {number}",
        f"{more}MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "",
        *[_TEXT] * 40,
    ]
    return "\r\n".join(lines).encode() + b"\r\n"
