from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from django.db import connection

if TYPE_CHECKING:
    from tests.world import World


@pytest.fixture
def live(transactional_db: None) -> Iterator[World]:
    """The cast with real transactions, for what more than one connection sees."""
    from tests.world import make_world

    yield make_world()
    # Procrastinate's tables are unmanaged: the flush passes them over.
    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE procrastinate_jobs, procrastinate_workers, procrastinate_periodic_defers CASCADE"
        )
