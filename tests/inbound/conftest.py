"""Real mail servers, and a watch that reads while a test goes on."""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.db import connection

from tests.servers.dovecot import Dovecot

# This file is read before Django's apps are loaded.
if TYPE_CHECKING:
    from overture.inbound.watch import Watch

Watching = Callable[..., "AbstractContextManager[Watch]"]


@pytest.fixture
def dovecot() -> Iterator[Dovecot]:
    folder = Path(tempfile.mkdtemp(prefix="dovecot-"))
    server = Dovecot(folder)
    server.start()
    yield server
    server.kill()
    shutil.rmtree(folder)


@pytest.fixture
def watching() -> Watching:
    from overture.inbound.watch import Watch

    @contextmanager
    def watching(poll: float = 0.5) -> Iterator[Watch]:
        ended = threading.Event()
        watch = Watch(ended.is_set, poll=timedelta(seconds=poll))

        def run() -> None:
            try:
                watch.run()
            finally:
                connection.close()

        thread = threading.Thread(target=run)
        thread.start()
        try:
            yield watch
        finally:
            ended.set()
            thread.join(30)
            assert not thread.is_alive()

    return watching
