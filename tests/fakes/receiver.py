"""A receiver of webhooks on loopback that keeps what came and misbehaves as asked, per path."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any, NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class Came(NamedTuple):
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def told(self) -> Any:
        return json.loads(self.body)


class Receiver(ThreadingHTTPServer):
    """`/ok` answers 204; `/status/500` that; others as named in `_Handler.do_POST`."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.came: list[Came] = []
        self.statuses: list[int] = []  # for /next, one after the other; then 200
        self.release = threading.Event()  # what /slow waits for

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def url(self, path: str, scheme: str = "http", host: str = "127.0.0.1") -> str:
        return f"{scheme}://{host}:{self.port}{path}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that goes away is what is tested here."""


class _Handler(BaseHTTPRequestHandler):
    server: Receiver
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.came.append(Came(self.path, headers, body))
        name, _, argument = self.path[1:].partition("?")[0].partition("/")
        getattr(self, f"_{name}")(argument)

    def _ok(self, _: str) -> None:
        self._answer(204)

    def _status(self, number: str) -> None:
        self._answer(int(number), b"not now\r\nplease")

    def _next(self, _: str) -> None:
        self._answer(self.server.statuses.pop(0) if self.server.statuses else 200)

    def _busy(self, seconds: str) -> None:
        self._answer(429, headers={"Retry-After": seconds})

    def _elsewhere(self, _: str) -> None:
        self._answer(302, headers={"Location": f"http://127.0.0.1:{self.server.port}/ok"})

    def _slow(self, _: str) -> None:
        self.server.release.wait(30)
        self._answer(200)

    def _drip(self, _: str) -> None:
        """A header that never ends, a letter at a time, faster than any single read gives up."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
        while not self.server.release.wait(0.05):
            self.wfile.write(b"a")
            self.wfile.flush()

    def _huge(self, _: str) -> None:
        """More than anybody would keep; ends when the caller has gone."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while not self.server.release.is_set():
            self.wfile.write(b"a" * 65536)

    def _drop(self, _: str) -> None:
        self.connection.shutdown(socket.SHUT_RDWR)

    def _noise(self, _: str) -> None:
        self.wfile.write(b"220 mail.example ESMTP\r\n")
        self.close_connection = True

    def _answer(self, status: int, body: bytes = b"", headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def receiving(certificate: Path | None = None) -> Iterator[Receiver]:
    """With a certificate of `certificate_for` it speaks TLS."""
    with Receiver() as server:
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            server.socket = context.wrap_socket(
                server.socket, server_side=True, do_handshake_on_connect=False
            )
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.release.set()
            server.shutdown()


def certificate_for(folder: Path, name: str) -> Path:
    """A file with a key and a self-signed certificate of this name; the file is its own authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    san: x509.GeneralName = x509.DNSName(name)
    if name[0].isdigit():
        san = x509.IPAddress(ip_address(name))
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([san]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{name}.pem"
    pem, pkcs8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    file.write_bytes(key.private_bytes(pem, pkcs8, serialization.NoEncryption()) + made.public_bytes(pem))
    return file
