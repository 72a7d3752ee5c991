"""The line before which nothing of a letter has left: passed by each request just before its bytes do."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from time import monotonic

from overture.mailboxes.providers import LetterId

_PATIENCE = 30.0  # seconds that a request waits for the event loop, which writes the journal


class NotBegun(Exception):
    """The lease has ended, the run was stopped, or the journal cannot be written: nothing may leave."""


class Gate:
    """Of one letter. Made in the event loop, passed in the thread that talks to the provider."""

    def __init__(self, letter: LetterId, begun: Callable[[LetterId], None], deadline: float) -> None:
        self._letter, self._begun, self._deadline = letter, begun, deadline
        self._loop = asyncio.get_running_loop()
        self.is_begun = self.is_shut = False
        self.error: Exception | None = None  # what `begun` raised

    def pass_through(self) -> None:
        """In the thread. Raises NotBegun."""
        if self.is_begun:  # a request is never made twice: nothing tries again by itself
            raise NotBegun("again")
        answer: Future[bool] = Future()
        try:
            self._loop.call_soon_threadsafe(self._begin, answer)
            is_open = answer.result(_PATIENCE)
        except (RuntimeError, TimeoutError) as error:
            self.is_shut = True
            raise NotBegun(str(error)) from error
        if not is_open:
            raise NotBegun(str(self.error or ""))

    def _begin(self, answer: Future[bool]) -> None:
        # The process may have been stopped anywhere before.
        if self.is_shut or monotonic() >= self._deadline:
            answer.set_result(False)
            return
        try:
            self._begun(self._letter)
            self.is_begun = True
        except Exception as error:
            self.error = error
        answer.set_result(self.is_begun)
