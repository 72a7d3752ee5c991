"""Imports in real workers: run as jobs, and killed amid their work."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from procrastinate.contrib.django import app

from overture.directory.models import Contact, Partner
from overture.prospects import imports
from overture.prospects.carry_out import carry_out
from overture.prospects.import_undo import UndoError
from overture.prospects.models import Group, Import, ImportRefusal, Prospect
from tests.world import World

ROWS = 12_000
# The import as a worker runs it, on this test's database.
WORKER = """
import sys, django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
django.setup()
from overture.prospects.carry_out import carry_out
carry_out(int(sys.argv[2]))
"""


def sheet() -> io.BytesIO:
    rows = (f"Acme {n};a{n}@acme{n}.example;https://acme{n}.example;Winter, VIP\n" for n in range(ROWS))
    return io.BytesIO(("Company;Email;Website;Groups\nBad;a@@b;;\n" + "".join(rows)).encode())


def rows() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Prospect, Partner, Contact, Group, ImportRefusal))


@pytest.mark.slow
@pytest.mark.parametrize("share", [0.2, 0.7])
def test_a_killed_import_ends_with_the_same_counts(live: World, share: float) -> None:
    imported = imports.start(live.camille, sheet(), "sheet.csv")
    name = connection.settings_dict["NAME"]
    worker = subprocess.Popen([sys.executable, "-c", WORKER, name, str(imported.pk)], env=os.environ.copy())
    try:
        _wait_for(imported, share)
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    assert rows()[:4] == (0, 0, 0, 0)
    again = carry_out(imported.pk)
    assert (again.row_count, again.created_count, again.refused_count) == (ROWS + 1, ROWS, 1)
    assert (again.run.state, again.run.done, again.run.total) == ("done", ROWS + 1, ROWS + 1)
    assert rows() == (ROWS, ROWS, ROWS, 2, 1)


def _wait_for(imported: Import, share: float) -> None:
    """Until this share of the progress is told, while the import is still under way."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        imported.run.refresh_from_db()
        assert imported.run.state in ("queued", "running")
        if imported.run.total and imported.run.done >= imported.run.total * share:
            return
        time.sleep(0.02)
    raise AssertionError("no progress was told")


def test_import_and_undo_run_as_jobs(live: World) -> None:
    text = "Company;Email\nAcme;a@acme.example\n"
    imported = imports.start(live.camille, io.BytesIO(text.encode()), "sheet.csv")
    assert Prospect.objects.count() == 0
    work()
    imported.refresh_from_db()
    assert (imported.created_count, Prospect.objects.count()) == (1, 1)
    imports.undo_later(live.camille, imported)
    imports.undo_later(live.camille, imported)
    work()
    assert Prospect.objects.count() == 0
    with pytest.raises(UndoError, match="undone"):
        imports.undo_later(live.camille, imported)
    with pytest.raises(PermissionDenied):
        imports.undo_later(live.victor, imported)


def work() -> None:
    """A worker that takes what waits, and ends."""
    with app.replace_connector(app.connector.get_worker_connector()):
        app.run_worker(wait=False, install_signal_handlers=False, listen_notify=False, queues=["imports"])
