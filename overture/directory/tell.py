"""Has letters sent when the transaction commits."""

from __future__ import annotations

from overture.directory.models import Partner, PartnerClaim, PartnerInvitation
from overture.jobs.task import enqueue


def tell_invited_later(invitation: PartnerInvitation) -> None:
    from overture.directory.jobs import send_invitation

    enqueue(send_invitation, number=invitation.pk)


def tell_decided_later(claim: PartnerClaim) -> None:
    from overture.directory.jobs import send_decision

    enqueue(send_decision, number=claim.pk)


def tell_listed_later(partner: Partner) -> None:
    from overture.directory.jobs import send_listed

    enqueue(send_listed, number=partner.pk)
