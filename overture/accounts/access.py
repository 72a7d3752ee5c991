"""The only door to rows: who is asking, in which workspace, and what that member may do."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404
from django.utils import timezone

from overture.accounts.models import ApiToken, Membership, User
from overture.accounts.roles import Permission

# What PermissionDenied says where no permission of a role is meant.
OPERATOR = "operator"
_TOKEN_PREFIX = "ovt_"  # noqa: S105  # says whose token it is, no secret


def member_of(user: User, slug: str) -> Membership:
    """The membership of `user` in the workspace named `slug`; Http404 for a stranger, who learns nothing."""
    mine = Membership.objects.current().select_related("workspace", "user")
    found: Membership | None = mine.filter(user_id=user.pk, workspace__slug=slug).first()
    if found is None:
        raise Http404
    return found


def require(member: Membership, permission: Permission) -> None:
    if not member.can(permission):
        raise PermissionDenied(permission.value)


def require_operator(user: User | None) -> None:
    """Who runs the instance keeps the directory, whatever their role in a workspace."""
    if user is None or not (user.is_operator and user.is_active):
        raise PermissionDenied(OPERATOR)


def make_token(member: Membership, name: str) -> tuple[ApiToken, str]:
    """A new API token and its text, which is shown once and never kept."""
    text = _TOKEN_PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(member=member, name=name, start=text[:10], digest=_digest(text))
    return token, text


def member_with_token(text: str) -> Membership | None:
    """The member to whom a bearer token belongs, or None when it is unknown or revoked."""
    token = (
        ApiToken.objects.select_related("member__workspace", "member__user")
        .filter(digest=_digest(text), revoked_at=None, member__removed_at=None, member__user__is_active=True)
        .first()
    )
    if token is None:
        return None
    now = timezone.now()
    # Once a minute is enough to tell which tokens are in use, and spares a write for each request.
    unused = Q(used_at=None) | Q(used_at__lt=now - timedelta(minutes=1))
    ApiToken.objects.filter(unused, pk=token.pk).update(used_at=now)
    return token.member


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
