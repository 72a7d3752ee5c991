"""Suppressions and opting out: at once, once, and kept as history."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.http import Http404
from django.test.utils import CaptureQueriesContext

from overture.delivery.by_index import by_index
from overture.delivery.draft import discard, locked
from overture.delivery.message_id import delivery_of, message_id
from overture.delivery.models import Delivery, Mailing, Suppression
from overture.delivery.opt_out import opt_out, opt_out_token, press
from overture.delivery.prepare import prepare
from overture.delivery.suppress import lift, suppress
from overture.delivery.take_back_opt_out import take_back_opt_out, undo_key
from overture.lib.addresses import AddressError
from tests.delivery.cast import mailbox, prepared, prospects
from tests.delivery.workers import until
from tests.world import World


def test_suppressing_twice_keeps_one(world: World) -> None:
    first, is_new = suppress(world.nora, "Jo@X.example", note="asked by phone")
    again, is_new_again = suppress(world.camille, "jo@x.example")
    assert (is_new, is_new_again, again.pk) == (True, False, first.pk)
    with pytest.raises(AddressError):
        suppress(world.nora, "nobody")
    with pytest.raises(PermissionDenied):
        suppress(world.victor, "jo@x.example")


def test_lifting_needs_permission_and_a_reason_and_keeps_history(world: World) -> None:
    held, _ = suppress(world.nora, "jo@x.example")
    with pytest.raises(PermissionDenied):
        lift(world.camille, held, "they asked")
    with pytest.raises(ValueError, match="because"):
        lift(world.nora, held, "  ")
    with pytest.raises(Http404):
        lift(world.stranger, held, "they asked")
    assert lift(world.nora, held, "they asked").lifted_because == "they asked"
    again, is_new = suppress(world.nora, "jo@x.example")
    assert (is_new, Suppression.objects.count()) == (True, 2)
    assert again.pk != held.pk


def test_opting_out_suppresses_the_address_once(world: World) -> None:
    mailbox(world.nora)
    prospects(world.nora, 1)
    prepared(world.nora)
    row = Delivery.objects.get()
    token = opt_out_token(row.pk)
    for _ in range(2):
        assert opt_out(token) == row
    held = Suppression.objects.get()
    assert (held.reason, held.address, held.delivery_id) == ("opted_out", "jo0@p0.example", row.pk)
    row.refresh_from_db()
    assert row.opted_out_at is not None
    assert prepared(world.nora).skipped == {"opted_out": 1}


def test_opting_out_outweighs_a_suppression_by_hand(world: World) -> None:
    mailbox(world.nora)
    prospects(world.nora, 1)
    prepared(world.nora)
    suppress(world.nora, "jo0@p0.example")
    opt_out(opt_out_token(Delivery.objects.get().pk))
    assert [row.reason for row in Suppression.objects.all()] == ["opted_out"]


def test_opting_out_by_a_preview_outlives_the_manifest(world: World) -> None:
    mailbox(world.nora)
    prospects(world.nora, 1)
    mailing = prepared(world.nora).mailing
    opt_out(opt_out_token(Delivery.objects.get().pk))
    assert prepare(world.nora, mailing).skipped == {"opted_out": 1}
    discard(world.nora, mailing)
    assert (Delivery.objects.count(), Mailing.objects.count(), Suppression.objects.count()) == (0, 0, 1)


@pytest.fixture
def previewed(live: World) -> Delivery:
    """Of a mailing to one that was prepared and not sent."""
    mailbox(live.nora)
    prospects(live.nora, 1)
    return prepared(live.nora).deliveries.get()


class _Beside(threading.Thread):
    """Does it over another connection; `answer` is what came of it."""

    def __init__(self, call: Callable[[], Any]) -> None:
        super().__init__()
        self.call: Callable[[], Any] = call
        self.answer: Any = "nothing yet"

    def run(self) -> None:
        self.answer = self.call()
        connection.close()


@pytest.mark.slow
def test_opting_out_by_a_preview_waits_for_the_manifest_made_anew(live: World, previewed: Delivery) -> None:
    pressing = _Beside(lambda: opt_out(opt_out_token(previewed.pk)))
    with transaction.atomic():
        prepare(live.nora, previewed.mailing)
        pressing.start()
        until(_somebody_waits)
    pressing.join(20)
    assert (pressing.answer, Suppression.objects.count()) == (None, 0)


@pytest.mark.slow
def test_manifest_made_anew_waits_for_an_opt_out_by_a_preview(live: World, previewed: Delivery) -> None:
    preparing = _Beside(lambda: prepare(live.nora, previewed.mailing))
    with transaction.atomic():
        opt_out(opt_out_token(previewed.pk))
        preparing.start()
        until(_somebody_waits)
    preparing.join(20)
    assert Suppression.objects.get().delivery is None
    assert Delivery.objects.get().reason == "opted_out"


@pytest.mark.slow
def test_opting_out_waits_for_nobody_who_steers_the_mailing(live: World, previewed: Delivery) -> None:
    pressing = _Beside(lambda: opt_out(opt_out_token(previewed.pk)))
    with transaction.atomic():
        locked(live.nora, previewed.mailing)
        pressing.start()
        pressing.join(20)
        assert pressing.answer == previewed


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND pid IN"
            " (SELECT pid FROM pg_stat_activity WHERE datname = current_database())"
        )
        return bool(cursor.fetchone()[0])


def test_taking_back_an_opt_out_looks_at_those_who_opted_out_alone(world: World) -> None:
    mailbox(world.nora)
    prospects(world.nora, 1)
    delivery = prepared(world.nora).deliveries.get()
    _, made = press(opt_out_token(delivery.pk))
    assert made
    with CaptureQueriesContext(connection) as queries:
        take_back_opt_out(opt_out_token(delivery.pk), undo_key(made))
    (statement,) = [each["sql"] for each in queries if each["sql"].startswith('UPDATE "overture_delivery"')]
    with by_index(), connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {statement}")
        assert "delivery_opted_out" in "".join(line for (line,) in cursor.fetchall())
    delivery.refresh_from_db()
    assert delivery.opted_out_at is None


@pytest.mark.parametrize("token", ["", "x", "AAAAAAAAAAAAAAAAAAAA", "é" * 30, "a" * 5000])
def test_forged_opt_out_does_nothing(world: World, token: str) -> None:
    assert opt_out(token) is None
    assert Suppression.objects.count() == 0


def test_message_id_is_ours_alone(world: World) -> None:
    made = message_id(77, "nora@münchen.example")
    assert made == message_id(77, "nora@xn--mnchen-3ya.example")
    assert delivery_of(made) == 77
    assert delivery_of(made.replace("@", "x@", 1)) is None
    assert delivery_of(opt_out_token(77)) is None
