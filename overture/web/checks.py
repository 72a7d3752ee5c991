"""One line of what is checked before an e-mail leaves."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Check:
    """`look` is ok, note or stop; `meter` is (limit, used, adding)."""

    look: str
    text: str
    detail: str = ""
    href: str = ""
    action: str = ""
    meter: tuple[int, int, int] | None = None
