"""Puts a new text into a file in one step: whoever reads sees the old text or the new one."""

from __future__ import annotations

import os
from pathlib import Path


def replace_text(path: Path, text: str, is_lasting: bool = True) -> None:
    """`is_lasting`: also after a power cut."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    with fresh.open("w") as file:
        file.write(text)
        if is_lasting:
            file.flush()
            os.fsync(file.fileno())
    fresh.replace(path)
