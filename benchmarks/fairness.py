"""What others wait for while a large mailing leaves: a single e-mail, a second mailing, another mailbox."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db.models import Count

from benchmarks import _ledger
from benchmarks._worker import worker
from benchmarks.send import _sink
from overture.accounts.models import Membership
from overture.delivery.approve import send
from overture.delivery.draft import create
from overture.delivery.models import Delivery, Mailing
from overture.delivery.prepare import prepare
from overture.lib.database_time import database_now
from overture.prospects.models import Prospect
from tests.fakes.recording_smtp import smtp_process

SLOW = 4  # mailboxes whose server is slow
LATENCY = 1.5  # seconds before each of its answers


def run(recipients: int = 100_000, singles: int = 5, seconds: float = 4.0) -> Iterator[dict[str, object]]:
    """--singles e-mails while --recipients leave on the same mailbox; two mailings of one mailbox, counted
    after --seconds; a mailbox alone, and beside four with a slow server, for as long.
    """
    with worker():
        # Before and after, for what else the machine does is not the same at any moment.
        alone = [_rate(seconds, 0, "before")[0]]
        beside, slow = _rate(seconds, SLOW, "beside")
        alone.append(_rate(seconds, 0, "after")[0])
        yield {
            "n": recipients,
            **_singles(recipients, singles),
            **_two(recipients, seconds),
            "alone_per_s": alone,
            "beside_slow_per_s": beside,
            "slow_ones_per_s": slow,
            "beside_to_alone": round(beside / (sum(alone) / 2), 2),
        }


def _singles(recipients: int, count: int) -> dict[str, object]:
    """Seconds from Send to the server's 250, for each; and what was still to go when the last had left."""
    member, waits = _ledger.brand("fair-single"), list[float]()
    with _sink() as port:
        _ledger.mailbox(member, port)
        _ledger.people(member, recipients)
        large = _prepared(member, {"filter": {}})
        ids = list(Prospect.objects.filter(workspace=member.workspace)[:count].values_list("pk", flat=True))
        ones = [_prepared(member, {"prospects": [each]}, contact_policy="override") for each in ids]
        send(member, large, large.manifest_id or 0, undo_seconds=0)
        for one in ones:
            time.sleep(0.5)
            sent = send(member, one, one.manifest_id or 0, undo_seconds=0)
            assert sent.starts_at
            waits.append((_left_at(one) - sent.starts_at).total_seconds())
        left = _count(large, "queued")
        _stop(large)
    return {
        "single_waits_s": [round(each, 3) for each in waits],
        "single_worst_s": round(max(waits), 3),
        "under_way_after_the_last": left,
    }


def _two(recipients: int, seconds: float) -> dict[str, object]:
    """How much of what left is the second mailing's, which was sent after the first; even is 0.5."""
    member = _ledger.brand("fair-two")
    with _sink() as port:
        _ledger.mailbox(member, port)
        _ledger.people(member, recipients)
        # To the same people: the contact policy would hold back whoever just got the other one.
        first, second = (_prepared(member, {"filter": {}}, contact_policy="override") for _ in range(2))
        for each in (first, second):
            send(member, each, each.manifest_id or 0, undo_seconds=0)
        time.sleep(1)  # what was claimed for the first alone has left
        before = _sent([first, second])
        time.sleep(seconds)
        after = _sent([first, second])
        for each in (first, second):
            _stop(each)
    sent = [late - early for early, late in zip(before, after, strict=True)]
    return {"two_sent": sent, "two_share": round(sent[1] / max(sum(sent), 1), 3)}


def _rate(seconds: float, beside: int, name: str) -> tuple[int, int]:
    """E-mails a second of a mailbox of its own while `beside` others wait for a slow server; and theirs."""
    member = _ledger.brand(f"fair-{name}")
    log = Path(settings.OVERTURE_DATA) / "slow-log"
    with contextlib.ExitStack() as stack:
        slow = list[Mailing]()
        if beside:
            slow_port, _ = stack.enter_context(smtp_process(log, "--latency", str(LATENCY)))
            slow = [_slow(f"fair-slow-{number}", slow_port) for number in range(beside)]
            time.sleep(2 * LATENCY)
        _ledger.mailbox(member, stack.enter_context(_sink()))
        _ledger.people(member, 100_000)
        mailing = _prepared(member, {"filter": {}})
        send(member, mailing, mailing.manifest_id or 0, undo_seconds=0)
        while not _count(mailing, "sent"):
            time.sleep(0.01)
        before, began = _sent([mailing, *slow]), database_now()
        time.sleep(seconds)
        after, took = _sent([mailing, *slow]), database_now() - began
        own, *others = [
            (late - early) / took.total_seconds() for early, late in zip(before, after, strict=True)
        ]
        assert _count(mailing, "queued"), "all had left: ask for fewer --seconds"
        assert all(_count(each, "queued") for each in slow), "the slow ones were over"
        for each in (mailing, *slow):
            _stop(each)
    return round(own), round(sum(others))


def _slow(slug: str, port: int) -> Mailing:
    member = _ledger.brand(slug)
    _ledger.mailbox(member, port)
    _ledger.people(member, 2_000)
    mailing = _prepared(member, {"filter": {}})
    return send(member, mailing, mailing.manifest_id or 0, undo_seconds=0)


def _prepared(member: Membership, audience: dict[str, object], contact_policy: str = "hold") -> Mailing:
    mailing = create(
        member,
        subject=_ledger.SUBJECT,
        content=_ledger.CONTENT,
        audience=audience,
        contact_policy=contact_policy,
    )
    return prepare(member, mailing).mailing


def _left_at(one: Mailing) -> datetime:
    """When its only e-mail left, by the clock of the database."""
    while True:
        row = Delivery.objects.get(mailing=one)
        if row.state == "sent" and row.sent_at:
            return row.sent_at
        assert row.state in ("queued", "sending"), row.state
        time.sleep(0.005)


def _count(mailing: Mailing, state: str) -> int:
    return Delivery.objects.filter(mailing=mailing, state=state).count()


def _sent(mailings: list[Mailing]) -> list[int]:
    """Of each how many have left, all at one moment."""
    rows = Delivery.objects.filter(mailing__in=mailings, state="sent").values_list("mailing")
    found = dict(rows.annotate(n=Count("pk")).order_by())
    return [found.get(each.pk, 0) for each in mailings]


def _stop(mailing: Mailing) -> None:
    """What is measured next has the machine for itself."""
    Mailing.objects.filter(pk=mailing.pk, state="sending").update(state="paused")
    while Delivery.objects.filter(mailing=mailing, state="sending").exists():
        time.sleep(0.05)
