"""Invitations to claim a partner: whose word is proof, once, and not for ever."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone

from overture.accounts.models import User
from overture.directory import claim as claims
from overture.directory import partner_users
from overture.directory.claim import ClaimInvitationError
from overture.directory.models import (
    Contact,
    DirectoryEvent,
    Partner,
    PartnerClaim,
    PartnerInvitation,
    PartnerUser,
    Standing,
)
from tests import factories
from tests.world import World

ADDRESS = "elise@veille.example"


@pytest.fixture
def elise(db: None) -> User:
    return User.objects.create_user(ADDRESS, "correct horse battery", name="Élise Vauquelin")


@pytest.fixture
def operator(world: World) -> User:
    world.nora.user.is_operator = True
    world.nora.user.save(update_fields=["is_operator"])
    return world.nora.user


def _age(days: int = 1) -> None:
    then = timezone.now() - timedelta(days=days)
    PartnerInvitation.objects.update(created_at=then)


def test_link_leads_to_the_invitation_until_it_is_over(operator: User) -> None:
    invitation = claims.invite_as_operator(operator, factories.partner(name="Lin"), "Elise@Veille.example")
    token = claims.token_of(invitation)
    assert claims.link_of(invitation) == f"https://overture.test/partner/invitations/{token}"
    assert (invitation.address, claims.invitation_with(token)) == (ADDRESS, invitation)
    assert [claims.invitation_with(each) for each in ("", "nonsense", token[:-1], f"{token}A")] == [None] * 4
    _age(claims.DAYS)
    assert claims.invitation_with(token) is None
    _age(0)
    assert claims.end(invitation)
    assert not claims.end(invitation)
    assert claims.invitation_with(token) is None


def test_a_second_invitation_takes_the_place_of_the_first_after_a_while(operator: User) -> None:
    partner = factories.partner(name="Lin")
    first = claims.invite_as_operator(operator, partner, ADDRESS)
    with pytest.raises(ClaimInvitationError, match="too_soon"):
        claims.invite_as_operator(operator, partner, ADDRESS.upper())
    _age()
    second = claims.invite_as_operator(operator, partner, ADDRESS)
    assert claims.invitation_with(claims.token_of(first)) is None
    assert claims.invitation_with(claims.token_of(second)) == second


def test_the_operators_invitation_is_accepted_once_by_its_address(operator: User, elise: User) -> None:
    partner = factories.partner(name="Lin", about="Stays", has_messaging=False)
    invitation = claims.invite_as_operator(operator, partner, ADDRESS)
    with pytest.raises(ClaimInvitationError, match="other_address"):
        claims.accept(operator, invitation)
    accepted = claims.accept(elise, invitation, has_messaging=True)
    assert (accepted.partner, accepted.claim, accepted.was_private) == (partner, None, False)
    partner.refresh_from_db()
    assert (partner.standing, partner.about, partner.has_messaging) == ("listed", "Stays", True)
    assert partner_users.partner_user_of(elise, partner.pk).partner == partner
    with pytest.raises(ClaimInvitationError, match="ended"):
        claims.accept(elise, invitation)
    with pytest.raises(ClaimInvitationError, match="already_user"):
        claims.invite_as_operator(operator, partner, ADDRESS)


def test_a_private_partner_becomes_its_own_with_nothing_the_workspace_wrote(
    world: World, elise: User
) -> None:
    partner = factories.partner(
        world.nora, "Lin", website="https://lin.example", website_key="lin.example", country="FR",
        category="Fashion", language="fr", audience=12_000, topics=["cheap"], about="Difficult people",
    )  # fmt: skip
    custom = factories.contact(partner, ADDRESS, world.nora, first_name="Élise", title="Secretly the boss")
    accepted = claims.accept(elise, claims.invite_for_workspace(world.nora, partner, ADDRESS))
    assert (accepted.was_private, accepted.claim) == (True, None)
    partner.refresh_from_db()
    told = ("workspace_id", "standing", "name", "website_key", "country", "category", "language", "audience",
            "about", "topics", "has_messaging")  # fmt: skip
    assert [getattr(partner, name) for name in told] == [
        None, "in_review", "Lin", "lin.example", "", "", "", None, "", [], True,
    ]  # fmt: skip
    custom.refresh_from_db()
    assert (custom.workspace, custom.title) == (world.brand, "Secretly the boss")
    assert Contact.objects.filter(workspace=None).values_list("first_name", "address", "title").get() == (
        "Élise",
        ADDRESS,
        "",
    )


def test_a_private_partner_with_a_twin_is_left_to_the_operator_to_merge(world: World, elise: User) -> None:
    twin = factories.partner(name="Lin et fils", website_key="lin.example")
    partner = factories.partner(world.nora, "Lin", website="https://lin.example", website_key="lin.example")
    claims.accept(elise, claims.invite_for_workspace(world.nora, partner, ADDRESS))
    partner.refresh_from_db()
    assert (partner.standing, partner.website_key) == (Standing.IN_REVIEW, "")
    facts = DirectoryEvent.objects.get(partner=partner).facts
    assert facts == {"name": "Élise Vauquelin", "alike": [twin.pk]}
    assert not partner_users.users_of(twin).exists()


def test_of_a_listed_partner_only_the_address_of_its_account_is_proof(world: World, elise: User) -> None:
    partner = factories.partner(name="Lin")
    factories.contact(partner, ADDRESS)
    accepted = claims.accept(elise, claims.invite_for_workspace(world.nora, partner, ADDRESS))
    assert (accepted.claim, partner_users.users_of(partner).get().user) == (None, elise)


def test_a_brand_cannot_hand_a_listed_partner_to_anybody(world: World, elise: User) -> None:
    partner = factories.partner(name="Lin", has_messaging=False)
    factories.contact(partner, ADDRESS, world.nora)
    before = Partner.objects.values().get()
    accepted = claims.accept(elise, claims.invite_for_workspace(world.nora, partner, ADDRESS))
    claim = PartnerClaim.objects.get()
    told = (accepted.claim, claim.partner, claim.found_by, claim.outcome)
    assert told == (claim, partner, "invitation", "")
    assert (PartnerUser.objects.count(), Partner.objects.values().get()) == (0, before)


def test_a_private_partner_of_another_workspace_is_no_ones_to_give(world: World, elise: User) -> None:
    """The invitation stood while the partner was merged elsewhere; nothing is given away by it."""
    partner = factories.partner(world.stranger, "Lin")
    invitation = PartnerInvitation.objects.create(partner=partner, address=ADDRESS, workspace=world.brand)
    assert claims.accept(elise, invitation).claim is not None
    partner.refresh_from_db()
    assert (partner.workspace, PartnerUser.objects.count()) == (world.other_brand, 0)


def test_where_somebody_signs_in_a_brand_invites_nobody(world: World, elise: User) -> None:
    partner = factories.partner(name="Lin")
    earlier = PartnerInvitation.objects.create(partner=partner, address=ADDRESS, workspace=world.brand)
    factories.contact(partner, ADDRESS)
    partner_users.take_in(partner, world.camille.user)
    with pytest.raises(ClaimInvitationError, match="has_users"):
        claims.invite_for_workspace(world.nora, partner, "zoe@lin.example")
    assert claims.accept(elise, earlier).claim is not None


def test_colleagues_join_and_leave_but_one_stays(world: World, elise: User) -> None:
    partner = factories.partner(name="Lin")
    mine = partner_users.take_in(partner, elise)
    zoe = User.objects.create_user("zoe@lin.example", name="Zoé")
    claims.accept(zoe, claims.invite_colleague(mine, "zoe@lin.example"))
    theirs = partner_users.partner_user_of(zoe, partner.pk)
    assert [str(row) for row in partner_users.users_of(partner)] == ["Élise Vauquelin", "Zoé"]
    elsewhere = partner_users.take_in(factories.partner(name="Fil"), world.camille.user)
    with pytest.raises(Http404):
        partner_users.remove(mine, elsewhere)
    partner_users.remove(mine, theirs)
    with pytest.raises(Http404):
        partner_users.partner_user_of(zoe, partner.pk)
    with pytest.raises(partner_users.LastUser):
        partner_users.remove(mine, mine)
    assert partner_users.partner_user_of(elise, partner.pk) == mine
    # Invited again, she is back.
    PartnerInvitation.objects.all().delete()
    claims.accept(zoe, claims.invite_colleague(mine, "zoe@lin.example"))
    assert partner_users.users_of(partner).count() == 2


def test_only_an_operator_invites_for_the_directory(world: World) -> None:
    with pytest.raises(PermissionDenied):
        claims.invite_as_operator(world.nora.user, factories.partner(), ADDRESS)


@pytest.mark.parametrize("address", ["", "no address", "a@b@c.example"])
def test_what_is_no_address_is_not_invited(operator: User, address: str) -> None:
    with pytest.raises(ClaimInvitationError, match="invalid_address"):
        claims.invite_as_operator(operator, factories.partner(), address)
    assert PartnerInvitation.objects.count() == 0
