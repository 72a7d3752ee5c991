"""What a check found out about a file, and why it turns one down."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


class TurnedDown(Exception):
    """The file cannot stand; codes are those of files/wording.py."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts


@dataclass(frozen=True, slots=True)
class Found:
    """Of a file that may be taken in. Pixels for pictures, pages for PDFs."""

    width: int | None = None
    height: int | None = None
    pages: int | None = None
    has_preview: bool = False

    def as_json(self) -> dict[str, Any]:
        return asdict(self)
