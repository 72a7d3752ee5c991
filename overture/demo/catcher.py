"""The demo's mail catcher: an SMTP server that keeps each e-mail as a row and says 250 once it is stored."""

import asyncio
import email.header
import logging
import re
import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope
from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection, transaction

from overture.demo.models import CaughtEmail
from overture.mailboxes.models import Mailbox

HOST = "127.0.0.1"
KEPT = 10_000
LARGEST = 40 * 1024 * 1024
BATCH = 500

logger = logging.getLogger("overture.demo.catcher")


def port() -> int:
    """The catcher's port on loopback: chosen once in each data folder, since the demo's mailbox keeps it."""
    path: Path = settings.OVERTURE_DATA / "catcher.port"
    try:
        return int(path.read_text())
    except (FileNotFoundError, ValueError):
        return _choose_port(path)


def move(taken: int) -> int:
    """Another port, when a stranger took ours; the mailboxes that send to the catcher follow."""
    chosen = _choose_port(settings.OVERTURE_DATA / "catcher.port")
    Mailbox.objects.filter(host=HOST, port=taken, security=Mailbox.Security.NONE).update(port=chosen)
    return chosen


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        chosen: int = probe.getsockname()[1]
    return chosen


def _choose_port(path: Path) -> int:
    chosen = free_port()
    path.write_text(f"{chosen}\n")
    return chosen


async def catch(stop: asyncio.Event, listen_on: int) -> None:
    """Receives until told to stop. Raises OSError when the port is taken."""
    catcher = Catcher()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(
            catcher,
            hostname="catcher.overture.test",
            data_size_limit=LARGEST,
            enable_SMTPUTF8=True,
            loop=loop,
        ),
        HOST,
        listen_on,
    )
    storing = asyncio.create_task(catcher.store())
    async with server:
        await stop.wait()
    storing.cancel()
    catcher.close()


class Catcher:
    def __init__(self) -> None:
        # One thread: its database connection lives as long as the catcher.
        self._thread = ThreadPoolExecutor(max_workers=1)
        self._waiting: asyncio.Queue[tuple[CaughtEmail, asyncio.Future[bool]]] = asyncio.Queue()

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Envelope, address: str, options: Any
    ) -> str:
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:
        stored = asyncio.get_running_loop().create_future()
        await self._waiting.put((_row(envelope), stored))
        return "250 Stored" if await stored else "451 4.3.0 Not stored, try again later"

    async def store(self) -> None:
        """One transaction for all that wait: more connections make larger batches, not more commits."""
        while True:
            batch = [await self._waiting.get()]
            while len(batch) < BATCH and not self._waiting.empty():
                batch.append(self._waiting.get_nowait())
            rows = [row for row, _ in batch]
            is_stored = await asyncio.get_running_loop().run_in_executor(self._thread, _store, rows)
            for _, stored in batch:
                if not stored.done():
                    stored.set_result(is_stored)

    def close(self) -> None:
        self._thread.submit(lambda: connection.close())  # that thread's own
        self._thread.shutdown()


def _row(envelope: Envelope) -> CaughtEmail:
    raw = envelope.original_content or b""
    return CaughtEmail(
        sender=(envelope.mail_from or "")[:400],
        recipients=[address[:400] for address in envelope.rcpt_tos],
        subject=subject_of(raw),
        raw=raw,
    )


def subject_of(raw: bytes) -> str:
    """The subject alone; parsing the whole e-mail would cost more than storing it."""
    head = re.split(rb"\r?\n\r?\n", raw, maxsplit=1)[0]
    found = re.search(rb"^subject:[ \t]*(.*(?:\r?\n[ \t].*)*)", head, re.IGNORECASE | re.MULTILINE)
    folded = found[1].decode("utf-8", "replace") if found else ""
    unfolded = re.sub(r"\r?\n(?=[ \t])", "", folded)
    try:
        text = str(email.header.make_header(email.header.decode_header(unfolded)))
    except (LookupError, ValueError, email.errors.HeaderParseError):
        text = unfolded
    return re.sub(r"[\x00-\x1f\x7f]", " ", text)[:500].strip()


def _store(rows: list[CaughtEmail]) -> bool:
    close_old_connections()
    try:
        insert(rows)
    except DatabaseError as error:
        logger.error("e-mails were not stored: %s", error)
        connection.close()
        return False
    return True


def insert(rows: list[CaughtEmail]) -> None:
    with transaction.atomic():
        CaughtEmail.objects.bulk_create(rows)
        _forget(len(rows))


def _forget(added: int) -> None:
    """Each tenth of what is kept, the oldest beyond it go: no counting, for numbers only grow."""
    newest = CaughtEmail.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    if newest // (KEPT // 10) > (newest - added) // (KEPT // 10):
        CaughtEmail.objects.filter(pk__lte=newest - KEPT).delete()
