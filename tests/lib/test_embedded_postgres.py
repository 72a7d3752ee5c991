"""The embedded server against kills, strangers and long paths; every test has a real server of its own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from overture.lib import embedded_postgres

pytestmark = pytest.mark.slow

HOLD = """
import sys, time
from pathlib import Path
from overture.lib import embedded_postgres
embedded_postgres.start(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.readline()
embedded_postgres.stop(Path(sys.argv[1]))
"""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "data"
    yield folder
    if (folder / "postgres").exists():
        embedded_postgres.start(folder)
        embedded_postgres.stop(folder)


def hold_elsewhere(folder: Path) -> subprocess.Popen[str]:
    """Another process that holds the server until it reads a line."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def server_pid(folder: Path) -> int:
    return int((folder / "postgres" / "postmaster.pid").read_text().split()[0])


def ask(folder: Path, query: str) -> object:
    with psycopg.connect(embedded_postgres.url(folder), autocommit=True) as connection:
        row = connection.execute(query.encode()).fetchone()
    return row[0] if row else None


def keep_a_row(folder: Path) -> None:
    with psycopg.connect(embedded_postgres.url(folder), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")


def test_start_makes_a_safe_server_and_stop_ends_it(folder: Path) -> None:
    assert embedded_postgres.is_alive(folder) is False
    embedded_postgres.start(folder)
    assert embedded_postgres.is_alive(folder) is True
    assert [ask(folder, f"SHOW {name}") for name in ("fsync", "full_page_writes", "synchronous_commit")] == [
        "on"
    ] * 3
    assert ask(folder, "SHOW listen_addresses") == ""
    keep_a_row(folder)
    assert embedded_postgres.stop(folder) is True
    assert embedded_postgres.is_alive(folder) is False
    embedded_postgres.start(folder)
    assert ask(folder, "SELECT answer FROM kept") == 42
    assert embedded_postgres.stop(folder) is True


def test_stop_without_a_hold_changes_nothing(folder: Path) -> None:
    other = hold_elsewhere(folder)
    assert embedded_postgres.stop(folder) is False
    assert embedded_postgres.is_alive(folder) is True
    other.communicate("\n", timeout=20)
    assert embedded_postgres.is_alive(folder) is False


def test_the_last_of_two_holders_stops_it(folder: Path) -> None:
    embedded_postgres.start(folder)
    other = hold_elsewhere(folder)
    assert embedded_postgres.stop(folder) is False
    assert embedded_postgres.is_alive(folder) is True
    other.communicate("\n", timeout=20)
    assert embedded_postgres.is_alive(folder) is False


def test_two_starts_at_once_make_one_server(folder: Path) -> None:
    command, pipe = [sys.executable, "-c", HOLD, str(folder)], subprocess.PIPE
    both = [subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) for _ in range(2)]
    assert [process.communicate("\n", timeout=30) for process in both] == [("held\n", "")] * 2
    assert [process.returncode for process in both] == [0, 0]
    assert embedded_postgres.is_alive(folder) is False


def test_a_killed_starter_leaves_a_server_to_take_over(folder: Path) -> None:
    starter = hold_elsewhere(folder)
    keep_a_row(folder)
    before = server_pid(folder)
    starter.kill()
    starter.communicate()
    assert embedded_postgres.is_alive(folder) is True
    embedded_postgres.start(folder)
    assert server_pid(folder) == before
    assert ask(folder, "SELECT answer FROM kept") == 42
    assert embedded_postgres.stop(folder) is True
    assert embedded_postgres.is_alive(folder) is False


def test_a_killed_server_starts_again_with_its_data(folder: Path) -> None:
    embedded_postgres.start(folder)
    keep_a_row(folder)
    before = server_pid(folder)
    os.kill(before, signal.SIGKILL)
    while embedded_postgres.is_alive(folder):
        time.sleep(0.01)
    embedded_postgres.start(folder)
    assert server_pid(folder) != before
    assert ask(folder, "SELECT answer FROM kept") == 42


def test_a_note_with_a_strangers_pid_is_not_believed(folder: Path) -> None:
    embedded_postgres.start(folder)
    embedded_postgres.stop(folder)
    note = folder / "postgres" / "postmaster.pid"
    note.write_text(f"{os.getpid()}\n{folder / 'postgres'}\n")
    assert embedded_postgres.is_alive(folder) is False
    embedded_postgres.start(folder)
    assert server_pid(folder) != os.getpid()
    assert ask(folder, "SELECT 1") == 1


def test_half_a_folder_from_a_killed_start_is_made_anew(folder: Path) -> None:
    (folder / "postgres.part" / "base").mkdir(parents=True)
    (folder / "postgres.part" / "PG_VERSION").write_text("18\n")
    embedded_postgres.start(folder)
    assert ask(folder, "SELECT 1") == 1
    assert not (folder / "postgres.part").exists()


@pytest.mark.parametrize("name", ["n" * 120, "with space & 100%+é"])
def test_folders_of_any_name_work(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    url = embedded_postgres.start(folder)
    try:
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    finally:
        assert embedded_postgres.stop(folder) is True


def test_a_server_that_cannot_start_says_why(folder: Path) -> None:
    embedded_postgres.start(folder)
    embedded_postgres.stop(folder)
    version = folder / "postgres" / "PG_VERSION"
    version.write_text("9.6\n")
    with pytest.raises(embedded_postgres.PostgresFailed) as caught:
        embedded_postgres.start(folder)
    assert "initialized by PostgreSQL version 9.6" in str(caught.value)
    assert str(folder / "postgres") in str(caught.value)
    version.write_text("18\n")


def test_a_folder_that_is_a_file_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(embedded_postgres.PostgresFailed, match="cannot be used: File exists"):
        embedded_postgres.start(tmp_path / "file")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can put a backup back as root")
def test_a_backup_that_root_put_back_is_handed_over(folder: Path, tmp_path: Path) -> None:
    embedded_postgres.start(folder)
    keep_a_row(folder)
    embedded_postgres.stop(folder)
    restored = tmp_path / "restored"
    subprocess.run(["cp", "-r", folder, restored], check=True)
    assert (restored / "postgres").stat().st_uid == 0
    embedded_postgres.start(restored)
    try:
        assert ask(restored, "SELECT answer FROM kept") == 42
    finally:
        embedded_postgres.stop(restored)
