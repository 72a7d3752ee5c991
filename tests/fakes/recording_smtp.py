"""An SMTP server that writes each message to disk before it answers, and misbehaves on request.

By the recipient's local part: `rcpt4`, `rcpt5`, `rcpt421`, `datacmd4`, `datacmd5`; after the dot `data4`,
`data5`, `data421`; `dropbefore` closes at RCPT, `dropdata` at the DATA command, `dropin` in the middle of
the content, `dropafter` keeps the message and closes before its 250, `hang` keeps it and never answers,
`slowN` waits N seconds (slow0.2 too) before its 250. By the sender's: `mail4`, `mail5`, `mail421`,
`maildrop`. After `+`, `.` or `-` all is free.

    python -m tests.fakes.recording_smtp --port 0 --log FILE      prints its port
"""

import argparse
import asyncio
import base64
import contextlib
import json
import os
import re
import select
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, cast

_ROOT = Path(__file__).parents[2]


@dataclass
class Behaviour:
    """How this server presents itself."""

    greeting: str = "220 sink.example.test ESMTP"  # "" stays silent
    ehlo: bool = True
    pipelining: bool = True
    smtputf8: bool = True
    eightbit: bool = True
    size: int = 50_000_000
    tls: ssl.SSLContext | None = None
    tls_at_once: bool = False
    starttls_extra: bytes = b""  # sent in clear in the same packet as the 220
    users: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)  # user by access token; may change while it runs
    asks_first: bool = False  # takes no initial response of a token
    mechanisms: str = "PLAIN LOGIN"
    auth_reply: str = ""  # instead of judging; "drop" closes
    forgets_pipelined: bool = False  # offers PIPELINING and discards what came early
    refuses_pipelined: bool = False  # offers PIPELINING and answers 503 to what came early
    always_354: bool = False  # asks for content though no recipient stands
    after_354: str = ""  # one reply too many
    close_after: int = 0  # 421 at MAIL after so many messages
    latency: float = 0.0
    fsync: bool = False  # each message is on disk before its 250
    refuses: dict[str, str] = field(default_factory=dict)  # what RCPT of an address is answered
    # Sessions wait for let_go(): at "data" before the 354, at "content" before a message is kept, at "answer"
    # when it is kept and its 250 is due.
    hold: str = ""


class Recorded(NamedTuple):
    """One message as the server took it."""

    sender: str
    recipients: list[str]
    content: bytes
    at: float


