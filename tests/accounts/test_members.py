"""Members come by invitation, change roles and leave; an administrator stays, always."""

from datetime import timedelta

import pytest
from django.http import Http404
from django.utils import timezone

from overture.accounts.access import make_token, member_of, member_with_token
from overture.accounts.change_role import LastAdministrator, change_role, remove_member
from overture.accounts.invite import InviteError, accept, invitation_with, invite, link_of, revoke
from overture.accounts.models import Invitation, User
from tests.world import World


def _token(invitation: Invitation) -> str:
    return link_of(invitation).rsplit("/", 1)[1]


def test_invited_address_joins_with_its_role(world: World) -> None:
    invitation = invite(world.nora, " Idris@Halden.example ", "viewer")
    assert link_of(invitation).startswith("https://overture.test/invitations/")
    assert invitation_with(_token(invitation)) == invitation
    idris = User.objects.create_user("idris@halden.example")
    member = accept(idris, invitation)
    assert (member.workspace, member.role) == (world.brand, "viewer")
    assert invitation_with(_token(invitation)) is None
    with pytest.raises(InviteError, match="ended"):
        accept(idris, invitation)


def test_invitation_is_for_its_address_only(world: World) -> None:
    invitation = invite(world.nora, "idris@halden.example", "manager")
    with pytest.raises(InviteError, match="other_address"):
        accept(world.stranger.user, invitation)
    assert invitation_with(_token(invitation)) == invitation


def test_invitation_ends_when_taken_back_replaced_or_old(world: World) -> None:
    first = invite(world.nora, "idris@halden.example", "manager")
    second = invite(world.nora, "idris@halden.example", "viewer")
    third = invite(world.nora, "ada@halden.example", "viewer")
    revoke(world.nora, third)
    assert [invitation_with(_token(one)) for one in (first, second, third)] == [None, second, None]
    Invitation.objects.filter(pk=second.pk).update(created_at=timezone.now() - timedelta(days=15))
    assert invitation_with(_token(second)) is None
    assert invitation_with("nonsense") is None


def test_member_is_not_invited_again(world: World) -> None:
    with pytest.raises(InviteError, match="already_member"):
        invite(world.nora, "Camille@halden.example", "viewer")


def test_last_administrator_stays(world: World) -> None:
    for attempt in (
        lambda: change_role(world.nora, world.nora, "viewer"),
        lambda: remove_member(world.nora, world.nora),
    ):
        with pytest.raises(LastAdministrator):
            attempt()
    change_role(world.nora, world.camille, "administrator")
    change_role(world.nora, world.nora, "viewer")
    world.nora.refresh_from_db()
    assert world.nora.role == "viewer"


def test_removed_member_is_a_stranger_until_invited_again(world: World) -> None:
    _, text = make_token(world.camille, "script")
    assert member_with_token(text) == world.camille
    remove_member(world.nora, world.camille)
    assert member_with_token(text) is None
    with pytest.raises(Http404):
        member_of(world.camille.user, "halden")
    accept(world.camille.user, invite(world.nora, world.camille.user.email, "viewer"))
    assert member_of(world.camille.user, "halden").role == "viewer"
    assert member_with_token(text) is None
