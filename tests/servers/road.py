"""The road of an e-mail on loopback: Postfix submits, a far end takes or refuses, Dovecot keeps mail."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from smtplib import LMTP

from tests.fakes.recording_smtp import RecordingSMTP
from tests.servers.dovecot import Dovecot
from tests.servers.postfix import Postfix

OURS, THEIRS = "halden.example", "x.example"


@dataclass(frozen=True)
class Road:
    dovecot: Dovecot
    postfix: Postfix
    far: RecordingSMTP

    def bring(self, to: str, sender: str, mail: bytes) -> None:
        """As the server of the mailbox's domain takes a mail: by LMTP (RFC 2033) with its envelope."""
        with LMTP("127.0.0.1", self.dovecot.lmtp) as session:
            assert session.sendmail(sender, [to], mail) == {}


@contextmanager
def road(*keeps_copies: str, introspection: str = "", **fields: int) -> Iterator[Road]:
    """Mail to OURS comes to Dovecot, mail to THEIRS to the far end, other mail vanishes."""
    folder = Path(tempfile.mkdtemp(prefix="road-"))
    folder.chmod(0o755)
    with RecordingSMTP(folder / "far") as far:
        dovecot = Dovecot(folder / "dc", introspection=introspection)
        dovecot.start()
        postfix = Postfix(folder / "pf", dovecot, keeps_copies, {THEIRS: far.port}, **fields)
        postfix.start(OURS)
        try:
            yield Road(dovecot, postfix, far)
        finally:
            postfix.stop()
            dovecot.kill()
            shutil.rmtree(folder, ignore_errors=True)
