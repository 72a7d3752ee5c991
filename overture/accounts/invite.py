"""Invites people into a workspace by address; a signed link carries the invitation's number."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone

from overture.accounts.access import require
from overture.accounts.models import Invitation, Membership, User
from overture.accounts.roles import ROLES, Permission
from overture.lib import signing

DAYS = 14
_PURPOSE = "invitation"


class InviteError(ValueError):
    """`code` is already_member, ended (used, taken back or too old) or other_address."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def invite(member: Membership, email: str, role: str) -> Invitation:
    """Raises InviteError. A second invitation of an address takes the place of the first."""
    require(member, Permission.ADMINISTER)
    if role not in ROLES:
        raise ValueError(role)
    email = email.strip().lower()
    if Membership.objects.visible_to(member).filter(user__email__iexact=email).exists():
        raise InviteError("already_member")
    open_ones = Invitation.objects.visible_to(member).filter(ended_at=None)
    open_ones.filter(email=email).update(ended_at=timezone.now())
    return Invitation.objects.create(
        workspace_id=member.workspace_id, email=email, role=role, invited_by=member
    )


def link_of(invitation: Invitation) -> str:
    token = signing.sign(invitation.pk, _PURPOSE, settings.SIGNING_KEY)
    return settings.OVERTURE_BASE_URL + reverse("web:invitation", kwargs={"invitation": token})


def invitation_with(token: str) -> Invitation | None:
    """The invitation of a link, while it may still be accepted."""
    number = signing.unsign(token, _PURPOSE, settings.SIGNING_KEY)
    if number is None:
        return None
    return _open().select_related("workspace", "invited_by__user").filter(pk=number).first()


def invitations_for(user: User) -> list[Invitation]:
    return list(_open().filter(email__iexact=user.email).select_related("workspace").order_by("-id"))


@transaction.atomic
def accept(user: User, invitation: Invitation) -> Membership:
    """Raises InviteError. The address a user signs in with is a confirmed one."""
    if user.email.lower() != invitation.email:
        raise InviteError("other_address")
    if not _open().filter(pk=invitation.pk).update(ended_at=timezone.now()):
        raise InviteError("ended")
    member, _ = Membership.objects.update_or_create(
        workspace_id=invitation.workspace_id,
        user=user,
        defaults={"role": invitation.role, "removed_at": None},
    )
    return member


def revoke(member: Membership, invitation: Invitation) -> None:
    require(member, Permission.ADMINISTER)
    mine = Invitation.objects.visible_to(member).filter(pk=invitation.pk, ended_at=None)
    mine.update(ended_at=timezone.now())


def _open() -> models.QuerySet[Invitation]:
    return Invitation.objects.filter(ended_at=None, created_at__gt=timezone.now() - timedelta(days=DAYS))
