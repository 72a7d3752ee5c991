"""Workers lose their locks when they were stopped within a transaction."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest
from django.db import InternalError, OperationalError, connection, connections, transaction

from overture.accounts.models import Workspace
from overture.jobs.stopped import let_go_when_stopped
from overture.management.commands.worker import connected
from tests.world import World


def test_worker_stopped_within_any_transaction_loses_its_locks(
    live: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = dict(connections.settings["default"]["OPTIONS"])
    monkeypatch.setitem(connections.settings["default"], "OPTIONS", options)
    let_go_when_stopped("500ms")
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


def test_queue_of_a_worker_lets_go_sooner_than_its_jobs(live: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", dict(connection.settings_dict["OPTIONS"]))
    monkeypatch.setitem(connections.settings["default"], "OPTIONS", connection.settings_dict["OPTIONS"])
    connector = connected()

    async def of_the_queue() -> str:
        await connector.open_async()
        try:
            return next(iter((await connector.execute_query_one_async(_SHOW)).values()))
        finally:
            await connector.close_async()

    assert asyncio.run(of_the_queue()) == "15s"
    of_a_job = connection.copy()
    with of_a_job.cursor() as cursor:
        cursor.execute(_SHOW)
        assert cursor.fetchone() == ("1min",)
    of_a_job.close()


_SHOW = "SHOW idle_in_transaction_session_timeout"
