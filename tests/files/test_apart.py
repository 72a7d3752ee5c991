"""The process apart: whatever a file does to its reader, the next one is read, and nobody waits."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from overture.files import apart
from overture.files.apart import NoAnswer
from overture.files.nursery import NOBODY
from tests.files import samples

FOUND = {"width": None, "height": None, "pages": None, "has_preview": False}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "given").write_bytes(samples.CSV)
    return tmp_path


@pytest.fixture(autouse=True)
def own_nursery() -> Any:
    apart._files.stop()
    yield
    apart._files.stop()


def nursery() -> int:
    assert apart._files._nursery._process is not None
    return apart._files._nursery._process.pid


def test_it_answers(folder: Path) -> None:
    assert apart.ask("check", folder, type="csv") == {"found": FOUND}
    assert apart.ask("check", folder, type="png") == {"refused": "mismatch", "facts": {}}


def test_one_serves_all_and_leaves_none_behind(folder: Path) -> None:
    apart.ask("check", folder, type="csv")
    first = nursery()
    for _ in range(5):
        apart.ask("check", folder, type="csv")
    assert nursery() == first
    # They are gone a moment after their answer.
    deadline = time.monotonic() + 5
    while children_of(first) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert children_of(first) == []


def children_of(process: int) -> list[str]:
    return Path(f"/proc/{process}/task/{process}/children").read_text().split()


def test_a_reader_over_its_memory_is_no_answer(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "given").write_bytes(samples.picture("PNG", size=(4000, 4000)))
    assert "found" in apart.ask("check", folder, type="png")
    size = int(Path(f"/proc/{nursery()}/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    monkeypatch.setattr(apart._files, "_memory", size + 20 * 1024**2)
    try:
        answer = apart.ask("check", folder, type="png")
    except NoAnswer:
        return
    assert answer == {"refused": "too_complex", "facts": {}}


def test_a_reader_that_takes_too_long_is_ended(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart._files, "_seconds", 1)
    (folder / "given").unlink()
    # A pipe that nobody writes to: it would wait for ever.
    os.mkfifo(folder / "given")
    began = time.monotonic()
    with pytest.raises(NoAnswer):
        apart.ask("check", folder, type="csv")
    assert time.monotonic() - began < 3


def test_a_killed_nursery_is_followed_by_another(folder: Path) -> None:
    apart.ask("check", folder, type="csv")
    first = nursery()
    os.kill(first, signal.SIGKILL)
    os.waitid(os.P_PID, first, os.WEXITED | os.WNOWAIT)
    assert apart.ask("check", folder, type="csv") == {"found": FOUND}
    assert nursery() != first


def test_many_at_once(folder: Path) -> None:
    answers: list[Any] = []
    threads = [
        threading.Thread(target=lambda: answers.append(apart.ask("check", folder, type="csv")))
        for _ in range(12)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert answers == [{"found": FOUND}] * 12


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_a_reader_is_nobody_and_has_no_network(folder: Path) -> None:
    (folder / "given").write_bytes(samples.picture("PNG"))
    apart.ask("check", folder, type="png")
    assert (folder / "served").stat().st_uid == NOBODY
    assert os.readlink(f"/proc/{nursery()}/ns/net") != os.readlink("/proc/self/ns/net")


def test_a_reader_knows_no_secret(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OVERTURE_SECRET_KEY", "a secret that no reader may know")
    apart.ask("check", folder, type="csv")
    environment = Path(f"/proc/{nursery()}/environ").read_bytes().split(b"\0")
    assert {each.split(b"=")[0] for each in environment if each} == {b"PATH", b"LC_ALL", b"PYTHONPATH"}
