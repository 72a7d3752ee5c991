"""What files refuse, each with a code that wording.py words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Refused(ValueError):
    """A file that is not taken in. Codes and their facts are those of wording.py."""

    def __init__(self, code: str, facts: Mapping[str, Any] | None = None) -> None:
        super().__init__(code)
        self.code, self.facts = code, dict(facts or {})


class NotClean(Exception):
    """Nobody opens it: it is pending, infected or unscannable; `state` says which."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state
