"""How a member is told by e-mail of messages to the workspace: their own affair, whatever their role."""

from __future__ import annotations

from django.utils import timezone

from overture.accounts.models import Membership, Notify


def choose_notices(member: Membership, notify: str) -> None:
    """Raises ValueError for another word than those of Notify."""
    Membership.objects.filter(pk=member.pk).update(notify=Notify(notify), told_at=timezone.now())
