"""Statements as the steps of a generator: one piece of code for Django's connection and for an event loop.

A generator yields a statement with its parameters (or several, with a semicolon between them), is sent the
rows of the last (none for a statement without any), and returns what came of them. Who runs it opens the
transaction.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from typing import Any, TypeVar

from django.db import connection

T = TypeVar("T")
Statement = tuple[str, Sequence[Any] | Mapping[str, Any] | None]
Rows = list[tuple[Any, ...]]
Steps = Generator[Statement, Rows, T]


def run(steps: Steps[T]) -> T:
    """On Django's connection, in the transaction that is open there."""
    with connection.cursor() as cursor:
        try:
            statement = next(steps)
            while True:
                cursor.execute(*statement)
                while cursor.nextset():
                    pass
                statement = steps.send(cursor.fetchall() if cursor.description else [])
        except StopIteration as end:
            result: T = end.value
            return result
