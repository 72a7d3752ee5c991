"""Kills worker, SMTP server and database at random while a mailing leaves, and counts who got what."""

from __future__ import annotations

import json
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import connection

from benchmarks import _ledger
from benchmarks._scene import LEASE, Server, Workers, asked, kill_database, scene, start_database, until
from overture.delivery.approve import send
from overture.delivery.draft import create
from overture.delivery.invariant import broken
from overture.delivery.models import Delivery, Mailing
from overture.delivery.prepare import prepare
from overture.mailboxes.models import Mailbox
from tests.fakes.recording_smtp import read_log

LONGEST = 6 * 60 * 60
# Of one worker; the mailbox's lock sees that no other has any.
CONNECTIONS = 8
_EVENTS = ("worker", "worker", "worker", "smtp", "database", "database", "all", "stop", "stop")


@dataclass
class Tally:
    """What all runs together came to."""

    runs: int = 0
    recipients: int = 0
    lost: int = 0
    duplicates: int = 0
    # Still on its way when patience ended; neither sent nor unknown when all was over.
    unsettled: int = 0
    wrong: int = 0
    events: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)
    unknown_of_run: Counter[int] = field(default_factory=Counter)
    most_unknown_per_event: float = 0.0
    failed: list[str] = field(default_factory=list)

    def figures(self) -> dict[str, object]:
        return {
            "runs": self.runs,
            "recipients": self.recipients,
            "lost": self.lost,
            "duplicates": self.duplicates,
            "unsettled": self.unsettled,
            "wrong": self.wrong,
            "events": dict(self.events),
            "unknown": dict(self.unknown),
            "unknown_histogram": dict(sorted(self.unknown_of_run.items())),
            "most_unknown_per_event": self.most_unknown_per_event,
            "failed": self.failed,
        }


def run(
    runs: int = 100,
    recipients: int = 5000,
    workers: int = 2,
    events: int = 3,
    seed: int = 0,
    minutes: int = 300,
    kept: str = "",
) -> Iterator[dict[str, object]]:
    """--runs mailings of --recipients; --events random kills in each; begins none after --minutes.

    A kill takes worker, SMTP server, database or all; a worker may also be stopped for longer than its lease.
    --kept FILE goes on with the runs of the file and writes there after each, so that many can be made in
    pieces: the same call again until "runs" is what was asked for. A run depends on --seed and its number
    alone.
    """
    tally, end = _taken_up(kept), time.monotonic() + minutes * 60
    while tally.runs < runs and time.monotonic() < end:
        chance = random.Random(f"{seed}-{tally.runs}")
        happens = [chance.choice(_EVENTS) for _ in range(events)]
        _one(tally.runs, recipients, workers, happens, chance, tally)
        if kept:
            Path(kept).write_text(json.dumps(tally.figures()))
    yield tally.figures()
    if tally.lost or tally.duplicates or tally.wrong or tally.failed:
        raise SystemExit(1)


def _taken_up(kept: str) -> Tally:
    """The tally of earlier runs, as figures() told it."""
    if not kept or not Path(kept).exists():
        return Tally()
    told = json.loads(Path(kept).read_text())
    told["unknown_of_run"] = Counter({int(n): runs for n, runs in told.pop("unknown_histogram").items()})
    return Tally(**told | {name: Counter(told[name]) for name in ("events", "unknown")})


def _one(
    number: int, recipients: int, workers: int, events: list[str], chance: random.Random, tally: Tally
) -> None:
    log = Path(settings.OVERTURE_DATA) / f"log-{number}"
    began = time.monotonic()
    with scene(log, workers) as (server, at_work):
        mailing = asked(lambda: _mailing(number, recipients, server.port))
        try:
            for event in events:
                _wait_for_mail(server, at_work, mailing)
                time.sleep(chance.uniform(0.0, 1.5))
                tally.events[event if _open(mailing) else "too_late"] += 1
                _happen(event, server, at_work, chance)
            _settle(at_work, mailing, is_late="stop" in events)
        except TimeoutError as error:
            tally.failed.append(f"run {number} {events}: {error}; {_counts(mailing)}")
    _judge(mailing, log, len(events), tally)
    print(
        f"run {number}: {events} {time.monotonic() - began:.0f} s {_counts(mailing)}",
        file=sys.stderr,
        flush=True,
    )
    log.unlink(missing_ok=True)


