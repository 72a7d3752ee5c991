"""Letters over one SMTP connection, pipelined where offered, keeping the line before which nothing left.

A letter's MAIL, RCPT and DATA leave in the same write as the content before it (RFC 2920); its own content
only after its 354. `begun` is called before a letter's final dot is handed to the socket, and never while
another letter of this connection awaits its answer: at most one letter a connection can ever be unknown.
"""

import asyncio
import re
from collections import deque
from collections.abc import Callable, Iterator
from time import monotonic

from . import Ending, Kind, Outcome, Run
from .envelope import Offers, Packed, Unsendable, pack
from .wire import Reply, Wire

_CHUNK = 131_072  # more than this is handed over in pieces, the dot only when the rest has left
LAST_LOOK = 0.1  # seconds; far less than a batch leaves between its deadline and the lease's end
# What nearly every packet holds while letters leave pipelined: replies to the dot, MAIL, RCPT and DATA.
_AS_USUAL = 4
_USUAL = re.compile(rb"(250 [^\r\n]*\r)\n250 [^\r\n]*\r\n250 [^\r\n]*\r\n354 [^\r\n]*\r\n")
_OUT_OF_STEP = re.compile(r"pipelin|synchroni[sz]ation|bad sequence", re.I)
_NOT_SIGNED_IN = re.compile(r"53[0458]\b|\d{3}.5\.7\.(?:8|9|30|57)\b")


