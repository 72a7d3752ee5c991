"""What all ways of sending share: letters, how each of them ended, and the error that stops a connection."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple
from uuid import UUID

LetterId = int | str | UUID

# sent: the server took it. deferred: try again later, the attempt counts. failed: for good.
# unknown: it may have left. returned: nothing began and nobody is to blame; back to the queue, no attempt.
Kind = Literal["sent", "deferred", "failed", "unknown", "returned"]


class Letter(NamedTuple):
    """One e-mail ready to leave: `data` is the message, headers and body; any line ends.

    `is_wired`: it is ready for the wire as it is: every line ends with CRLF and none begins with a dot.
    `tail` ends it, ready for the wire, too, ASCII, and shared by many letters.
    """

    id: LetterId
    sender: str
    recipient: str
    data: bytes
    smtputf8: bool = False
    tail: bytes = b""
    is_wired: bool = False


class Outcome(NamedTuple):
    """How one letter ended: a reason code of ours and the server's own words."""

    id: LetterId
    kind: Kind
    code: str
    reply: str


class SendError(Exception):
    """The connection could not be used. `permanent`: somebody has to mend the mailbox first.

    `retry_after` is in seconds, or None where the server did not say. `reply` holds the server's words.
    """

    def __init__(
        self, *, permanent: bool, code: str, reply: str = "", retry_after: float | None = None
    ) -> None:
        super().__init__(f"{code}: {reply}" if reply else code)
        self.permanent, self.code, self.reply, self.retry_after = permanent, code, reply, retry_after


class Run(NamedTuple):
    """What to send and whom to tell. After `deadline` (time.monotonic()) nothing begins."""

    letters: Iterator[Letter]
    begun: Callable[[LetterId], None]
    answered: Callable[[Outcome], None]
    deadline: float


@dataclass(frozen=True)
class Ending:
    """Why a run ended. `done`: no letter left, the connection may be used again; else it is closed.

    `fault`: the mailbox is to blame, however well it sent before.
    """

    code: str
    reply: str = ""
    fault: SendError | None = None

    @property
    def is_done(self) -> bool:
        return self.code == "done"
