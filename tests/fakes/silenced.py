"""A wire to an SMTP server that falls silent once a letter's last dot is through: nobody hears the answer."""

from __future__ import annotations

import contextlib
import socket
import threading

_END = b"\r\n.\r\n"


class Silenced:
    """`with Silenced(server_port) as wire: wire.port`; `heard`: letters whose answer it swallowed."""

    def __init__(self, server: int) -> None:
        self.server, self.heard = server, 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._pumps: list[threading.Thread] = []
        self._lock = threading.Lock()

    def __enter__(self) -> Silenced:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        """Once all that clients wrote is with the server, and its answers have come."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for each in self._pumps:
            each.join(10)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self.server))
                is_over = threading.Event()
                for pump in (self._there, self._back):
                    thread = threading.Thread(target=pump, args=(client, server, is_over), daemon=True)
                    self._pumps.append(thread)
                    thread.start()

    def _there(self, client: socket.socket, server: socket.socket, is_over: threading.Event) -> None:
        seen = b""
        with contextlib.suppress(OSError):
            while data := client.recv(65_536):
                seen = seen[-len(_END) :] + data
                if _END in seen:
                    is_over.set()
                server.sendall(data)
        with contextlib.suppress(OSError):
            server.shutdown(socket.SHUT_WR)

    def _back(self, client: socket.socket, server: socket.socket, is_over: threading.Event) -> None:
        with contextlib.suppress(OSError), client, server:
            while data := server.recv(65_536):
                if not is_over.is_set():
                    client.sendall(data)
                elif data.startswith(b"250 2.0.0 Ok: queued"):
                    with self._lock:
                        self.heard += 1
