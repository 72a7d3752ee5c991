"""Callers of the API: members of the cast with a token each."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def nora(world: Any) -> Any:
    return _caller(world.nora)


@pytest.fixture
def victor(world: Any) -> Any:
    return _caller(world.victor)


@pytest.fixture
def stranger(world: Any) -> Any:
    return _caller(world.stranger)


def _caller(member: Any) -> Any:
    # Models cannot be imported before Django is set up, and this file is read before.
    from tests.api.caller import caller

    return caller(member)
