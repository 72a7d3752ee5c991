"""Every test of the ledger ends with its invariant."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def _own_data(tmp_path: Path, settings: Any) -> None:
    """Journals and claims of other runs are not ours."""
    settings.OVERTURE_DATA = tmp_path / "data"


@pytest.fixture(autouse=True)
def _adds_up(request: pytest.FixtureRequest) -> Iterator[None]:
    """planned = sum of states, for every mailing there is when the test has passed."""
    asks = {"world", "live", "db", "transactional_db"} & set(request.fixturenames)
    for name in sorted(asks):  # set up before us, so that it is there when we look
        request.getfixturevalue(name)
    yield
    if asks:
        from overture.delivery.invariant import broken

        assert broken() == []
