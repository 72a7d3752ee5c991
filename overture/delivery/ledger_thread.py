"""The database as the sending loop sees it: calls in a thread of their own, which know when it is gone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import InterfaceError, InternalError, OperationalError, connection

T = TypeVar("T")


# InternalError: we were stopped within a transaction for too long (see by_index).
GONE = (OperationalError, InterfaceError, InternalError)


class DatabaseGone(Exception):
    """It could not be asked, or did not answer: whether it did what it was asked is not known."""


class LedgerThread:
    """One thread with one connection to the database; closed at the end."""

    def __init__(self, name: str) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix=name)

    async def __call__(self, call: Callable[[], T]) -> T:
        """Raises DatabaseGone."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, self._guarded, call)

    async def close(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._pool, lambda: connection.close())
        self._pool.shutdown(wait=False)

    @staticmethod
    def _guarded(call: Callable[[], T]) -> T:
        try:
            return call()
        except GONE as error:
            connection.close()
            raise DatabaseGone(str(error)) from error
