"""Makes an ad."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from overture.accounts.access import require
from overture.accounts.models import Membership, Program
from overture.accounts.roles import Permission
from overture.activity.record import record
from overture.ads.details import Details, check_details
from overture.ads.models import Ad


@transaction.atomic
def make(member: Membership, details: Details, program: Program | None = None) -> Ad:
    """In the workspace's first program unless another is given. Raises AdError."""
    require(member, Permission.MANAGE_ADS)
    begins = details.active_from or timezone.now()
    columns = check_details(details, begins)
    ad: Ad = Ad.objects.create(
        workspace_id=member.workspace_id,
        program=program or default_program(member),
        active_from=begins,
        **columns,
    )
    record("ad_made", member.workspace_id, member, ad=ad.pk, name=ad.name)
    return ad


def default_program(member: Membership) -> Program:
    """The oldest; every workspace is made with one."""
    program: Program = Program.objects.visible_to(member).earliest("id")
    return program
