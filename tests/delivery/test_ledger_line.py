"""The loop's own line to the database: all or nothing, gone when it is gone, and there again after."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from django.db import connection

from overture.delivery.ledger_line import DatabaseGone, LedgerLine
from overture.lib.steps import Steps
from overture.mailboxes.models import SendingAddress
from tests.world import World

_KEY = "a" * 32
_ADD = "INSERT INTO overture_sendingaddress (address_key, claims) VALUES (%s, 1)"


def _add() -> Steps[int]:
    yield _ADD, [_KEY]
    ((count,),) = yield "SELECT count(*) FROM overture_sendingaddress", None
    return int(count)


def _add_and_fail() -> Steps[None]:
    yield _ADD, [_KEY]
    raise LookupError


def _die() -> Steps[None]:
    yield _ADD, [_KEY]
    yield "SELECT pg_terminate_backend(pg_backend_pid())", None


def _over(use: Callable[[LedgerLine], Awaitable[None]]) -> None:
    async def over() -> None:
        ledger = LedgerLine()
        try:
            await use(ledger)
        finally:
            await ledger.close()

    asyncio.run(over())


def test_steps_are_one_transaction(live: World) -> None:
    async def use(ledger: LedgerLine) -> None:
        with pytest.raises(LookupError):
            await ledger(_add_and_fail())
        assert await ledger(_add()) == 1

    _over(use)
    assert list(SendingAddress.objects.values_list("address_key", "claims")) == [(_KEY, 1)]


def test_database_that_goes_is_told_and_asked_anew(live: World) -> None:
    async def use(ledger: LedgerLine) -> None:
        with pytest.raises(DatabaseGone):
            await ledger(_die())
        assert await ledger(_add()) == 1

    _over(use)


def test_beside_it_a_database_that_goes_is_told_and_asked_anew(live: World) -> None:
    def die() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    async def use(ledger: LedgerLine) -> None:
        with pytest.raises(DatabaseGone):
            await ledger.beside(die)
        assert await ledger.beside(SendingAddress.objects.count) == 0

    _over(use)
