"""The clamd of bin/run: its folder, its signatures, and its program, which root may install."""

# ruff: noqa: T201 (its output is the log of the process)

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from pathlib import Path

from django.conf import settings

from overture.files import clamd_folder

# Official signatures take 1.2 GiB of memory, and twice that while new ones are read beside the old.
LEAST_MEMORY = 3 * 1024**3
_DOUBLE_MEMORY = 6 * 1024**3
_INSTALLING = 300
_FETCHING = 900
_SYSTEM = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

_FRESHCLAM = """\
# Made by Overture at each start: change it in overture/management/scanner.py.
DatabaseDirectory {folder}/db
DatabaseOwner {owner}
DatabaseMirror database.clamav.net
NotifyClamd {folder}/clamd.conf
ConnectTimeout 30
ReceiveTimeout 300
TestDatabases yes
"""


def folder() -> Path:
    found: Path = settings.OVERTURE_DATA / "clamav"
    return found


def configure() -> Path:
    """Makes the folder, and names the configuration of clamd."""
    socket = Path(settings.OVERTURE_CLAMD.removeprefix("unix:"))
    return clamd_folder.make(
        folder(), socket, settings.OVERTURE_FILE_LIMIT_MB, has_room=memory() >= _DOUBLE_MEMORY
    )


def program(name: str) -> str | None:
    # Not every user has the folder of administration in the path.
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:{_SYSTEM}")


def install() -> bool:
    """From the distribution's packages, where we may and it has them; whether clamd is there now."""
    if program("clamd"):
        return True
    apt = program("apt-get")
    if os.geteuid() != 0 or not apt:
        return False
    print("clamd is not installed; trying apt-get install clamav-daemon", flush=True)
    packages = [apt, "install", "-qq", "--no-install-recommends", "clamav-daemon"]
    for command in (packages, [apt, "update", "-qq"], packages):
        if _run(command, _INSTALLING, DEBIAN_FRONTEND="noninteractive", RUNLEVEL="1") and program("clamd"):
            return True
    return False


def fetch_signatures() -> bool:
    """The official ones, with freshclam; whether they are here now. clamd is told to read them."""
    freshclam = program("freshclam")
    if not freshclam:
        return False
    path = folder() / "freshclam.conf"
    path.write_text(_FRESHCLAM.format(folder=folder(), owner=pwd.getpwuid(os.geteuid()).pw_name))
    # One day its output names what is wrong; until then it is in the log.
    is_done = _run([freshclam, f"--config-file={path}", "--stdout"], _FETCHING)
    return is_done and clamd_folder.has_official_signatures(folder())


def memory() -> int:
    """Bytes that programs could still take."""
    with open("/proc/meminfo") as file:
        lines = dict(line.split(":", 1) for line in file)
    return int(lines["MemAvailable"].split()[0]) * 1024


def _run(command: list[str], seconds: int, **environment: str) -> bool:
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            env={**os.environ, **environment},
            timeout=seconds,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        print(f"{command[0]}: {error}", flush=True)
        return False
    return done.returncode == 0