class RecordingSMTP:
    """The server in a thread: `with RecordingSMTP(tmp_path / "log") as server: server.port`."""

    def __init__(
        self, log: Path, behaviour: Behaviour | None = None, port: int = 0, host: str = "127.0.0.1"
    ) -> None:
        self.host = host
        self.log, self.behaviour, self.port = log, behaviour or Behaviour(), port
        self.commands: list[bytes] = []  # every command line received, in order
        self.connections = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._ready = threading.Event()
        self._sessions: set[asyncio.Transport] = set()
        self._waiting: list[Session] = []
        self.held: list[tuple[Session, Callable[[], None]]] = []

    def __enter__(self) -> "RecordingSMTP":
        _cut_torn_line(self.log)
        self._fd = os.open(self.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._thread.start()
        assert self._ready.wait(5)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        os.close(self._fd)

    def messages(self) -> list[Recorded]:
        """All kept messages, in order."""
        return read_log(self.log)

    def hang_up(self) -> None:
        """Close every connection without a word."""
        for transport in list(self._sessions):
            self._loop.call_soon_threadsafe(transport.abort)

    def let_go(self) -> None:
        """Whoever is held goes on, and nobody is held any more."""
        self.behaviour.hold = ""
        self._loop.call_soon_threadsafe(self._go_on)

    def _go_on(self) -> None:
        held, self.held = self.held, []
        for session, step in held:
            session.is_waiting = False
            step()
            session._work()

    def keep(self, sender: str, recipients: list[str], content: bytes) -> None:
        """With the kernel before the caller answers."""
        line = json.dumps([time.time(), sender, recipients, base64.b64encode(content).decode()]) + "\n"
        os.write(self._fd, line.encode())

    def answer_when_on_disk(self, session: "Session") -> None:
        """The sessions of one turn share an fsync; each gets its 250 after it."""
        if not self._waiting:
            self._loop.call_soon(self._reach_disk)
        self._waiting.append(session)

    def _reach_disk(self) -> None:
        waiting, self._waiting = self._waiting, []
        os.fsync(self._fd)
        for session in waiting:
            session.go_on()

    def _work(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(self.listen(self._loop))
        self._ready.set()
        self._loop.run_forever()
        server.close()
        for transport in list(self._sessions):
            transport.abort()
        self._loop.run_until_complete(asyncio.sleep(0.01))
        self._loop.close()

    async def listen(self, loop: asyncio.AbstractEventLoop) -> asyncio.Server:
        how = self.behaviour
        server = await loop.create_server(
            lambda: Session(self), self.host, self.port, ssl=how.tls if how.tls_at_once else None
        )
        self.port = server.sockets[0].getsockname()[1]
        return server


class Session(asyncio.Protocol):
    """One connection."""

    def __init__(self, server: RecordingSMTP) -> None:
        self.server, self.how = server, server.behaviour
        self.transport: asyncio.Transport | None = None
        self.buffer = b""
        self.out: list[str] = []
        self.is_reading_data = self.is_waiting = False
        self.prompts: list[str] = []  # of an AUTH under way
        self.kept = 0
        self.is_signed_in = not self.how.users and not self.how.tokens
        self._forget()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        is_first = self.transport is None
        self.transport = cast(asyncio.Transport, transport)
        self.server._sessions.add(self.transport)
        self.server.connections += is_first
        if is_first and self.how.greeting:
            self.transport.write(self.how.greeting.encode() + b"\r\n")

    def connection_lost(self, exc: Exception | None) -> None:
        if self.transport:
            self.server._sessions.discard(self.transport)
        self.transport = None

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        self._work()

    def _forget(self) -> None:
        self.sender: str | None = None
        self.recipients: list[str] = []
        self.fault = ""

    def _work(self) -> None:
        while self.buffer and not self.is_waiting and self.transport:
            if not (self._take_content() if self.is_reading_data else self._take_command()):
                break
        self._flush()

    def _flush(self) -> None:
        if not self.out or not self.transport:
            return
        data = "".join(f"{line}\r\n" for line in self.out).encode()
        self.out.clear()
        if self.how.latency:
            asyncio.get_running_loop().call_later(self.how.latency, self.transport.write, data)
        else:
            self.transport.write(data)

    def _drop(self) -> None:
        self._flush()
        if self.transport:
            self.transport.abort()
            self.transport = None

    def _take_command(self) -> bool:
        line, found, rest = self.buffer.partition(b"\n")
        if not found:
            return False
        self.buffer = rest
        self.server.commands.append(line + b"\n")
        if rest and self.how.forgets_pipelined:
            self.buffer = b""
        text = line.rstrip(b"\r").decode("utf-8", "replace")
        if self.prompts:
            self._auth_step(text)
            return True
        verb, _, argument = text.partition(" ")
        method = getattr(self, f"_{verb.lower()}", None)
        if rest and self.how.refuses_pipelined and verb.upper() != "QUIT":
            self.out.append("503 5.5.0 improper use of pipelining")
        elif method is None or not verb.isalpha():
            self.out.append("500 5.5.2 command not known")
        else:
            method(argument)
        return True

    def _take_content(self) -> bool:
        if self.fault == "dropin" and len(self.buffer) > 2000:
            self._drop()
            return False
        if self.buffer.startswith(b".\r\n"):
            content, self.buffer = b"", self.buffer[3:]
        else:
            end = self.buffer.find(b"\r\n.\r\n")
            if end < 0:
                return False
            content, self.buffer = self.buffer[: end + 2], self.buffer[end + 5 :]
        self.is_reading_data = False
        self._accept(content.replace(b"\r\n..", b"\r\n.").removeprefix(b"." if content[:2] == b".." else b""))
        return True

    # Commands.

    def _ehlo(self, argument: str) -> None:
        how = self.how
        if not how.ehlo:
            self.out.append("502 5.5.1 no EHLO here")
            return
        is_clear = bool(self.transport and not self.transport.get_extra_info("ssl_object"))
        offers = [
            "sink.example.test",
            *["PIPELINING"] * how.pipelining,
            *["SMTPUTF8"] * how.smtputf8,
            *["8BITMIME"] * how.eightbit,
            *[f"SIZE {how.size}"] * bool(how.size),
            *["STARTTLS"] * bool(how.tls and is_clear),
            *[f"AUTH {how.mechanisms}"] * bool(how.users or how.tokens or how.auth_reply),
            "ENHANCEDSTATUSCODES",
        ]
        self.out += [f"250-{offer}" for offer in offers[:-1]] + [f"250 {offers[-1]}"]

    def _helo(self, argument: str) -> None:
        self.out.append("250 sink.example.test")

    def _noop(self, argument: str) -> None:
        self.out.append("250 2.0.0 OK")

    def _rset(self, argument: str) -> None:
        self._forget()
        self.out.append("250 2.0.0 OK")

    def _quit(self, argument: str) -> None:
        self.out.append("221 2.0.0 bye")
        self._flush()
        if self.transport:
            self.transport.close()
            self.transport = None

    def _starttls(self, argument: str) -> None:
        if not self.transport or not self.how.tls:
            self.out.append("502 5.5.1 no TLS here")
            return
        self.transport.pause_reading()  # the client's first TLS bytes are not for us; start_tls reads on
        self.transport.write(b"220 2.0.0 go\r\n" + self.how.starttls_extra)
        self.buffer, self.is_waiting = b"", True  # what comes first over TLS waits for the answer's way back
        self._tls = asyncio.get_running_loop().create_task(self._encrypt(self.transport, self.how.tls))

    async def _encrypt(self, transport: asyncio.Transport, context: ssl.SSLContext) -> None:
        with contextlib.suppress(OSError):
            loop = asyncio.get_running_loop()
            wrapped = await loop.start_tls(transport, self, context, server_side=True)
            if wrapped:
                self.connection_made(wrapped)
                self.is_waiting = False
                self._work()

    def _auth(self, argument: str) -> None:
        mechanism, _, initial = argument.partition(" ")
        if self.how.auth_reply == "drop":
            self._drop()
        elif self.how.auth_reply:
            self.out.append(self.how.auth_reply)
        elif mechanism.upper() == "PLAIN" and initial:
            _, user, password = base64.b64decode(initial).decode().split("\0")
            self._judge(user, password)
        elif mechanism.upper() == "LOGIN":
            self.prompts = ["LOGIN"]
            self.out.append("334 VXNlcm5hbWU6")
        elif mechanism.upper() in ("XOAUTH2", "OAUTHBEARER"):
            self.prompts = [mechanism.upper()]
            if self.how.asks_first:
                self.out.append("334 ")
            else:
                self._token_step(initial)
        else:
            self.out.append("504 5.5.4 mechanism not known")

    def _token_step(self, text: str) -> None:
        """As Google and RFC 7628 say: a refused token is explained, then refused once that was read."""
        mechanism = self.prompts[0]
        if len(self.prompts) == 2:
            is_polite = text == ("" if mechanism == "XOAUTH2" else "AQ==")
            self.prompts = []
            self.out.append("535 5.7.8 bad token" if is_polite else "500 5.5.2 unexpected")
            return
        fields = base64.b64decode(text).decode().split("\1")
        told = dict(each.partition("=")[::2] for each in fields)
        user = told.get("user") or fields[0].removeprefix("n,a=").removesuffix(",")
        user = user if told.get("user") else user.replace("=2C", ",").replace("=3D", "=")
        self.is_signed_in = self.how.tokens.get(told["auth"].removeprefix("Bearer ")) == user
        if self.is_signed_in:
            self.prompts = []
            self.out.append("235 2.7.0 welcome")
        else:
            self.prompts.append("refused")
            self.out.append("334 " + base64.b64encode(b'{"status":"400","schemes":"Bearer"}').decode())

    def _auth_step(self, text: str) -> None:
        if self.prompts[0] in ("XOAUTH2", "OAUTHBEARER"):
            self._token_step(text)
            return
        self.prompts.append(base64.b64decode(text).decode())
        if len(self.prompts) == 2:
            self.out.append("334 UGFzc3dvcmQ6")
        else:
            _, user, password = self.prompts
            self.prompts = []
            self._judge(user, password)

    def _judge(self, user: str, password: str) -> None:
        self.is_signed_in = self.how.users.get(user) == password
        self.out.append("235 2.7.0 welcome" if self.is_signed_in else "535 5.7.8 bad user or password")

    def _mail(self, argument: str) -> None:
        found = re.match(r"FROM:<([^<>]*)>(.*)$", argument, re.I)
        fault = _fault(found[1]) if found else ""
        if not found:
            self.out.append("501 5.5.4 MAIL FROM:<address>")
        elif not self.is_signed_in:
            self.out.append("530 5.7.0 authentication required")
        elif self.sender is not None:
            self.out.append("503 5.5.1 nested MAIL")
        elif fault == "mail421" or (self.how.close_after and self.kept >= self.how.close_after):
            self.out.append("421 4.3.2 closing")
            self._drop()
        elif fault == "maildrop":
            self._drop()
        elif fault in ("mail4", "mail5"):
            self.out.append("451 4.3.0 later" if fault == "mail4" else "550 5.7.1 sender refused")
        else:
            self.sender = found[1]
            self.out.append("250 2.1.0 OK")

    def _rcpt(self, argument: str) -> None:
        found = re.match(r"TO:<([^<>]+)>(?: ORCPT=\S+)?$", argument, re.I)
        if not found or self.sender is None:
            self.out.append("503 5.5.1 MAIL first" if found else "501 5.5.4 RCPT TO:<address>")
            return
        fault = _fault(found[1])
        if found[1] in self.how.refuses:
            self.out.append(self.how.refuses[found[1]])
        elif fault in ("dropbefore", "rcpt421"):
            self.out += ["421 4.3.2 closing"] * (fault == "rcpt421")
            self._drop()
        elif fault in ("rcpt4", "rcpt5"):
            self.out.append("450 4.2.1 mailbox busy" if fault == "rcpt4" else "550 5.1.1 no such user")
        else:
            self.recipients.append(found[1])
            self.fault = fault or self.fault
            self.out.append("250 2.1.5 OK")

    def _data(self, argument: str) -> None:
        if not self.recipients and not (self.how.always_354 and self.sender is not None):
            self.out.append(
                "503 5.5.1 RCPT first" if self.sender is None else "554 5.5.1 no valid recipients"
            )
        elif self.fault == "dropdata":
            self._drop()
        elif self.fault in ("datacmd4", "datacmd5"):
            self.out.append("451 4.3.0 later" if self.fault == "datacmd4" else "554 5.7.1 no")
        else:
            self._held_at("data", self._ask_for_content)

    def _ask_for_content(self) -> None:
        self.is_reading_data = True
        self.out += ["354 go ahead", *[self.how.after_354] * bool(self.how.after_354)]

    def _held_at(self, point: str, step: Callable[[], None]) -> None:
        """Goes on with `step`, now or when it is let go."""
        if self.how.hold != point:
            step()
            return
        self._flush()
        self.is_waiting = True
        self.server.held.append((self, step))

    def _accept(self, content: bytes) -> None:
        fault, sender, recipients = self.fault, self.sender or "", self.recipients
        self._forget()
        if answer := _AFTER_DOT.get(fault):
            self.out.append(answer)
            if fault == "data421":
                self._drop()
            return
        if not recipients:
            self.out.append("554 5.5.1 no valid recipients")
            return
        self._held_at("content", lambda: self._keep(fault, sender, recipients, content))

    def _keep(self, fault: str, sender: str, recipients: list[str], content: bytes) -> None:
        self.server.keep(sender, recipients, content)
        self.kept += 1
        if fault == "dropafter":
            self._drop()
        elif fault == "hang":
            self.is_waiting = True
        elif fault.startswith("slow"):
            self._flush()
            self.is_waiting = True
            asyncio.get_running_loop().call_later(float(fault[4:] or 1), self.go_on)
        elif self.how.fsync:
            self.is_waiting = True
            self.server.answer_when_on_disk(self)
        else:
            self._held_at("answer", lambda: self.out.append("250 2.0.0 queued"))

    def go_on(self) -> None:
        self.is_waiting = False
        self.out.append("250 2.0.0 queued")
        self._work()


_AFTER_DOT = {"data4": "451 4.3.0 try later", "data5": "554 5.7.1 rejected", "data421": "421 4.3.2 closing"}
_FAULT = re.compile(
    r"(mail4|mail5|mail421|maildrop|rcpt4|rcpt5|rcpt421|datacmd4|datacmd5|data4|data5|data421|dropbefore|dropdata|dropin|dropafter"
    r"|hang|slow[0-9]*(?:\.[0-9]+)?)(?:[.+-].*)?"
)


def _fault(address: str) -> str:
    found = _FAULT.fullmatch(address.rpartition("@")[0])
    return found[1] if found else ""


def _cut_torn_line(log: Path) -> None:
    """What a kill cut short was never answered; the next line must not be glued to it."""
    if log.exists():
        content = log.read_bytes()
        os.truncate(log, content.rfind(b"\n") + 1)


def read_log(log: Path) -> list[Recorded]:
    """The messages of a log; a line torn by a kill was never answered and does not count."""
    messages = []
    for line in log.read_bytes().split(b"\n")[:-1] if log.exists() else []:
        at, sender, recipients, content = cast(list[Any], json.loads(line))
        messages.append(Recorded(sender, recipients, base64.b64decode(content), at))
    return messages


@contextlib.contextmanager
def smtp_process(log: Path, *options: str) -> Iterator[tuple[int, "subprocess.Popen[str]"]]:
    """The server as a process of its own, to be killed; gives its port and the process."""
    command = [sys.executable, "-m", "tests.fakes.recording_smtp", "--log", str(log), *options]
    process = subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    try:
        assert select.select([process.stdout], [], [], 10)[0], "no port within 10 s"
        yield int(process.stdout.readline()), process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--log", type=Path, required=True)
    parser.add_argument("--no-pipelining", action="store_true")
    parser.add_argument("--no-smtputf8", action="store_true")
    parser.add_argument("--fsync", action="store_true")
    parser.add_argument("--latency", type=float, default=0.0)
    parser.add_argument("--user", action="append", default=[], help="name:password")
    given = parser.parse_args()
    behaviour = Behaviour(
        pipelining=not given.no_pipelining,
        smtputf8=not given.no_smtputf8,
        fsync=given.fsync,
        latency=given.latency,
        users=dict(user.split(":", 1) for user in given.user),
    )
    with RecordingSMTP(given.log, behaviour, given.port, given.host) as server:
        print(server.port, flush=True)  # noqa: T201
        threading.Event().wait()


if __name__ == "__main__":
    main()
