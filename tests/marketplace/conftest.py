"""What tests of the marketplace share."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection


@pytest.fixture
def other() -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """A connection of somebody else."""
    values = connection.get_connection_params()
    values = {
        name: values[name] for name in ("dbname", "user", "host", "password", "port") if values.get(name)
    }
    with psycopg.connect(**values) as opened:
        yield opened
