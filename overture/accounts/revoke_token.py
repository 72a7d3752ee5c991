"""Ends an API token at once."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone

from overture.accounts.models import ApiToken, Membership
from overture.accounts.roles import Permission


def tokens_of(member: Membership) -> QuerySet[ApiToken]:
    """The member's own tokens; administrators see and end those of the whole workspace."""
    tokens = ApiToken.objects.filter(member__workspace_id=member.workspace_id, revoked_at=None)
    return tokens if member.can(Permission.ADMINISTER) else tokens.filter(member=member)


def revoke_token(member: Membership, token: ApiToken) -> None:
    tokens_of(member).filter(pk=token.pk).update(revoked_at=timezone.now())
