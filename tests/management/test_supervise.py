"""Children of the supervisor: started again when they end, and ended in time even when they refuse."""

import sys
import time
from pathlib import Path

import pytest

from overture.management import supervise
from overture.management.supervise import Child

STUBBORN = "import signal, time; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"


def child(folder: Path, source: str) -> Child:
    return Child("one", [sys.executable, "-c", source], folder, {})


def until_said(one: Child, words: str) -> None:
    deadline = time.monotonic() + 10
    while words not in (one.log.read_text() if one.log.exists() else ""):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_child_that_ends_starts_again_later_and_later(tmp_path: Path) -> None:
    one = child(tmp_path, "print('hello', flush=True)").start()
    pauses = []
    while len(pauses) < 3:
        failures = one.failures
        one.watch()
        if one.failures > failures:
            pauses.append(one.pause)
            one.due = 0.0
    assert pauses == [1.0, 2.0, 4.0]
    assert one.log.read_text().count("hello\n") >= 2


def test_a_stubborn_child_is_killed_after_the_grace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervise, "GRACE", 0.5)
    one = child(tmp_path, STUBBORN).start()
    until_said(one, "deaf")
    began = time.monotonic()
    supervise.end([one])
    assert 0.5 < time.monotonic() - began < 7
    assert one.is_running is False


def test_complaints_reach_the_terminal_and_all_reaches_the_log(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    source = (
        "import sys; print('plain'); print('x INFO quiet', file=sys.stderr); print('loud', file=sys.stderr)"
    )
    one = child(tmp_path, source).start()
    until_said(one, "loud")
    until_said(one, "plain")
    supervise.end([one])
    assert sorted(one.log.read_text().splitlines()) == ["loud", "plain", "x INFO quiet"]
    assert capfd.readouterr().err == "[one] loud\n"
    assert one.complaint == "loud"


def test_a_large_log_makes_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervise, "LARGEST_LOG", 10)
    one = child(tmp_path, "print('a' * 20); print('b' * 20)").start()
    until_said(one, "b" * 20)
    supervise.end([one])
    assert one.log.with_suffix(".log.1").read_text() == "a" * 20 + "\n"
    assert one.log.read_text() == "b" * 20 + "\n"
