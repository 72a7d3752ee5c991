"""Sends what is due from one mailbox, by one worker, until its limits, server or queue say stop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import uvloop
from django.conf import settings
from django.db import connection

from overture.delivery.alone import LOCK, alone
from overture.delivery.attached import HELD
from overture.delivery.claim import Claim
from overture.delivery.connecting import AnyAccount
from overture.delivery.faults import backs_off_until, disconnect, give_up, recover
from overture.delivery.finish import explain, finish
from overture.delivery.follow_up import follow_up
from overture.delivery.grants import judged
from overture.delivery.ledger_line import GONE
from overture.delivery.letters import Letters
from overture.delivery.queue import IS_DUE
from overture.delivery.restored import check
from overture.delivery.run import Run
from overture.delivery.turn import turn
from overture.delivery.wake import wake_later
from overture.lib.secrets import SecretError
from overture.mailboxes import limits
from overture.mailboxes.account import account_of
from overture.mailboxes.limits import Limits, Room
from overture.mailboxes.models import Mailbox
from overture.mailboxes.providers import SendError
from overture.mailboxes.relays.account import relay_account_of
from overture.mailboxes.sign import signer_of
from overture.mailboxes.sizes import note_largest

CONNECTIONS, WIDE_CONNECTIONS = 4, 8
# Servers that take no more than so many at a time (432 4.3.2).
_FEWER = {"smtp.office365.com": 3, "smtp-mail.outlook.com": 3, "outlook.office365.com": 3}

_DUE = f"""
    SELECT m.id FROM overture_mailing m
    WHERE m.mailbox_id = %s AND m.state = 'sending' AND m.starts_at <= clock_timestamp()
      AND {IS_DUE} AND NOT {HELD}
"""  # noqa: S608


def journal_folder() -> Path:
    return Path(settings.OVERTURE_DATA) / "journal"


def send_mailbox(mailbox_id: int, stop: Callable[[], bool] = lambda: False) -> None:
    """Returns when nothing more can leave now, or its turn is over; what can later is woken for."""
    if not check():
        return
    with turn(LOCK) as is_turn_over:
        if not _send_while_due(mailbox_id, stop, lambda: stop() or is_turn_over()):
            return
    if not stop():
        follow_up(mailbox_id)  # others may send from the mailbox meanwhile
    finish(mailbox_id)


def _send_while_due(mailbox_id: int, stop: Callable[[], bool], is_over: Callable[[], bool]) -> bool:
    """Whether the mailbox was ours; False: another worker sends from it."""
    for _ in range(3):  # what became due while we let go of the lock is ours to see
        with alone(mailbox_id) as is_alone:
            if not is_alone:
                return False
            if not _send(mailbox_id, is_over):
                return True
        if stop() or not due(mailbox_id):
            return True
        if is_over():
            wake_later(mailbox_id)
            return True
    return True


def due(mailbox_id: int) -> list[int]:
    """Mailings of the mailbox with something to send now."""
    with connection.cursor() as cursor:
        cursor.execute(_DUE, [mailbox_id])
        return [row[0] for row in cursor.fetchall()]


def _send(mailbox_id: int, stop: Callable[[], bool]) -> bool:
    """Whether it is worth looking again at once."""
    mailbox = Mailbox.objects.filter(pk=mailbox_id, removed_at=None, state=Mailbox.State.CONNECTED).first()
    mailings = due(mailbox_id) if mailbox else []
    if mailbox is None or not mailings or backs_off_until(mailbox):
        return False
    room = limits.room(mailbox.address_key, Limits.of(mailbox))
    if room.singles <= 0:
        _wait_for(mailbox_id, mailings, room)
        return False
    if not mailbox.backoff_count:
        explain(mailings, "")
    try:
        run = _run(mailbox, stop)
    except Exception as error:
        _say_failed(mailings, error)
        raise
    if run is None:
        return False
    return _after(mailbox, run)


def _run(mailbox: Mailbox, stop: Callable[[], bool]) -> Run | None:
    try:
        account, signer = _account_of(mailbox), signer_of(mailbox)
    except SecretError as error:
        disconnect(mailbox.pk, SendError(permanent=True, code="secret", reply=error.code))
        return None
    except SendError as error:
        give_up(mailbox.pk, error)
        return None
    run = Run(mailbox.pk, account, Letters(mailbox.time_zone, signer), most_connections(mailbox), stop)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run.work(str(journal_folder())))
    if run.fault:
        run.fault = judged(mailbox, account, run.fault)
    return run


def _account_of(mailbox: Mailbox) -> AnyAccount:
    return relay_account_of(mailbox) if mailbox.is_relay else account_of(mailbox)


def _say_failed(mailings: list[int], error: Exception) -> None:
    """A full disk, or a fault of ours: tried again all the time, but not in silence."""
    with suppress(*GONE):
        explain(mailings, "worker_failed", str(error) or type(error).__name__)


def most_connections(mailbox: Mailbox) -> int:
    wide = WIDE_CONNECTIONS if Limits.of(mailbox).is_wide else CONNECTIONS
    return min(_FEWER.get(mailbox.host.lower(), wide), wide)


def _after(mailbox: Mailbox, run: Run) -> bool:
    """Writes down why it ended; answers whether it ended well, with nothing that stops it from going on."""
    if run.last_claim:
        note_largest(mailbox.pk, run.largest)
    if run.sent and mailbox.backoff_count:
        recover(mailbox.pk)
        explain(due(mailbox.pk), "")
    if run.fault:
        give_up(mailbox.pk, run.fault)
        return False
    last: Claim | None = run.last_claim
    if last and last.room and last.waiting and not last.rows:
        _wait_for(mailbox.pk, list(last.waiting), last.room)
        return False
    return True


def _wait_for(mailbox_id: int, mailings: list[int], room: Room) -> None:
    if room.until is None:
        return
    explain(mailings, room.code, limit=room.limit, until=room.until.isoformat())
    wake_later(mailbox_id, room.until)
