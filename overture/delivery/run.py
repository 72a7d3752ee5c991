"""One run of one mailbox: claims ahead, connections take letters as they can, answers settled in groups."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from uuid import uuid4

from overture.delivery.batch import Batch
from overture.delivery.claim import Claim, claim
from overture.delivery.connecting import AnyAccount, AnyConnection, connect, pipeline_no_more
from overture.delivery.journal import Journal
from overture.delivery.ledger_line import DatabaseGone, LedgerLine
from overture.delivery.letters import Letters
from overture.delivery.settle import Told, release, settling
from overture.delivery.spike import LEAST, stop_spikes
from overture.mailboxes.providers import Ending, Outcome, SendError

GROUP = 0.03  # seconds that answers wait for others; delivery.md allows 0.05
AHEAD = 0.25  # seconds of work a claim should hold
SMALLEST, LARGEST = 4, 2000
# Bytes of attachments on the way at a time: more connections would share one line, and none of their letters
# be over before the lease is.
AT_ONCE = 8_000_000
_RETRY_DATABASE = 0.5


class Run:
    """Ends when nothing can be claimed, at a fault of the mailbox, or when asked to stop."""

    def __init__(
        self,
        mailbox_id: int,
        account: AnyAccount,
        letters: Letters,
        connections: int,
        stop: Callable[[], bool],
    ) -> None:
        self.mailbox_id, self.account, self.letters = mailbox_id, account, letters
        self.most_connections, self.stop = connections, stop
        self.fault: SendError | None = None
        self.error: BaseException | None = None
        self.last_claim: Claim | None = None
        self.sent = 0
        self.largest = 0  # message that the server takes, in bytes, as it said; 0: it did not
        self._batches: list[Batch] = []
        self._doubtful: list[str] = []  # leases that the database may have granted without our knowing
        self._drivers: set[asyncio.Task[None]] = set()
        self._useful: set[AnyConnection] = set()  # that have answered a letter, in whichever batch
        self._size, self._claimed_at = SMALLEST, 0.0
        self._is_halted = self._is_claiming = False
        self._is_over = False
        self._refused, self._watched_at = 0, 0.0  # refusals not judged yet, and when others were

    async def work(self, journal_folder: str) -> None:
        """What was the mailbox's fault stands in `fault`; raises what is neither its nor the database's."""
        try:
            first = await connect(self.account)
        except SendError as error:
            self.fault = error
            return
        self.largest = first.offers.size
        self._turn = asyncio.Event()
        try:
            self._journal = Journal.open(journal_folder)
        except OSError:
            first.abort()  # uvloop waits for ever to close while a connection is open
            raise
        self._claimer, self._settler = LedgerLine(), LedgerLine()
        try:
            await self._send(first)
        finally:
            self._journal.close()
            await self._claimer.close()
            await self._settler.close()
        if self.error:
            raise self.error

    async def _send(self, first: AnyConnection) -> None:
        settling = asyncio.create_task(self._settle())
        self._is_claiming = True
        self._start(first)
        await self._claim_ahead()
        while self._drivers:
            await asyncio.wait(self._drivers)
        for batch in self._batches:
            batch.return_rest()
        self._is_over = True
        await settling
        await self._release_doubtful()

    # Claims.

    async def _claim_ahead(self) -> None:
        """One batch sent, one claimed meanwhile: more would only lengthen what a kill leaves in doubt."""
        while not self._should_end():
            batch = await self._claim()
            if batch is None:
                break
            self._batches.append(batch)
            self._notify()
            await self._more_connections(batch.size)
            while not self._should_end() and sum(not each.is_spent for each in self._batches) > 1:
                await self._wait()
        self._is_claiming = False
        self._notify()

    async def _claim(self) -> Batch | None:
        self._adapt()
        lease, asked_at = str(uuid4()), monotonic()
        try:
            self._journal.claimed(lease)
            claimed = await self._ask(lease)
        except DatabaseGone:
            self._doubtful.append(lease)
            self._halt()
            return None
        except Exception as error:
            self._doubtful.append(lease)
            self._halt(error)
            return None
        self.last_claim = claimed
        if not claimed.rows:
            self._journal.settled(lease)
            return await self._claim() if claimed.withheld else None
        return Batch(lease, asked_at, list(claimed.rows), self._journal)

    async def _ask(self, lease: str) -> Claim:
        claimed = await claim(self._claimer, self.mailbox_id, lease, self._size)
        if unseen := self.letters.unseen({row.manifest_id for row in claimed.rows}):
            await self._claimer.beside(lambda: self.letters.compile(unseen))
        return claimed

    def _adapt(self) -> None:
        """Claims grow or shrink until one holds about AHEAD seconds of work."""
        now = monotonic()
        if self._claimed_at and self.last_claim and len(self.last_claim.rows) >= self._size:
            fits = self._size * AHEAD / max(now - self._claimed_at, 0.001)
            self._size = int(max(SMALLEST, min(fits, self._size * 4, LARGEST)))
        self._claimed_at = now

    # Connections.

    async def _more_connections(self, rows: int) -> None:
        """As many as a batch keeps busy; a server that wants no more of them is not at fault."""
        wanted = min(self.most_connections, 1 + rows // 8)
        if self.letters.heaviest:
            wanted = min(wanted, max(1, AT_ONCE // self.letters.heaviest))
        while len(self._drivers) < wanted and not self._should_end():
            opened = await asyncio.gather(
                *(connect(self.account) for _ in range(wanted - len(self._drivers))), return_exceptions=True
            )
            for each in opened:
                if not isinstance(each, BaseException):
                    self._start(each)
            if any(isinstance(each, BaseException) for each in opened):
                self.most_connections = max(1, len(self._drivers))
                return

    def _start(self, connection: AnyConnection) -> None:
        driver = asyncio.create_task(self._drive(connection))
        self._drivers.add(driver)
        driver.add_done_callback(self._ended)

    def _ended(self, driver: asyncio.Task[None]) -> None:
        self._drivers.discard(driver)
        if not driver.cancelled() and (error := driver.exception()):
            self._halt(error)
        if not self._drivers:
            self._halt()
        self._notify()

    async def _drive(self, first: AnyConnection) -> None:
        connection: AnyConnection | None = first
        while connection:
            batch = await self._next_batch()
            if batch is None:
                await connection.close()
                return
            connection = await self._send_batch(connection, batch)
            self._notify()

    async def _send_batch(self, connection: AnyConnection, batch: Batch) -> AnyConnection | None:
        """The connection to go on with, mended if need be."""

        def answered(outcome: Outcome) -> None:
            if outcome.kind != "returned":
                self._useful.add(connection)
            self.sent += outcome.kind == "sent"
            batch.answered(outcome)

        letters = batch.letters(self.letters)
        ending = await connection.send(letters, batch.begun, answered, batch.deadline)
        if ending.is_done:
            return connection
        return await self._mended(ending, is_useful=connection in self._useful)

    async def _mended(self, ending: Ending, is_useful: bool) -> AnyConnection | None:
        """A new one, where the old was of use or its end was our doing; else the mailbox is at fault."""
        if ending.code in ("pipelining_refused", "pipelining_stalled"):
            pipeline_no_more(self.account)
        elif ending.code == "auth_required":
            self._blame(SendError(permanent=True, code=ending.code, reply=ending.reply))
        elif ending.fault:
            self._blame(ending.fault)
        elif not is_useful and ending.code not in ("lease_ended", "stopped"):
            self._blame(SendError(permanent=False, code=ending.code, reply=ending.reply))
        if self._should_end():
            return None
        try:
            return await connect(self.account)
        except SendError as error:
            if error.permanent or len(self._drivers) == 1:
                self._blame(error)
            return None

    async def _next_batch(self) -> Batch | None:
        while True:
            for batch in self._batches:
                if not batch.is_spent:
                    return batch
            if not self._is_claiming:
                return None
            await self._wait()

    # Answers.

    async def _settle(self) -> None:
        while True:
            is_last = self._is_over
            for batch in self._batches:
                if batch.is_spent:
                    batch.return_rest()
            told = [each for batch in self._batches for each in batch.take_told()]
            if told:
                await self._write(told)
            elif is_last:
                return
            await asyncio.sleep(0 if is_last else GROUP)
            self._should_end()

    async def _write(self, told: list[Told]) -> None:
        """Answers are held until the database takes them; nothing begins meanwhile."""
        while True:
            try:
                await self._settler(settling(told))
                break
            except DatabaseGone:
                self._halt()
                if self.stop():
                    raise  # the journal has them
                await asyncio.sleep(_RETRY_DATABASE)
        for lease, count in Counter(str(each.lease) for each in told).items():
            self._close_rows(lease, count)
        await self._watch(told)
        self._batches = [batch for batch in self._batches if batch.open]

    async def _watch(self, told: list[Told]) -> None:
        """Refusals are judged while they come: a wrong list must not burn the address."""
        self._refused += sum(each.kind == "failed" for each in told)
        if not self._refused or (self._refused < LEAST and monotonic() - self._watched_at < 1):
            return
        self._refused, self._watched_at = 0, monotonic()
        with suppress(DatabaseGone):
            if await self._settler.beside(lambda: stop_spikes(self.mailbox_id)):
                self._halt()

    def _close_rows(self, lease: str, count: int) -> None:
        for batch in self._batches:
            if batch.lease == lease:
                batch.open -= count
                if not batch.open:
                    self._journal.settled(batch.lease)
                return

    async def _release_doubtful(self) -> None:
        for lease in self._doubtful:
            while True:
                try:
                    await self._settler.beside(lambda lease=lease: release(lease))  # type: ignore[misc]
                    self._journal.settled(lease)
                    break
                except DatabaseGone:
                    if self.stop():
                        return
                    await asyncio.sleep(_RETRY_DATABASE)

    # The end.

    def _should_end(self) -> bool:
        if not self._is_halted and self.stop():
            self._halt()
        return self._is_halted

    def _blame(self, error: SendError) -> None:
        self.fault = self.fault or error
        self._halt()

    def _halt(self, error: BaseException | None = None) -> None:
        self.error = self.error or error
        self._is_halted, self._is_claiming = True, False
        for batch in self._batches:
            batch.is_stopped = True
        self._notify()

    def _notify(self) -> None:
        turn, self._turn = self._turn, asyncio.Event()
        turn.set()

    async def _wait(self) -> None:
        """Until something changed; a moment at most, for what only time changes."""
        try:
            async with asyncio.timeout(0.5):
                await self._turn.wait()
        except TimeoutError:
            pass
