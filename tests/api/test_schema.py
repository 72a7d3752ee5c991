"""Every operation against its own schema, asked by hypothesis: no server error, no unnamed answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from overture.wsgi import application

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@pytest.fixture
def token(world: Any) -> str:
    from overture.accounts.access import make_token

    return make_token(world.nora, "schema")[1]


@pytest.fixture
def rows(world: Any, indexed: Any) -> dict[str, int]:
    from overture.runs.models import Run
    from tests.everything import rows_of

    made = rows_of(world.nora)
    indexed()
    # As a run that has ended: undo reads when it began.
    Run.objects.update(started_at=timezone.now())
    return made


@pytest.fixture(autouse=True)
def kept_connection(db: None) -> Iterator[None]:
    """The test holds the connection: the end of a request must not close it."""
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


# The operation left out connects to mail servers.
schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application).exclude(
    operation_id="check_mailbox"
)


@pytest.mark.slow
@schema.parametrize()
@settings(
    max_examples=5,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_every_operation_answers_as_its_schema_says(case: Any, token: str, rows: dict[str, int]) -> None:
    # Rows that are there: a 404 would tell little.
    case.path_parameters = {name: rows.get(name, 1) for name in case.path_parameters or {}}
    # This client does not unpack what it asks for.
    headers = {"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"}
    case.call_and_validate(headers=headers, checks=CHECKS)
