"""The queue beside the ledger: runs are read once and in order, nothing that waits is left out of them."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from overture.delivery.array_literal import array
from overture.delivery.expire import expire
from overture.delivery.follow_up import follow_up
from overture.delivery.invariant import broken
from overture.delivery.models import Delivery, Lease, Queued
from overture.delivery.settle import Told, settle
from overture.prospects.models import Contacted, Prospect
from tests.delivery.cast import claim, mailbox, prospects, sent
from tests.world import World


def runs() -> list[tuple[int, int]]:
    """First and last of each, counted from the first delivery."""
    first = Delivery.objects.order_by("pk").values_list("pk", flat=True)[0]
    rows = Queued.objects.order_by("due_at", "first").values_list("first", "last")
    return [(start - first, end - first) for start, end in rows]


def told(kind: str, lease: object, *numbers: int) -> None:
    settle([Told(number, str(lease), kind, "", "") for number in numbers])


def test_a_claim_shortens_the_run_it_reads_and_what_comes_back_is_a_run_again(live: World) -> None:
    box = mailbox(live.nora, 1)
    prospects(live.nora, 9)
    sent(live.nora)
    assert runs() == [(0, 8)]
    lease = uuid4()
    numbers = [row.id for row in claim(box.pk, lease, 5).rows]
    assert runs() == [(5, 8)]
    told("returned", lease, numbers[1], numbers[2], numbers[4])
    assert runs() == [(1, 2), (4, 4), (5, 8)]
    told("deferred", lease, numbers[0])
    assert runs() == [(1, 2), (4, 4), (5, 8), (0, 0)]
    # In that order; what is deferred is not due.
    first = numbers[0]
    assert [row.id - first for row in claim(box.pk, uuid4(), 2).rows] == [1, 2]
    assert [row.id - first for row in claim(box.pk, uuid4(), 2).rows] == [4, 5]
    assert runs() == [(6, 8), (0, 0)]
    assert [row.id - first for row in claim(box.pk, uuid4(), 9).rows] == [6, 7, 8]
    assert runs() == [(0, 0)]
    Queued.objects.update(due_at=timezone.now())
    assert [row.id - first for row in claim(box.pk, uuid4(), 9).rows] == [0]
    assert (runs(), broken()) == ([], [])


def test_two_mailings_of_one_mailbox_are_read_each_in_its_own_runs(live: World) -> None:
    box = mailbox(live.nora, 1)
    prospects(live.nora, 4)
    for _ in range(2):
        sent(live.nora, contact_policy="override")
    assert len(claim(box.pk, uuid4(), 4).rows) == 4
    assert [end - start for start, end in runs()] == [1, 1]
    assert len(claim(box.pk, uuid4(), 9).rows) == 4
    assert runs() == []


def _forget_run() -> None:
    Queued.objects.all().delete()


def _forget_lease() -> None:
    Lease.objects.all().delete()


@pytest.mark.parametrize("forget", [_forget_run, _forget_lease])
def test_the_invariant_sees_what_waits_or_leaves_and_nobody_would_look_for(
    live: World, forget: Callable[[], None]
) -> None:
    box = mailbox(live.nora, 1)
    prospects(live.nora, 3)
    mailing = sent(live.nora)
    claim(box.pk, uuid4(), 1)
    kept = list(Queued.objects.all()), list(Lease.objects.all())
    forget()
    (found,) = broken()
    assert (found.mailing_id, found.forgotten) == (mailing.pk, 2 if forget is _forget_run else 1)
    for model, rows in zip((Queued, Lease), kept, strict=True):
        model.objects.bulk_create(rows, ignore_conflicts=True)


def test_what_follows_is_written_when_nothing_of_the_lease_leaves_and_by_late_answers_themselves(
    live: World,
) -> None:
    box = mailbox(live.nora, 1)
    prospects(live.nora, 2)
    sent(live.nora)
    lease = uuid4()
    early, late = (row.id for row in claim(box.pk, lease, 2).rows)
    told("sent", lease, early)
    follow_up(box.pk)
    assert (_stages(), _planned()) == (["new", "new"], 2)  # the other is still on its way
    told("unknown", lease, late)
    follow_up(box.pk)
    assert (_stages(), _planned()) == (["new", "outreach"], 0)
    told("sent", lease, late)
    assert _stages() == ["outreach", "outreach"]


def test_what_follows_is_left_to_who_sends_while_more_of_the_mailing_leaves(live: World) -> None:
    box = mailbox(live.nora, 1)
    people = prospects(live.nora, 3)
    sent(live.nora, {"filter": {}, "exclude": [people[0].pk]})

    def leaves() -> None:
        lease = uuid4()
        told("sent", lease, claim(box.pk, lease, 1).rows[0].id)
        follow_up()

    leaves()
    assert _stages() == ["new", "new", "new"]
    sent(live.nora, {"prospects": [people[0].pk]})
    leaves()  # the single one, first
    assert _stages() == ["new", "new", "outreach"]
    Lease.objects.update(until=timezone.now())
    follow_up()
    assert _stages() == ["new", "outreach", "outreach"]
    leaves()
    assert _stages() == ["outreach", "outreach", "outreach"]


def test_leases_that_ended_are_looked_at_once(live: World) -> None:
    """While a million leave, what follows from hundreds of them still has to be written."""
    box = mailbox(live.nora, 1)
    prospects(live.nora, 3)
    sent(live.nora)
    leases = [uuid4() for _ in range(3)]
    sending = [claim(box.pk, lease, 1).rows[0].id for lease in leases]
    told("sent", leases[0], sending[0])
    Lease.objects.update(until=timezone.now())
    assert expire() == 2
    assert list(Lease.objects.values_list("has_expired", "has_ended")) == [(True, False)] * 3
    with CaptureQueriesContext(connection) as queries:
        assert expire() == 0
    assert [q["sql"] for q in queries if "overture_delivery" in q["sql"]] == []
    told("sent", leases[1], sending[1])  # late
    follow_up(box.pk)
    states = dict(Delivery.objects.values_list("pk", "state"))
    assert states == dict(zip(sending, ["sent", "sent", "unknown"], strict=True))
    assert _stages() == ["new", "outreach", "outreach"]


def _stages() -> list[str]:
    return sorted(Prospect.objects.values_list("stage", flat=True))


def _planned() -> int:
    return Contacted.objects.filter(done_at=None).count()


@pytest.mark.django_db
def test_arrays_as_text_are_read_as_they_were() -> None:
    values = ["", "a", 'say "250"', "back\\slash\\", "{,}", "NULL", "é \U0001f600", "line\nline"]
    with connection.cursor() as cursor:
        for given in (values, []):
            cursor.execute("SELECT %s::text[]", [array(given)])
            assert cursor.fetchone()[0] == given
        cursor.execute("SELECT %s::text[]", [array(["a\0b"])])
        assert cursor.fetchone()[0] == ["ab"]