class Transmission:
    """One run over one wire."""

    def __init__(self, wire: Wire, offers: Offers, run: Run, is_reused: bool) -> None:
        self._wire, self._offers, self._run = wire, offers, run
        self._is_stale = is_reused  # until it answers, a kept connection may have been closed long ago
        self._expected: deque[Callable[[Reply], None]] = deque()
        self._ahead: Packed | None = None  # its envelope is out, or its content is on the way
        self._begun: Packed | None = None  # its dot is out
        self._refusal: Reply | None = None  # the first refusal of the envelope being answered
        self._following: Packed | None = None  # taken from the letters, nothing of it written yet
        self._unsent: deque[memoryview] = deque()
        self._is_uploading = False
        self._is_over = False
        self.is_dirty = False  # the server holds an envelope that must be forgotten first
        self.ending: asyncio.Future[Ending] = asyncio.get_running_loop().create_future()

    def start(self) -> None:
        self._wire.listen(self)
        self._guard(self._next)

    # What the wire tells.

    def heard(self, data: bytes) -> bool:
        """Whether these are the usual replies, and dealt with: one by one they take as long as a letter."""
        is_expected = self._begun and len(self._expected) == _AS_USUAL
        usual = _USUAL.fullmatch(data) if is_expected else None
        if not usual:
            return False
        self._expected.clear()
        self._wire.is_patient = False
        try:
            self._tell(Reply(250, [usual[1]]))
            self._begin()
        except Exception as error:
            self._break(error)
        return True

    def replied(self, reply: Reply) -> None:
        self._is_stale = False
        if not reply.code:
            self._end("bad_answer", reply.words)
        elif self._expected:
            step = self._expected.popleft()
            try:
                step(reply)
            except Exception as error:
                self._break(error)
        elif self._is_uploading and reply.code >= 400:  # it has seen enough of the content
            self._guard(lambda: self._tell(reply))
            self._end("closing", reply.words)
        else:
            self._end("closing" if reply.code == 421 else "bad_answer", reply.words)

    def drained(self) -> None:
        if self._is_uploading:
            self._guard(self._upload)

    def ended(self, code: str, words: str) -> None:
        is_stalled = code == "timeout" and self._offers.pipelining and self._ahead and not self._begun
        self._end("pipelining_stalled" if is_stalled else code, words)

    # The envelope.

    def _next(self) -> None:
        packed = self._pull()
        if packed:
            self._wire.write(self._envelope(packed))
        elif not self._expected:
            self._is_over = True
            self._wire.listen(None)
            self.ending.set_result(Ending("done"))

    def _pull(self) -> Packed | None:
        if monotonic() >= self._run.deadline:
            return None
        for letter in self._run.letters:
            try:
                return pack(letter, self._offers)
            except Unsendable as error:
                self._run.answered(Outcome(letter.id, "failed", error.code, ""))
        return None

    def _envelope(self, packed: Packed) -> bytes:
        self._ahead, self._refusal = packed, None
        reset, self.is_dirty = self.is_dirty, False
        if self._offers.pipelining:
            self._expected.extend([self._on_reset] * reset + [self._on_mail, self._on_rcpt, self._on_data])
            return b"".join((b"RSET\r\n" if reset else b"", packed.mail, packed.rcpt, b"DATA\r\n"))
        self._expected.append(self._on_reset if reset else self._on_mail)
        return b"RSET\r\n" if reset else packed.mail

    def _on_reset(self, reply: Reply) -> None:
        if not _is_ok(reply):
            self._end("closing" if reply.code == 421 else "bad_answer", reply.words, is_returned=True)
        elif not self._offers.pipelining and self._ahead:
            self._ask(self._ahead.mail, self._on_mail)

    def _on_mail(self, reply: Reply) -> None:
        if _is_ok(reply):
            if not self._offers.pipelining and self._ahead:
                self._ask(self._ahead.rcpt, self._on_rcpt)
        elif cause := self._cause_of(reply):
            self._end(cause, reply.words, is_returned=True)
        elif self._offers.pipelining:
            self._refusal = reply
        else:
            self._refuse(reply)

    def _on_rcpt(self, reply: Reply) -> None:
        if self._offers.pipelining:
            if not _is_ok(reply):
                self._refusal = self._refusal or reply
                if reply.code == 421:
                    self._refuse(reply)
        elif _is_ok(reply):
            self._ask(b"DATA\r\n", self._on_data)
        else:
            self._refuse(reply)

    def _on_data(self, reply: Reply) -> None:
        if reply.code == 354 and not self._refusal:
            self._begin()
        elif reply.code == 354 and self._refusal:
            # RFC 2920, 3.1: no recipient stands and it asks for content all the same. Leaving is the one
            # answer that no server can take for a message.
            self._tell(self._refusal)
            self._end("bad_answer", reply.words)
        elif reply.code < 400 and not self._refusal:
            self._end("bad_answer", reply.words)
        else:
            self._refuse(self._refusal or reply)

    def _cause_of(self, reply: Reply) -> str:
        """What is wrong with the connection rather than with this letter, if anything."""
        if reply.code == 421:
            return "closing"
        return "auth_required" if _NOT_SIGNED_IN.match(reply.words) else ""

    def _refuse(self, reply: Reply) -> None:
        if self._offers.pipelining and reply.code >= 500 and _OUT_OF_STEP.search(reply.words):
            self._end("pipelining_refused", reply.words, is_returned=True)
            return
        self.is_dirty = True
        self._tell(reply)
        if reply.code == 421:
            self._end("closing", reply.words)
        else:
            self._next()

    # The content.

    def _begin(self) -> None:
        packed = self._ahead
        if not packed:
            return
        if self._wire.has_more or self._wire.unasked:
            # An answer to nothing would be taken for the answer to our dot.
            self._end("bad_answer", "unasked reply")
        elif len(packed.content) + len(packed.tail) > _CHUNK or self._wire.is_blocked:
            self._unsent.extend(memoryview(part) for part in (packed.content, packed.tail) if part)
            self._is_uploading = True
            self._upload()
        else:
            self._dot(packed.content + packed.tail)

    def _upload(self) -> None:
        while self._unsent and not self._wire.is_blocked and not self._wire.is_closing():
            part = self._unsent.popleft()
            if len(part) > _CHUNK:
                self._unsent.appendleft(part[_CHUNK:])
            self._wire.write(part[:_CHUNK])
        if not self._unsent and not self._wire.is_blocked:
            self._is_uploading = False
            self._dot(b"")

    def _dot(self, content: bytes) -> None:
        packed = self._ahead
        if not packed or self._wire.is_closing():
            return
        self._following = self._pull() if self._offers.pipelining else None
        # Looked at last, for the process may have been stopped anywhere above, and timers run late.
        if monotonic() >= self._run.deadline:
            self._end("lease_ended")
            return
        self._run.begun(packed.id)
        self._begun, self._ahead, following, self._following = packed, None, self._following, None
        self._expected.append(self._on_dot)
        self._wire.is_patient = True
        tail = self._envelope(following) if following else b""
        self._wire.write(b"".join((content, b".\r\n", tail)))

    def _on_dot(self, reply: Reply) -> None:
        self._wire.is_patient = False
        if 300 <= reply.code < 400:
            self._end("bad_answer", reply.words)
            return
        self._tell(reply)
        if reply.code == 421:
            self._end("closing", reply.words, is_returned=True)
        elif not self._ahead:
            self._next()

    def _ask(self, command: bytes, then: Callable[[Reply], None]) -> None:
        self._expected.append(then)
        self._wire.write(command)

    # How it ends.

    def _tell(self, reply: Reply) -> None:
        """The server's verdict on the letter it concerns: the begun one, else the one ahead."""
        packed = self._begun or self._ahead
        if self._begun:
            self._begun = None
        else:
            self._ahead = None
        if packed:
            kind: Kind = "sent" if _is_ok(reply) else "deferred" if reply.code < 500 else "failed"
            self._run.answered(Outcome(packed.id, kind, str(reply.code), reply.words))

    def run_out(self) -> None:
        """The lease ends. Nothing begins any more, but an answer that has come counts.

        Timers run before sockets are read: after a stop of the process the answer may lie there unread.
        """
        if self._begun and not self._is_over:
            asyncio.get_running_loop().call_later(LAST_LOOK, self.stop, "lease_ended")
        else:
            self.stop("lease_ended")

    def stop(self, code: str) -> None:
        """Close now, whatever is under way."""
        self._end(code)

    def _end(
        self, code: str, words: str = "", is_returned: bool = False, error: Exception | None = None
    ) -> None:
        """Close, and say of every letter in hand what is known of it."""
        if self._is_over:
            return
        # So large, or so slow a line, that a whole lease was too short for it: it is to blame.
        is_slow, self._is_uploading = self._is_uploading and code == "lease_ended", False
        self._is_over = True
        self._wire.drop(code, words)
        for outcome in self._last_words("too_slow" if is_slow else code, words, is_returned):
            try:
                self._run.answered(outcome)
            except Exception as failure:
                error = error or failure
        if self.ending.done():  # the task that waited was cancelled
            return
        if error:
            self.ending.set_exception(error)
        else:
            self.ending.set_result(Ending(code, words))

    def _last_words(self, code: str, words: str, is_returned: bool) -> Iterator[Outcome]:
        if self._begun:
            yield Outcome(self._begun.id, "unknown", code, words)
        if self._ahead:
            # Behind a letter being answered, or on a connection that had gone stale, it is not to blame.
            is_spared = is_returned or bool(self._begun) or self._is_stale or code in _OURS
            yield Outcome(self._ahead.id, "returned" if is_spared else "deferred", code, words)
        if self._following:
            yield Outcome(self._following.id, "returned", code, words)

    def _guard(self, step: Callable[[], None]) -> None:
        try:
            step()
        except Exception as error:
            self._break(error)

    def _break(self, error: Exception) -> None:
        """A callback that raises (the journal's disk is full) ends the run, and `send` raises it."""
        self._end("broken", str(error), is_returned=True, error=error)


# Not the letter's doing, nor the server's.
_OURS = frozenset(("lease_ended", "stopped", "broken"))


def _is_ok(reply: Reply) -> bool:
    return 200 <= reply.code < 300
