"""Workers lose their locks when they were stopped within a transaction."""

from __future__ import annotations

import threading
import time

import pytest
from django.db import InternalError, OperationalError, connection, connections, transaction

from overture.accounts.models import Workspace
from overture.jobs.stopped import QUEUE_IDLE, let_go_when_stopped
from tests.world import World


def test_worker_stopped_within_any_transaction_loses_its_locks(
    live: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = dict(connections.settings["default"]["OPTIONS"])
    monkeypatch.setitem(connections.settings["default"], "OPTIONS", options)
    monkeypatch.setattr("overture.jobs.stopped.LONGEST_IDLE", "500ms")
    let_go_when_stopped()
    assert options["options"].endswith(" -c idle_in_transaction_session_timeout=500ms")
    holds, lost = threading.Event(), threading.Event()

    def stop() -> None:
        try:
            with transaction.atomic():
                Workspace.objects.select_for_update().get(pk=live.brand.pk)
                holds.set()
                time.sleep(1)
                Workspace.objects.filter(pk=live.brand.pk).update(name="Late")
        except (OperationalError, InternalError):
            lost.set()
        connection.close()

    stopped = threading.Thread(target=stop)
    stopped.start()
    assert holds.wait(10)
    with transaction.atomic():
        Workspace.objects.select_for_update().filter(pk=live.brand.pk).update(name="First")
    stopped.join(20)
    assert lost.is_set()
    live.brand.refresh_from_db()
    assert live.brand.name == "First"


def test_queue_lets_go_sooner_than_jobs(live: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", dict(connection.settings_dict["OPTIONS"]))
    monkeypatch.setitem(connections.settings["default"], "OPTIONS", connection.settings_dict["OPTIONS"])

    def idle() -> str:
        other = connection.copy()
        try:
            with other.cursor() as cursor:
                cursor.execute("SHOW idle_in_transaction_session_timeout")
                return str(cursor.fetchone()[0])
        finally:
            other.close()

    let_go_when_stopped(QUEUE_IDLE)
    assert idle() == "15s"
    let_go_when_stopped()
    assert idle() == "1min"
