"""One SMTP connection as bytes: whole replies in, commands out, and a clock for servers that go silent."""

import asyncio
from time import monotonic
from typing import Protocol, cast

_LONGEST_REPLY = 65_536
_CODES = {str(code).encode(): code for code in range(200, 600)}


class Reply:
    """One reply of the server; `code` is 0 for what is no SMTP."""

    __slots__ = ("code", "lines")

    def __init__(self, code: int, lines: list[bytes]) -> None:
        self.code, self.lines = code, lines

    @property
    def words(self) -> str:
        """The reply as a person reads it: `550 5.1.1 no such user`, however many lines it took."""
        if len(self.lines) == 1:
            text = self.lines[0].decode("utf-8", "replace").strip()
            if text.isprintable():
                return text[:500]
        first, *more = (line.decode("utf-8", "replace").strip() for line in self.lines)
        text = " ".join([first.replace("-", " ", 1) if more else first, *(line[4:] for line in more)])
        return "".join(c if c.isprintable() else " " for c in text)[:500]

    @property
    def rows(self) -> list[str]:
        """The text of each line, without its code."""
        return [line[4:].decode("utf-8", "replace").strip() for line in self.lines]


class Listener(Protocol):
    """Whoever is to be told what happens on the wire. What it has `heard` is not told as replies, too."""

    def heard(self, data: bytes) -> bool: ...
    def replied(self, reply: Reply) -> None: ...
    def drained(self) -> None: ...
    def ended(self, code: str, words: str) -> None: ...


class WireLost(Exception):
    """The connection ended while an answer was awaited. `code` is `dropped` or `timeout`."""

    def __init__(self, code: str, words: str = "") -> None:
        super().__init__(code)
        self.code, self.words = code, words


class _Question:
    def __init__(self, wire: "Wire", answer: "asyncio.Future[Reply]") -> None:
        self.wire, self.answer = wire, answer

    def heard(self, data: bytes) -> bool:
        return False

    def replied(self, reply: Reply) -> None:
        self.wire.listen(None)  # at once: whatever follows in the same packet was not asked for
        if not self.answer.done():
            self.answer.set_result(reply)

    def drained(self) -> None:
        pass

    def ended(self, code: str, words: str) -> None:
        if not self.answer.done():
            self.answer.set_exception(WireLost(code, words))


class Wire(asyncio.Protocol):
    """Splits what arrives into replies and hands each to the listener of the moment."""

    def __init__(self, timeout: float, dot_timeout: float) -> None:
        self.timeout, self.dot_timeout = timeout, dot_timeout
        self.is_patient = False  # the answer awaited is the one to a final dot
        self.lost: WireLost | None = None
        self.unasked: list[Reply] = []  # replies to nothing: a 421 while idle, or a server out of step
        self.is_blocked = False  # bytes of ours still wait for the socket
        self.has_more = False  # more bytes came with the reply being handled
        self._listener: Listener | None = None
        self._transport: asyncio.Transport | None = None
        self._rest = b""
        self._lines: list[bytes] = []
        self._since = monotonic()
        self._watch: asyncio.TimerHandle | None = None

    # Called by the event loop.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.adopt(cast(asyncio.Transport, transport))

    def data_received(self, data: bytes) -> None:
        if self._listener and self.is_silent() and self._listener.heard(data):
            self._since = monotonic()
            return
        buffer = self._rest + data if self._rest else data
        start, size = 0, len(buffer)
        while (end := buffer.find(b"\n", start)) >= 0:
            line = buffer[start:end]
            start = end + 1
            self._lines.append(line)
            if line[3:4] != b"-" or not line[:3].isdigit():
                self.has_more = start < size
                self._hand_over()
        self._rest = buffer[start:] if start < size else b""
        if len(self._rest) > _LONGEST_REPLY or len(self._lines) > 1000:
            self.drop("bad_answer", "endless reply")

    def eof_received(self) -> bool:
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self._finish("dropped", str(exc or ""))

    def pause_writing(self) -> None:
        self.is_blocked = True

    def resume_writing(self) -> None:
        self.is_blocked = False
        self._since = monotonic()
        if self._listener:
            self._listener.drained()

    # Called by us.

    @property
    def transport(self) -> asyncio.Transport:
        if self._transport is None:
            raise WireLost("dropped")
        return self._transport

    def listen(self, listener: Listener | None) -> None:
        """Hand replies to `listener` from now on, and begin or stop to watch the clock."""
        self._listener = listener
        self._since = monotonic()
        if self._watch:
            self._watch.cancel()
            self._watch = None
        if listener:
            self._look()

    def write(self, data: bytes | memoryview) -> None:
        self._since = monotonic()
        if not self.lost:
            self.transport.write(data)

    async def ask(self, command: bytes) -> Reply:
        """Send one command (or nothing, for the greeting) and wait for its reply."""
        if not command and self.unasked:  # the greeting may be here before we ask for it
            return self.unasked.pop(0)
        if self.lost:
            raise self.lost
        if command and not self.is_silent():
            raise WireLost("bad_answer", self.unasked[0].words if self.unasked else "")
        question = _Question(self, asyncio.get_running_loop().create_future())
        self.listen(question)
        if command:
            self.write(command)
        try:
            return await question.answer
        finally:
            self.listen(None)

    def is_closing(self) -> bool:
        """Whether nothing written now would leave; the listener hears of the end in a moment."""
        return bool(self.lost) or self.transport.is_closing()

    def is_silent(self) -> bool:
        """Whether every byte the server sent has been asked for."""
        return not (self.unasked or self._rest or self._lines)

    def drop(self, code: str, words: str = "") -> None:
        """Close at once, forgetting bytes not yet sent, and tell the listener why."""
        if self._transport:
            self._transport.abort()
        self._finish(code, words)

    def adopt(self, transport: asyncio.Transport) -> None:
        """Go on over this transport (after STARTTLS: the encrypted one)."""
        self._transport = transport
        # With no buffer allowed, `is_blocked` says exactly whether bytes of ours were not yet handed over.
        transport.set_write_buffer_limits(high=0)

    def _hand_over(self) -> None:
        lines, self._lines = self._lines, []
        reply = Reply(_CODES.get(lines[-1][:3], 0), lines)
        self._since = monotonic()
        if self._listener and not self.lost:
            self._listener.replied(reply)
        else:
            self.unasked.append(reply)

    def _finish(self, code: str, words: str) -> None:
        if self.lost:
            return
        self.lost = WireLost(code, words)
        listener = self._listener
        self.listen(None)
        if listener:
            listener.ended(code, words)

    def _look(self) -> None:
        # One timer that moves on as replies come, not one for each command.
        patience = self.dot_timeout if self.is_patient else self.timeout
        left = self._since + patience - monotonic()
        if left <= 0:
            self.drop("timeout")
        else:
            self._watch = asyncio.get_running_loop().call_later(min(left, self.timeout) + 0.001, self._look)