def _mailing(number: int, recipients: int, port: int) -> Mailing:
    member = _ledger.brand(f"kill-{number}-{time.monotonic_ns()}")
    _ledger.mailbox(member, port)
    _ledger.people(member, recipients)
    mailing = create(member, subject=_ledger.SUBJECT, content=_ledger.CONTENT, audience={"filter": {}})
    return send(member, mailing, prepare(member, mailing).pk, undo_seconds=0)


def _wait_for_mail(server: Server, at_work: Workers, mailing: Mailing) -> None:
    """Something more has left, or nothing is left to leave."""
    before = _size(server.log)

    def moves() -> bool:
        return _size(server.log) > before or not _open(mailing)

    until(moves, "mail", meanwhile=lambda: _pass_time(at_work))


def _happen(event: str, server: Server, at_work: Workers, chance: random.Random) -> None:
    sending = at_work.sending()
    victim = chance.randrange(len(at_work.processes)) if sending is None else sending
    if event in ("worker", "all"):
        for index in range(len(at_work.processes)) if event == "all" else [victim]:
            at_work.kill(index)
    if event in ("smtp", "all"):
        server.kill()
    if event in ("database", "all"):
        kill_database(chance.choice([signal.SIGQUIT, signal.SIGKILL]))
        connection.close()
        start_database()
    if event in ("smtp", "all"):
        server.start()
    if event == "stop":
        at_work.signal(victim, signal.SIGSTOP)
        time.sleep(LEASE + 2)
        at_work.signal(victim, signal.SIGCONT)
    at_work.watch()


def _settle(at_work: Workers, mailing: Mailing, *, is_late: bool) -> None:
    until(lambda: not _open(mailing), "the end", 180, meanwhile=lambda: _pass_time(at_work))
    if is_late:
        until(_Still(mailing), "late answers", meanwhile=at_work.watch)
        # Who woke up late gives back what it never began: that is still to leave.
        until(lambda: not _open(mailing), "the end", 180, meanwhile=lambda: _pass_time(at_work))


class _Still:
    """True when nothing has become known for two seconds."""

    def __init__(self, mailing: Mailing) -> None:
        self._mailing, self._last, self._since = mailing, -1, 0.0

    def __call__(self) -> bool:
        count = asked(lambda: Delivery.objects.filter(mailing=self._mailing, state="unknown").count())
        if count != self._last:
            self._last, self._since = count, time.monotonic()
        return time.monotonic() - self._since > 2


def _pass_time(at_work: Workers) -> None:
    """What is put off for minutes is due at once: the waiting itself is not what is tried here."""
    at_work.watch()
    asked(lambda: Mailbox.objects.exclude(backoff_until=None).update(backoff_until=None))
    asked(_due)


def _due() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE overture_queued SET due_at = now()")


def _open(mailing: Mailing) -> bool:
    rows = Delivery.objects.filter(mailing=mailing, state__in=["queued", "sending", "deferred"])
    return asked(lambda: rows.exists())


def _counts(mailing: Mailing) -> dict[str, int]:
    rows = asked(lambda: list(Delivery.objects.filter(mailing=mailing).values_list("state", "reason")))
    return dict(Counter(f"{state} {reason}".strip() for state, reason in rows))


def _judge(mailing: Mailing, log: Path, events: int, tally: Tally) -> None:
    got = Counter(message.recipients[0] for message in read_log(log))
    fields = ("address", "state", "reason")
    rows = asked(lambda: list(Delivery.objects.filter(mailing=mailing).values_list(*fields)))
    unknown = [reason for _, state, reason in rows if state == "unknown"]
    tally.runs += 1
    tally.recipients += len(rows)
    waiting = ("queued", "sending", "deferred")
    unsettled = sum(state in waiting for _, state, _ in rows)
    tally.unsettled += unsettled
    tally.lost += sum(address not in got and state not in (*waiting, "unknown") for address, state, _ in rows)
    tally.duplicates += got.total() - len(got)
    ended = sum(state in ("sent", "unknown") for _, state, _ in rows)
    tally.wrong += len(rows) - unsettled - ended + len(broken(mailing.pk))
    tally.unknown.update(unknown)
    tally.unknown_of_run[len(unknown)] += 1
    tally.most_unknown_per_event = max(tally.most_unknown_per_event, round(len(unknown) / events, 1))


def _size(log: Path) -> int:
    return log.stat().st_size if log.exists() else 0
