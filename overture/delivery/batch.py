"""One lease in a worker's hands: rows still to begin, what was begun and answered, and what is left over."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from time import monotonic

from overture.delivery.claim import Row, lease_length
from overture.delivery.journal import Journal
from overture.delivery.letters import Letters, Unfit
from overture.delivery.settle import Told
from overture.mailboxes.providers import Letter, LetterId, Outcome

# Shares of a lease. Nothing begins when less than the first is left for its answer; the socket closes so long
# before the end as the second says: clocks drift, and closing takes a moment.
ROOM_FOR_ANSWER, MARGIN = 1 / 2, 1 / 15
# Bytes of letters made one after the other, with their attachments, which a signature reads. Between calls of
# the system, one by one, each takes more than half as long again, presumably for the caches.
AT_A_TIME = 100_000


class Batch:
    """`asked_at`: time.monotonic() before the claim was asked, so that our clock ends the lease first."""

    def __init__(self, lease: str, asked_at: float, rows: list[Row], journal: Journal) -> None:
        self.lease, self._journal = lease, journal
        length = lease_length().total_seconds()
        self.deadline = asked_at + length * (1 - MARGIN)
        self._last_begin = asked_at + length * (1 - ROOM_FOR_ANSWER)
        self._rows = deque(rows)
        self._made: deque[Letter] = deque()
        self.size = self.open = len(rows)
        self.told: list[Told] = []
        self.is_stopped = False

    @property
    def is_spent(self) -> bool:
        """Nothing of it may begin any more."""
        is_empty = not (self._made or self._rows)
        return is_empty or self.is_stopped or monotonic() >= self._last_begin

    def letters(self, letters: Letters) -> Iterator[Letter]:
        """For any number of connections; each row is handed out once."""
        while not self.is_spent:
            if self._made:
                yield self._made.popleft()
            else:
                self._make_some(letters)

    def begun(self, number: LetterId) -> None:
        self._journal.begun(self.lease, number)

    def answered(self, outcome: Outcome) -> None:
        number, kind, code, reply = outcome
        self._journal.answered(self.lease, number, kind, code, reply)
        self._tell(int(number), kind, code, reply)

    def return_rest(self) -> None:
        """What never began goes back to the queue."""
        for number in (*(letter.id for letter in self._made), *(row.id for row in self._rows)):
            self._tell(int(number), "returned", "")
        self._made.clear()
        self._rows.clear()

    def take_told(self) -> list[Told]:
        told, self.told = self.told, []
        return told

    def _make_some(self, letters: Letters) -> None:
        size = 0
        while self._rows and size < AT_A_TIME:
            row = self._rows.popleft()
            letter = letters.letter(row)
            if isinstance(letter, Unfit):
                self._tell(row.id, letter.kind, letter.code)
            else:
                self._made.append(letter)
                size += len(letter.data) + len(letter.tail)

    def _tell(self, number: int, kind: str, code: str, reply: str = "") -> None:
        self.told.append(Told(number, self.lease, kind, code, reply))
