"""Finds a partner by its account number, old numbers of merged ones included."""

from __future__ import annotations

from overture.accounts.models import Membership
from overture.directory.models import Partner, Standing


def find_partner(member: Membership, mpid: int) -> Partner | None:
    """The partner with this number as the member may see it: listed, or private to the workspace.

    The number of a merged partner leads to the one it was merged into, so the answer's own `mpid` may
    differ; a page redirects then. None for one that does not exist, is suspended, in review, or another's.
    """
    found: Partner | None = Partner.objects.visible_to(member).filter(pk=leads_to(mpid)).first()
    return found


def find_listed(mpid: int) -> Partner | None:
    """The same for somebody who is not signed in: listed ones only."""
    found: Partner | None = Partner.objects.listed().filter(pk=leads_to(mpid)).first()
    return found


def leads_to(mpid: int) -> int:
    """The number to go on with: that of the partner into which `mpid` was merged, else `mpid`."""
    target: int | None = (
        Partner.objects.filter(pk=mpid, standing=Standing.MERGED)
        .values_list("merged_into_id", flat=True)
        .first()
    )
    return mpid if target is None else target
