"""One IMAP connection as imaplib drives it: every argument guarded, every answer bounded in size and time."""

from __future__ import annotations

import imaplib
import socket
import ssl
from time import monotonic
from typing import Any

import imapclient

_NEVER = ("\r", "\n", "\0")
# An answer to one command: bytes, and how many times the patience for one read it may take.
LARGEST_ANSWER = 96 * 1024 * 1024
# The UIDs of a million mails stand in one line.
_LONGEST_LINE = 16 * 1024 * 1024
_READS = 20


class Unsafe(ValueError):
    """An argument that would end the command and begin another (mail.md, IMAP injection)."""


def refuse_unsafe(*arguments: Any) -> None:
    for each in arguments:
        text = each.decode("latin-1") if isinstance(each, bytes) else each
        if isinstance(text, str) and any(character in text for character in _NEVER):
            raise Unsafe("CR, LF or NUL in an argument of IMAP")


class Wire(imaplib.IMAP4):
    """imaplib over a socket that is connected already, with a buffer of our own.

    Its own would hide bytes from whoever waits for the socket, and reads as much as a server likes to send.
    """

    def __init__(self, sock: socket.socket, timeout: float) -> None:
        self._given, self._patience = sock, timeout
        self._buffer = bytearray()
        self._allow()
        super().__init__()

    # What imaplib asks for.

    def open(self, host: str = "", port: int = 0, timeout: float | None = None) -> None:
        self.host, self.port, self.sock = host, port, self._given
        self.sock.settimeout(self._patience)

    def read(self, size: int) -> bytes:
        if size > LARGEST_ANSWER:
            raise self.abort("answer too large")
        while len(self._buffer) < size:
            self._receive()
        return self._cut(size)

    def readline(self) -> bytes:
        start = 0
        while (end := self._buffer.find(b"\n", start)) < 0:
            start = len(self._buffer)
            if start > _LONGEST_LINE:
                raise self.abort("line too long")
            self._receive()
        return self._cut(end + 1)

    def send(self, data: Any) -> None:
        self._allow()
        self.sock.sendall(data)

    def shutdown(self) -> None:
        self.sock.close()

    def _command(self, name: str, *args: Any) -> Any:
        refuse_unsafe(name, *args)
        return super()._command(name, *args)  # type: ignore[misc]  # not in the stubs

    # Ours.

    def encrypt(self, context: ssl.SSLContext, host: str) -> None:
        """After STARTTLS was agreed on. Bytes that came in clear behind the OK would be read as encrypted."""
        if self._buffer:
            raise self.abort("unencrypted answer after STARTTLS")
        self.sock = context.wrap_socket(self.sock, server_hostname=host)

    def lines_ready(self) -> list[bytes]:
        """What has arrived unasked, without waiting; raises `abort` when the server closed."""
        self._allow()
        self.sock.settimeout(0)
        try:
            while True:
                self._receive()
        except (BlockingIOError, ssl.SSLWantReadError):
            pass
        finally:
            self.sock.settimeout(self._patience)
        whole, found, _ = self._buffer.rpartition(b"\n")
        return bytes(self._cut(len(whole) + 1)).splitlines() if found else []

    def _receive(self) -> None:
        if monotonic() > self._until:
            raise TimeoutError("the answer takes too long")
        data = self.sock.recv(65_536)
        if not data:
            raise self.abort("EOF")
        self._left -= len(data)
        if self._left < 0:
            raise self.abort("answer too large")
        self._buffer += data

    def _cut(self, size: int) -> bytes:
        data = bytes(self._buffer[:size])
        del self._buffer[:size]
        return data

    def _allow(self) -> None:
        self._left, self._until = LARGEST_ANSWER, monotonic() + self._patience * _READS


class Client(imapclient.IMAPClient):  # type: ignore[misc]  # has no types
    """IMAPClient over such a wire."""

    def __init__(self, sock: socket.socket, host: str, timeout: float) -> None:
        self._given = sock
        super().__init__(host, ssl=False, timeout=timeout)
        self.normalise_times = False
        self._imap.debug = 0  # it would format every line for a log nobody keeps

    def _create_IMAP4(self) -> Wire:
        return Wire(self._given, self._timeout.read)

    def _raw_command(self, command: bytes, args: Any, uid: bool = True) -> Any:
        refuse_unsafe(command, *(args if isinstance(args, list | tuple) else [args]))
        return super()._raw_command(command, args, uid)

    @property
    def wire(self) -> Wire:
        wire: Wire = self._imap
        return wire

    def idle(self) -> None:
        """As IMAPClient's, which takes what a server tells before its `+` for a fault."""
        self._idle_tag = self.wire._command("IDLE")
        while self.wire._get_response() is not None:
            if self.wire.tagged_commands[self._idle_tag]:
                raise self.Error("IDLE refused")

    def encrypt(self, context: ssl.SSLContext) -> None:
        """STARTTLS (RFC 9051, 6.2.1); what was said in clear no longer counts."""
        status, _ = self.wire._simple_command("STARTTLS")
        if status != "OK":
            raise self.Error("STARTTLS refused")
        self.wire.encrypt(context, self.host)
        self._starttls_done = True
        self._cached_capabilities = None
        self.wire._get_capabilities()
