"""An index of the marketplaces for one test, made from what its transaction sees."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from overture.marketplace.build import rebuild


def make_index(settings: Any, folder: Path) -> None:
    """`settings` and `folder` are pytest's; called again it takes in what came since."""
    settings.OVERTURE_DATA = folder
    rebuild()
