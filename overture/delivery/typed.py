"""When a draft was typed in which browser tab: what arrives late never overwrites what was typed later."""

from __future__ import annotations

from dataclasses import dataclass

from overture.delivery.models import Mailing


@dataclass(frozen=True, slots=True)
class Typed:
    """`at`: milliseconds by the browser's own clock, compared with those of the same tab alone."""

    tab: int
    at: int

    def is_late(self, mailing: Mailing) -> bool:
        """Requests of one tab may arrive, or be answered, in another order than it sent them."""
        return bool(mailing.typed.get("tab") == self.tab and self.at < mailing.typed["at"])

    def mark(self, mailing: Mailing) -> None:
        mailing.typed = {"tab": self.tab, "at": self.at, "version": mailing.draft_version}


def last_tab(mailing: Mailing) -> int | None:
    """The tab whose typing the draft is as it stands; None once anything else has changed it."""
    is_last = mailing.typed.get("version") == mailing.draft_version
    return mailing.typed["tab"] if is_last else None
