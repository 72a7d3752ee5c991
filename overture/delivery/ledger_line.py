"""The database as the sending loop sees it: asked without a thread, and known to be gone when it is.

Threads of one process take turns. One that waits for its turn while letters leave waits long, and costs the
loop a call of the system for each letter: so what is asked all the time is asked by the loop itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import psycopg
from django.db import InterfaceError, InternalError, OperationalError, connection

from overture.delivery.by_index import settings_of
from overture.lib.steps import Rows, Steps

T = TypeVar("T")
_Connection = psycopg.AsyncConnection[tuple[Any, ...]]
_Cursor = psycopg.AsyncClientCursor[tuple[Any, ...]]

# InternalError: we were stopped within a transaction for too long (see by_index).
GONE = (OperationalError, InterfaceError, InternalError)
_GONE = (psycopg.OperationalError, psycopg.InterfaceError, psycopg.InternalError)


class DatabaseGone(Exception):
    """It could not be asked, or did not answer: whether it did what it was asked is not known."""


class LedgerLine:
    """One connection of the loop, opened when it is needed; and a thread for what is asked seldom."""

    def __init__(self) -> None:
        self._connection: _Connection | None = None
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="ledger")

    async def __call__(self, steps: Steps[T]) -> T:
        """Run them in one transaction, by index; committed when it returns. Raises DatabaseGone."""
        try:
            if self._connection is None:
                self._connection = await _connect()
            async with psycopg.AsyncClientCursor(self._connection) as cursor:
                return await _run(steps, cursor)
        except BaseException as error:
            await self._hang_up()  # which takes back what was not committed
            if isinstance(error, _GONE):
                raise DatabaseGone(str(error)) from error
            raise

    async def beside(self, call: Callable[[], T]) -> T:
        """What Django asks, in the thread. Raises DatabaseGone."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, _guarded, call)

    async def close(self) -> None:
        await self._hang_up()
        self._pool.shutdown(wait=False)

    async def _hang_up(self) -> None:
        if self._connection is not None:
            await self._connection.close()
            self._connection = None


async def _run(steps: Steps[T], cursor: _Cursor) -> T:
    settings, parameters = settings_of()
    begin = cursor.mogrify(f"BEGIN; {settings}; ", parameters)  # goes with the first: one question less
    try:
        statement = next(steps)
        while True:
            await cursor.execute(begin + cursor.mogrify(*statement))
            begin = ""
            statement = steps.send(await _rows(cursor))
    except StopIteration as end:
        if not begin:
            await cursor.execute("COMMIT")
        result: T = end.value
        return result


async def _rows(cursor: _Cursor) -> Rows:
    """Of the last of several statements in one."""
    while cursor.nextset():
        pass
    return await cursor.fetchall() if cursor.description else []


async def _connect() -> _Connection:
    """As Django connects; moments come in UTC."""
    parameters = connection.get_connection_params() | {"cursor_factory": psycopg.AsyncClientCursor}
    made: _Connection = await psycopg.AsyncConnection.connect(**parameters, autocommit=True)
    await made.execute("SET TIME ZONE 'UTC'")
    return made


def _guarded(call: Callable[[], T]) -> T:
    try:
        return call()
    except GONE as error:
        raise DatabaseGone(str(error)) from error
    finally:
        connection.close()  # seldom needed: the database has only so many
