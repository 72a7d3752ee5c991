"""The journal tells the truth about a writer that was killed."""

import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from overture.delivery import journal as journals
from overture.delivery.journal import Answer, Journal, JournalBroken
from tests.fakes.recording_smtp import RecordingSMTP

_ROOT = Path(__file__).parents[2]
_WRITER = """
import sys, time
from overture.delivery.journal import Journal
journal = Journal.open(sys.argv[1])
journal.claimed("lease-a")
journal.claimed("lease-b")
for n in range(3):
    journal.begun("lease-a", n)
    journal.answered("lease-a", n, "sent", "250", "250 2.0.0 queued")
journal.begun("lease-a", 3)
journal.answered("lease-b", 7, "deferred", "450", "450 busy\\r\\nB\\tlease-b\\t8")
journal.claimed("lease-c")
journal.begun("lease-c", 9)
journal.settled("lease-c")
print("ready", flush=True)
time.sleep(60)
"""


def _write_and_kill(folder: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(folder)], cwd=_ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    assert Journal.dead(folder) == []  # its writer lives
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()


def test_dead_journal_tells_begun_answered_and_untouched(tmp_path: Path) -> None:
    _write_and_kill(tmp_path)
    (dead,) = Journal.dead(tmp_path)
    assert dead.is_complete
    assert sorted(dead.leases) == ["lease-a", "lease-b"]
    a, b = dead.leases["lease-a"], dead.leases["lease-b"]
    assert a.begun == {"0", "1", "2", "3"}
    assert a.answered == {str(n): Answer("sent", "250", "250 2.0.0 queued") for n in range(3)}
    assert a.unknown == {"3"}
    assert (b.begun, b.unknown) == (set(), set())
    assert b.answered == {"7": Answer("deferred", "450", "450 busy  B lease-b 8")}
    dead.remove()
    assert list(tmp_path.iterdir()) == []


def test_dead_journal_is_taken_by_one_only(tmp_path: Path) -> None:
    _write_and_kill(tmp_path)
    (mine,) = Journal.dead(tmp_path)
    assert Journal.dead(tmp_path) == []
    mine.release()
    (again,) = Journal.dead(tmp_path)
    again.remove()


# The last: a copy need not go from front to back.
@pytest.mark.parametrize("torn", [b"B\tlease-b\t12", b"B\tlease-b\t12\0\0\0", b"B\tlea\0\0\0\0\0\t12\n\0"])
def test_torn_last_line_did_not_happen(tmp_path: Path, torn: bytes) -> None:
    _write_and_kill(tmp_path)
    (path,) = tmp_path.glob("*.journal")
    written = path.read_bytes().rstrip(b"\0")
    path.write_bytes(written + torn)
    (dead,) = Journal.dead(tmp_path)
    assert dead.leases["lease-b"].begun == set()
    assert dead.leases["lease-a"].begun == {"0", "1", "2", "3"}
    dead.remove()


@pytest.mark.parametrize(("then", "now"), [("one", "another"), ("", ""), ("one", "")])
def test_journal_from_before_a_reboot_does_not_prove_silence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, then: str, now: str
) -> None:
    _write_and_kill(tmp_path)
    (path,) = tmp_path.glob("*.journal")
    head, _, rest = path.read_text().rstrip("\0").partition("\n")
    path.write_text(f"J\t{then}\t1\n{rest}")
    assert head.startswith("J\t")
    monkeypatch.setattr(journals, "_boot_id", lambda: now)
    (dead,) = Journal.dead(tmp_path)
    assert not dead.is_complete
    assert dead.leases["lease-a"].unknown == {"3"}
    dead.remove()


def test_full_file_is_followed_by_another_and_goes_when_settled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journals, "_SEGMENT", 1000)
    journal = Journal.open(tmp_path)
    for lease in range(40):
        journal.claimed(lease)
        journal.begun(lease, "x" * 36)
        journal.answered(lease, "x" * 36, "sent", "250")
        if lease >= 2:
            journal.settled(lease - 2)
    assert len(list(tmp_path.iterdir())) <= 2
    journal.settled(38)
    journal.settled(39)
    journal.close()
    assert list(tmp_path.iterdir()) == []


def test_what_a_kill_left_of_a_file_before_it_began_goes(tmp_path: Path) -> None:
    old, new = tmp_path / "1-a-1.part", tmp_path / "1-a-2.part"
    old.touch()
    new.touch()
    os.utime(old, (time.time() - 90, time.time() - 90))
    assert Journal.dead(tmp_path) == []
    assert list(tmp_path.iterdir()) == [new]


