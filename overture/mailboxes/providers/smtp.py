"""SMTP of our own: signs in, then sends letters, telling exactly which may have left and which have not."""

import asyncio
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from time import monotonic
from typing import Literal

from overture.lib.safe_net import MAIL_PORTS

from . import Ending, Letter, LetterId, Outcome, Run, SendError
from .envelope import Offers
from .hello import open_wire, sign_in
from .transmit import Transmission
from .wire import Wire, WireLost

Security = Literal["none", "starttls", "tls"]
TlsContext = Callable[[], ssl.SSLContext]


@dataclass(frozen=True)
class Account:
    """Where and as whom to send. An empty username: no AUTH. Timeouts are in seconds for each answer.

    With an `access_token` (OAuth 2) there is no password. The timeout after the dot is long, as RFC 5321
    (4.5.3.2.6) asks: to give up there leaves a letter unknown.
    """

    host: str
    port: int
    security: Security = "starttls"
    username: str = ""
    password: str = ""
    helo: str = "[127.0.0.1]"
    allow_private: bool = False
    timeout: float = 30.0
    dot_timeout: float = 600.0
    pipeline: bool = True  # False for a server that offers PIPELINING and cannot do it
    mail_ports: tuple[int, ...] = MAIL_PORTS
    access_token: str = ""

    def __repr__(self) -> str:
        return f"Account({self.username}@{self.host}:{self.port}, {self.security})"


@dataclass(frozen=True)
class Diagnosis:
    """What a connection test found: a code for the remedy, and the server's (or the system's) own words."""

    ok: bool
    code: str
    words: str
    largest: int = 0  # message that it takes, in bytes, where it said so


@lru_cache(maxsize=1)
def checked_tls() -> ssl.SSLContext:
    """Certificate and name are checked, TLS 1.2 at least. Made once: reading the authorities takes 20 ms."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


class Connection:
    """A signed-in connection. One `send` at a time."""

    def __init__(self, wire: Wire, offers: Offers) -> None:
        self._wire, self.offers = wire, offers
        self._is_reused = self._is_dirty = False
        self._transmission: Transmission | None = None

    @property
    def is_open(self) -> bool:
        """Whether it may be used again: not closed, and nothing came that was not asked for."""
        return not self._wire.lost and self._wire.is_silent()

    async def send(
        self,
        letters: Iterator[Letter],
        begun: Callable[[LetterId], None],
        answered: Callable[[Outcome], None],
        deadline: float,
    ) -> Ending:
        """Send until `letters` ends, the deadline (time.monotonic()) passes or the connection does.

        Every letter taken from `letters` gets exactly one `answered`; connections may share one iterator.
        `begun` comes before a letter's last bytes are handed over. What a callback raises, `send` raises.
        """
        if not self.is_open:
            self.abort("dropped")
            said = [reply.words for reply in self._wire.unasked]
            return Ending("closing", said[0]) if said else Ending("dropped")
        run = Run(letters, begun, answered, deadline)
        transmission = self._transmission = Transmission(self._wire, self.offers, run, self._is_reused)
        transmission.is_dirty = self._is_dirty
        self._is_reused = True
        timer = asyncio.get_running_loop().call_later(max(0.0, deadline - monotonic()), transmission.run_out)
        try:
            transmission.start()
            return await transmission.ending
        finally:
            timer.cancel()
            self._is_dirty = transmission.is_dirty  # an envelope refused last: the next run begins with RSET
            transmission.stop("stopped")  # when our own task is cancelled
            self._transmission = None

    def abort(self, code: str = "stopped") -> None:
        """Close the socket now; a `send` under way tells its outcomes and ends with this code."""
        if self._transmission:
            self._transmission.stop(code)
        self._wire.drop(code)

    async def close(self) -> None:
        """Take leave politely, for at most two seconds."""
        try:
            if self.is_open:
                self._wire.timeout = min(self._wire.timeout, 2.0)
                await self._wire.ask(b"QUIT\r\n")
        except WireLost:
            pass
        self._wire.drop("stopped")


async def connect(account: Account, tls: TlsContext = checked_tls) -> Connection:
    """Connect, greet, encrypt, sign in. Raises SendError; its codes are those of `test`."""
    wire = await open_wire(account, tls)
    try:
        return Connection(wire, await sign_in(wire, account, tls))
    except BaseException:
        wire.drop("stopped")
        raise


async def test(account: Account, tls: TlsContext = checked_tls) -> Diagnosis:  # noqa: PT028
    """Try to connect and sign in, and name what is in the way.

    Codes: ok, dns, host_refused (not a public address), port_refused (no mail port), refused, unreachable,
    timeout, silent (connected, but no greeting: often TLS is expected), not_smtp, closing (4xx or 5xx as the
    greeting), dropped, starttls_missing, tls, certificate, certificate_name, auth_535, token_refused (OAuth),
    auth_later (4xx), auth_missing, auth_clear (refused to send a password unencrypted), bad_helo, bad_answer.
    """
    try:
        connection = await connect(account, tls)
    except SendError as error:
        return Diagnosis(False, error.code, error.reply)
    await connection.close()
    return Diagnosis(True, "ok", "", connection.offers.size)
