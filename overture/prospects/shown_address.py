"""The one place that decides what a member may see of an address."""

from __future__ import annotations

from datetime import datetime

from overture.accounts.models import Membership
from overture.lib.addresses import obfuscate


def shown_address(
    member: Membership, address: str, *, is_custom: bool, has_joined: bool, wrote_at: datetime | None
) -> str:
    """In full what the workspace brought itself, who joined and who wrote to it; else `m•••@example.com`.

    `member` is of the workspace whose row it is: a custom contact of another workspace is never passed here.
    """
    if not address or is_custom or has_joined or wrote_at is not None:
        return address
    return obfuscate(address)
