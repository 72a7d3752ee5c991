"""Gives every test the real database: the embedded PostgreSQL in var/test, one database per test run."""

from __future__ import annotations

import fcntl
import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

# This file is read before Django's apps are loaded: models come later.
if TYPE_CHECKING:
    from tests.world import World

ROOT = Path(__file__).resolve().parent.parent
# Two workers side by side share nothing: each has its own server and files.
_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
DATA = Path(os.environ.get("OVERTURE_TEST_DATA", ROOT / "var" / "test")) / _WORKER
DATA.mkdir(parents=True, exist_ok=True)


def _slot() -> int:
    """The first number no other test run on this folder holds, so that runs side by side do not meet."""
    for number in range(50):
        file = os.open(DATA / f"slot-{number}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            continue
        return number
    raise RuntimeError("more than 50 test runs at once")


SLOT = _slot()
# The tests start hundreds of processes. Where bytecode is not kept, each compiles the product and all its
# packages anew: four of the six seconds of processor time that its start takes.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
os.environ["OVERTURE_DATA"] = str(DATA)
os.environ["OVERTURE_SECRET_KEY"] = "a secret that only the tests of Overture know"
os.environ["OVERTURE_ALLOW_PRIVATE_MAIL_HOSTS"] = "1"
os.environ["OVERTURE_BASE_URL"] = "https://overture.test"
os.environ["OVERTURE_DNS"] = "off"
os.environ["DJANGO_SETTINGS_MODULE"] = "overture.settings"

from overture.lib import embedded_postgres  # noqa: E402

if not os.environ.get("DATABASE_URL"):
    embedded_postgres.start(DATA)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Workers begin without our settings: pytest-django would read them before they have their own folder."""
    if session.config.getoption("numprocesses", None):
        os.environ.pop("DJANGO_SETTINGS_MODULE", None)


def pytest_configure() -> None:
    from django.conf import settings

    settings.DATABASES["default"]["TEST"]["NAME"] = f"overture_test_{SLOT}"
    # Hashed names need collectstatic; tests that look at assets do it themselves.
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = True
    settings.STATIC_ROOT.mkdir(exist_ok=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with slow tests first: one that begins last would have all others wait for it."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


def pytest_unconfigure() -> None:
    embedded_postgres.stop(DATA)


@pytest.fixture
def world(db: None) -> World:
    from tests.world import make_world

    return make_world()


@pytest.fixture
def live(transactional_db: None) -> Iterator[World]:
    """The cast, committed, for what other connections see: threads, workers, a live server."""
    from django.db import connection

    from tests.world import make_world

    with _requests() as running:
        yield make_world()
        _wait_for_others(running)
    # Procrastinate's tables are unmanaged: the flush passes them over.
    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE procrastinate_jobs, procrastinate_workers, procrastinate_periodic_defers CASCADE"
        )


@contextmanager
def _requests() -> Iterator[set[int]]:
    """The threads of the live server that answer a request at the moment."""
    from django.core.signals import request_finished, request_started

    running: set[int] = set()

    def begun(**_: object) -> None:
        if threading.current_thread() is not threading.main_thread():
            running.add(threading.get_ident())

    def over(**_: object) -> None:
        running.discard(threading.get_ident())

    request_started.connect(begun)
    request_finished.connect(over)
    yield running
    request_started.disconnect(begun)
    request_finished.disconnect(over)


def _wait_for_others(running: set[int]) -> None:
    """A request that a closed page left behind still reads; emptying the tables under it is a deadlock."""
    from django.db import connection

    end = time.monotonic() + 10
    while time.monotonic() < end:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid <> pg_backend_pid() AND state <> 'idle'"
                " AND backend_type = 'client backend'"
            )
            if cursor.fetchone() == (0,) and not running:
                return
        time.sleep(0.05)


@pytest.fixture
def indexed(settings: Any, tmp_path: Path) -> Iterator[Callable[[], Path]]:
    """Makes the marketplace's index of the partners there are, in a folder of the test's own."""
    from overture.marketplace import build, fit, shelf

    settings.OVERTURE_DATA = tmp_path
    yield build.rebuild
    shelf._shelves.clear()
    fit._records.clear()


@pytest.fixture(scope="session")
def one_clamd() -> Iterator[Any]:
    from tests.fakes.scanner import Scanner

    # Not pytest's folder: the path of a socket may have 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix="clamd-"))
    made = Scanner(folder)
    made.start()
    yield made
    made.kill()
    shutil.rmtree(folder)


@pytest.fixture
def files(settings: Any, tmp_path: Path) -> Path:
    """Where attachments are kept; no scanner answers."""
    settings.OVERTURE_DATA = tmp_path
    settings.OVERTURE_CLAMD = f"unix:{tmp_path}/nobody"
    kept = {**settings.STORAGES["files"], "OPTIONS": {"location": tmp_path / "files"}}
    settings.STORAGES = {**settings.STORAGES, "files": kept}
    return tmp_path / "files"


@pytest.fixture
def scanner(files: Path, one_clamd: Any, settings: Any) -> Any:
    settings.OVERTURE_CLAMD = one_clamd.address
    settings.OVERTURE_CLAMD_SECONDS = 10
    return one_clamd
