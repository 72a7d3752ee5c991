"""A DNS server on loopback that answers from a table, over UDP and, for long answers, TCP."""

from __future__ import annotations

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import dns.flags
import dns.message
import dns.rcode
import dns.rrset


class Names:
    """`names.add("brand.example", "TXT", '"v=spf1 -all"')`; `silent` ones are never answered."""

    def __init__(self) -> None:
        self.records: dict[tuple[str, str], list[str]] = {}
        self.silent: set[str] = set()
        self.asked: list[str] = []

    def add(self, name: str, kind: str, *values: str) -> None:
        self.records[(name, kind)] = list(values)

    def answer(self, wire: bytes, most: int) -> bytes | None:
        query = dns.message.from_wire(wire)
        question = query.question[0]
        name, kind = str(question.name).rstrip(".").lower(), question.rdtype.name
        self.asked.append(f"{kind} {name}")
        if name in self.silent:
            return None
        made = dns.message.make_response(query)
        values = self.records.get((name, kind))
        if values:
            made.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *values))
        elif not any(known == name for known, _ in self.records):
            made.set_rcode(dns.rcode.NXDOMAIN)
        told = made.to_wire()
        if len(told) > most:
            made.answer.clear()
            made.flags |= dns.flags.TC
            told = made.to_wire()
        return told


class _Udp(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        wire, sock = self.request
        if told := self.server.names.answer(wire, 512):  # type: ignore[attr-defined]
            sock.sendto(told, self.client_address)


class _Tcp(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        (size,) = struct.unpack("!H", self.rfile.read(2))
        if told := self.server.names.answer(self.rfile.read(size), 65535):  # type: ignore[attr-defined]
            self.wfile.write(struct.pack("!H", len(told)) + told)


class _UdpServer(socketserver.ThreadingUDPServer):
    daemon_threads = True


class _TcpServer(socketserver.ThreadingTCPServer):
    daemon_threads = allow_reuse_address = True


def _same_port(tries: int = 50) -> tuple[_UdpServer, _TcpServer]:
    """A server of each protocol on one port: what the kernel gives for the one may be taken for the other."""
    tcp = _TcpServer(("127.0.0.1", 0), _Tcp)
    try:
        return _UdpServer(tcp.server_address, _Udp), tcp
    except OSError:
        tcp.server_close()
        if tries == 1:
            raise
        return _same_port(tries - 1)


@contextmanager
def resolving() -> Iterator[tuple[Names, str]]:
    """The table, and what OVERTURE_DNS is to be."""
    names = Names()
    udp, tcp = _same_port()
    with udp, tcp:
        port = tcp.server_address[1]
        servers: list[Any] = [udp, tcp]
        for server in servers:
            server.names = names
            threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield names, f"127.0.0.1:{port}"
        finally:
            for server in servers:
                server.shutdown()
