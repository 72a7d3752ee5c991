"""A real clamd with test signatures, in a folder of the test's own: to be frozen, killed, started again."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

from overture.files import clamd_folder

# Found by every scanner and by our signatures (eicar.org).
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
FOUND = "Eicar-Test-Signature.UNOFFICIAL"


class Scanner:
    def __init__(self, folder: Path, limit_mb: int = 25) -> None:
        self.folder, self.limit_mb = folder, limit_mb
        self.socket = folder / "clamd.sock"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"unix:{self.socket}"

    def start(self) -> None:
        program = shutil.which("clamd", path=f"{os.environ['PATH']}:/usr/sbin")
        assert program, "the tests need clamd: apt-get install clamav-daemon"
        configuration = clamd_folder.make(self.folder, self.socket, self.limit_mb)
        with (self.folder / "clamd.log").open("ab") as log:
            self.process = subprocess.Popen(
                [program, "-c", str(configuration)], stdout=log, stderr=log, stdin=subprocess.DEVNULL
            )
        deadline = time.monotonic() + 30
        while not self._answers():
            is_over = self.process.poll() is not None or time.monotonic() > deadline
            assert not is_over, (self.folder / "clamd.log").read_text()
            time.sleep(0.02)

    def sign(self, *lines: str) -> None:
        """More signatures, known once it is started again."""
        with (self.folder / "db" / "more.ndb").open("a") as file:
            file.write("".join(f"{line}\n" for line in lines))

    def freeze(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(1)
            try:
                line.connect(str(self.socket))
                line.sendall(b"zPING\0")
                return line.recv(10) == b"PONG\0"
            except OSError:
                return False
