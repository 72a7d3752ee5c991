"""The scanner of bin/run: where it is told to be, and what becomes of signatures that come or do not."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from overture.files import clamd_folder
from overture.management import scanner
from overture.management.commands.signatures import Command


@pytest.fixture
def programs(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of programs, and no others."""
    settings.OVERTURE_DATA = tmp_path / "data"
    settings.OVERTURE_CLAMD = f"unix:{tmp_path}/run/clamd.sock"
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr(scanner, "_SYSTEM", str(folder))
    return folder


def program(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def test_its_configuration_is_one_that_clamd_takes(programs: Path, settings: Any) -> None:
    settings.OVERTURE_FILE_LIMIT_MB = 30
    path = scanner.configure()
    lines = path.read_text().splitlines()
    assert {"StreamMaxLength 121M", "MaxFileSize 121M", "AlertExceedsMax yes"} <= set(lines)
    done = subprocess.run(
        ["/usr/bin/clamconf", "-c", str(path.parent)], capture_output=True, text=True, check=False
    )
    assert "unknown option" not in (done.stdout + done.stderr).lower()
    assert (path.parent / "db").stat().st_mode & 0o077 == 0


def test_signatures_that_come_are_kept(programs: Path) -> None:
    scanner.configure()
    program(programs, "freshclam", f"echo signed > {scanner.folder()}/db/daily.cvd")
    assert not clamd_folder.has_official_signatures(scanner.folder())
    assert Command()._fetch() == 2 * 3600
    assert clamd_folder.has_official_signatures(scanner.folder())
    scanner.configure()
    assert (scanner.folder() / "db" / "daily.cvd").read_text() == "signed\n"


def test_signatures_that_do_not_come_are_asked_for_later(programs: Path, capfd: Any) -> None:
    assert Command()._fetch() == 60
    program(programs, "freshclam", "echo the mirror is away; exit 1")
    assert Command()._fetch() == 3600
    assert "the mirror is away" in capfd.readouterr().out


def test_a_small_host_keeps_the_test_signatures(
    programs: Path, monkeypatch: pytest.MonkeyPatch, capfd: Any
) -> None:
    program(programs, "freshclam", "exit 0")
    monkeypatch.setattr(scanner, "memory", lambda: 2 * 1024**3)
    assert Command()._fetch() == 3600
    assert "Too little memory" in capfd.readouterr().out
    assert scanner.memory() > 0


def test_only_root_installs_and_gives_up_in_words(
    programs: Path, monkeypatch: pytest.MonkeyPatch, capfd: Any
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert not scanner.install()
    monkeypatch.setattr("os.geteuid", lambda: 0)
    program(programs, "apt-get", f'echo "$@" >> {programs}/asked; exit 100')
    assert not scanner.install()
    assert (programs / "asked").read_text().splitlines() == [
        "install -qq --no-install-recommends clamav-daemon",
        "update -qq",
        "install -qq --no-install-recommends clamav-daemon",
    ]
    program(programs, "apt-get", f"printf '#!/bin/sh' > {programs}/clamd; /bin/chmod +x {programs}/clamd")
    assert scanner.install()
    assert scanner.install()
