"""Where a tracking link leads, and that somebody followed it."""

from __future__ import annotations

import re

from django.db.models import Exists, OuterRef, Q

from overture.ads.models import Ad, AdClick
from overture.directory.find import leads_to
from overture.directory.models import Partner

# What a bigint holds: no row has a larger number, and PostgreSQL would refuse to compare it.
_LARGEST = 2**63 - 1


def linked_ad(mpid: int, ad: int, program: str) -> Ad | None:
    """The ad of a link, ended ones as well; None where partner, ad and program do not belong together."""
    # One program, one spelling: `007` is no link of ours.
    if not re.fullmatch("[1-9][0-9]{0,18}", program) or max(mpid, ad, int(program)) > _LARGEST:
        return None
    known = Q(workspace=None) | Q(workspace=OuterRef("workspace"))
    partners = Partner.objects.filter(known, pk=mpid)
    found: Ad | None = Ad.objects.filter(Exists(partners), pk=ad, program_id=int(program)).first()
    return found


def click(ad: Ad, mpid: int) -> None:
    """Counts that somebody followed the link of partner `mpid`, or of what it was merged into."""
    AdClick.objects.create(ad=ad, partner_id=leads_to(mpid), program_id=ad.program_id)
