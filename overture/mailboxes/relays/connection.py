"""A connection to a relay, as `providers.smtp.Connection` is one to a server: one request at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from time import monotonic

from overture.mailboxes.providers import Ending, Kind, Letter, LetterId, Outcome, SendError
from overture.mailboxes.providers.envelope import Offers
from overture.mailboxes.providers.transmit import LAST_LOOK
from overture.mailboxes.relays.account import RelayAccount
from overture.mailboxes.relays.answers import Verdict, accepted, judged
from overture.mailboxes.relays.backend import backend_of
from overture.mailboxes.relays.gate import Gate, NotBegun
from overture.mailboxes.relays.message import message_of

_OURS = frozenset(("lease_ended", "stopped"))


class RelayConnection:
    """The requests block, so they are made in a thread of its own."""

    def __init__(self, account: RelayAccount) -> None:
        self._account = account
        self.offers = Offers(has_size=True, size=account.kind.largest)
        self._backend, self._wires = backend_of(account, self._about_to_write)
        self._thread = ThreadPoolExecutor(1, "relay")
        self._gate: Gate | None = None

    async def send(
        self,
        letters: Iterator[Letter],
        begun: Callable[[LetterId], None],
        answered: Callable[[Outcome], None],
        deadline: float,
    ) -> Ending:
        """As `providers.smtp.Connection.send` promises it."""
        ending = await self._all(letters, begun, answered, deadline)
        if not ending.is_done:
            self.abort()
        return ending

    async def _all(
        self,
        letters: Iterator[Letter],
        begun: Callable[[LetterId], None],
        answered: Callable[[Outcome], None],
        deadline: float,
    ) -> Ending:
        while monotonic() < deadline and (letter := next(letters, None)) is not None:
            gate = self._gate = Gate(letter.id, begun, deadline)
            verdict = await self._verdict(letter, gate, answered, deadline)
            answered(Outcome(letter.id, verdict.kind, verdict.code, verdict.words))
            if gate.error:
                raise gate.error
            if verdict.fault or verdict.code in _OURS:
                return Ending(verdict.code, verdict.words, verdict.fault)
        return Ending("done")

    async def _verdict(
        self, letter: Letter, gate: Gate, answered: Callable[[Outcome], None], deadline: float
    ) -> Verdict:
        if code := self._unfit(letter):
            return Verdict("failed", code, "")
        request = asyncio.get_running_loop().run_in_executor(self._thread, self._post, letter)
        try:
            # An answer that has come meanwhile counts, as after a stop of the process.
            await asyncio.wait({request}, timeout=max(0.0, deadline - monotonic()) + LAST_LOOK)
        except asyncio.CancelledError:
            answered(Outcome(letter.id, self._cut(gate), "stopped", ""))
            raise
        if request.done():
            return request.result()
        return Verdict(self._cut(gate), "lease_ended", "")

    def abort(self) -> None:
        """Cut what is open; the thread ends by itself."""
        if self._gate:
            self._cut(self._gate)
        self._thread.shutdown(wait=False)

    async def close(self) -> None:
        self._thread.shutdown(wait=False)
        self._backend.close()

    def _unfit(self, letter: Letter) -> str:
        """The APIs take no letters beyond ASCII before the @ (RFC 6531)."""
        size = len(letter.data) + len(letter.tail)
        if size > self.offers.size:
            return "too_large"
        return "smtputf8_missing" if letter.smtputf8 else ""

    def _cut(self, gate: Gate) -> Kind:
        """Nothing begins any more; how the letter ends that is on its way."""
        gate.is_shut = True
        if self._wires:
            self._wires.cut()
        return "unknown" if gate.is_begun else "returned"

    # In the thread.

    def _post(self, letter: Letter) -> Verdict:
        message = message_of(letter, self._account.code)
        try:
            self._backend.send_messages([message])
        except Exception as error:
            return judged(error, self._account.code, bool(self._gate and self._gate.is_begun))
        return accepted(message.anymail_status)

    def _about_to_write(self) -> None:
        if self._gate is None:
            raise NotBegun("nothing to send")
        self._gate.pass_through()


async def connect(account: RelayAccount) -> RelayConnection:
    """Asks nothing yet: the first letter finds out whether the provider is there. Raises SendError."""
    try:
        return RelayConnection(account)
    except Exception as error:
        raise SendError(permanent=True, code="relay_key", reply=str(error)[:300]) from error