def test_closed_journal_leaves_what_is_not_settled(tmp_path: Path) -> None:
    journal = Journal.open(tmp_path)
    journal.claimed("open")
    journal.begun("open", 1)
    journal.close()
    journal.answered("open", 1, "sent", "250")  # too late to be told, and raises nothing
    journal.settled("open")
    (dead,) = Journal.dead(tmp_path)
    assert dead.leases["open"].unknown == {"1"}
    dead.remove()


def test_full_disk_lets_nothing_begin_and_heals_with_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(fd: int, offset: int, length: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    journal = Journal.open(tmp_path)
    journal.claimed("a")
    journal.begun("a", 1)
    monkeypatch.setattr(os, "posix_fallocate", full)
    begun = _begin_until_full(journal)
    with pytest.raises(JournalBroken, match="No space left"):
        journal.begun("a", "x" * 400)
    journal.answered("a", 1, "sent", "250")  # is lost, and raises nothing
    with pytest.raises(JournalBroken):
        journal.claimed("b")
    monkeypatch.undo()
    journal.claimed("c")
    journal.begun("c", 4)
    journal.close()
    first, second = Journal.dead(tmp_path)
    assert first.leases["a"].begun == {"1", *begun}
    assert second.leases["c"].begun == {"4"}
    first.remove()
    second.remove()
    assert list(tmp_path.iterdir()) == []


def _begin_until_full(journal: Journal) -> set[str]:
    begun = set()
    for number in range(100_000):
        name = f"{number:-^400}"
        try:
            journal.begun("a", name)
        except JournalBroken:
            return begun
        begun.add(name)
    raise AssertionError("it was never full")


def test_journal_is_cheap(tmp_path: Path) -> None:
    journal = Journal.open(tmp_path)
    journal.claimed("0b0e7c53-0b4b-4b44-9a4e-6f4f5f2a8d10")
    began = time.process_time()
    for n in range(5000):
        journal.begun("0b0e7c53-0b4b-4b44-9a4e-6f4f5f2a8d10", n)
        journal.answered(
            "0b0e7c53-0b4b-4b44-9a4e-6f4f5f2a8d10", n, "sent", "250", "250 2.0.0 Ok: queued as 1"
        )
    per_line = (time.process_time() - began) / 10_000
    journal.close()
    assert per_line < 100e-6


_SENDER = """
import asyncio, sys, time
from overture.delivery.journal import Journal
from overture.mailboxes.providers import Letter, smtp

async def main(folder, port):
    journal = Journal.open(folder)
    journal.claimed("lease")
    account = smtp.Account("127.0.0.1", port, "none", allow_private=True)
    connections = [await smtp.connect(account) for _ in range(4)]
    letters = (Letter(n, "me@b.test", f"n{n}@d.test", b"Subject: x\\r\\n\\r\\nhi") for n in range(1_000_000))
    await asyncio.gather(*(
        connection.send(
            letters,
            lambda n: journal.begun("lease", n),
            lambda outcome: journal.answered("lease", *outcome),
            time.monotonic() + 60,
        )
        for connection in connections
    ))

asyncio.run(main(sys.argv[1], int(sys.argv[2])))
"""


@pytest.mark.parametrize("kept_before_kill", [1, 50, 400])
def test_killed_sender_leaves_one_unknown_a_connection_and_a_true_journal(
    tmp_path: Path, kept_before_kill: int
) -> None:
    with RecordingSMTP(tmp_path / "log") as server:
        command = [sys.executable, "-c", _SENDER, str(tmp_path / "journal"), str(server.port)]
        process = subprocess.Popen(command, cwd=_ROOT)
        while len(server.messages()) < kept_before_kill:
            assert process.poll() is None
            time.sleep(0.005)
        process.kill()
        process.wait()
        time.sleep(0.2)  # what lies in the sockets still arrives
        kept = [message.recipients[0].partition("@")[0][1:] for message in server.messages()]
    (dead,) = Journal.dead(tmp_path / "journal")
    lease = dead.leases["lease"]
    dead.remove()
    assert len(kept) == len(set(kept))
    assert {answer.kind for answer in lease.answered.values()} <= {"sent"}
    assert len(lease.unknown) <= 4
    assert set(lease.answered) <= set(kept) <= lease.begun
