"""How far mailboxes are read, as a member reads it: in their language and the mailbox's time zone."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from overture.inbound.coverage import coverage_of
from overture.inbound.wording import coverage_words
from overture.mailboxes.models import Mailbox
from overture.web.wording import when


def reading_of(mailboxes: Sequence[Mailbox]) -> dict[int, str]:
    """Of those that are read, by number."""
    found = coverage_of(mailboxes)
    zones = {each.pk: ZoneInfo(each.time_zone) for each in mailboxes}
    return {
        pk: coverage_words(each, lambda moment, zone=zones[pk]: when(moment.astimezone(zone)))  # type: ignore[misc]
        for pk, each in found.items()
    }
