"""A partner signs up: new ones in review, known ones never handed over by themselves."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from overture.accounts.models import User
from overture.directory import partner_users, sign_up
from overture.directory.models import Contact, DirectoryEvent, Partner, PartnerClaim, PartnerUser, Standing
from overture.directory.sign_up import ClaimError, SignUpError
from tests import factories
from tests.world import World


@pytest.fixture
def elise(db: None) -> User:
    return User.objects.create_user("elise@veille.example", "correct horse battery", name="Élise Vauquelin")


@pytest.fixture
def operator(world: World) -> User:
    world.nora.user.is_operator = True
    world.nora.user.save(update_fields=["is_operator"])
    return world.nora.user


def _begun(user: User, name: str = "La Longue Veille", website: str = "veille.example") -> PartnerClaim:
    return sign_up.begin(sign_up.sign_up(user, name, "creator", website))


def test_nothing_is_made_before_the_address_is_confirmed(elise: User) -> None:
    claim = sign_up.sign_up(elise, " La  Longue Veille ", "creator", "www.veille.example/fr")
    assert (claim.name, claim.website, claim.begun_at) == (
        "La Longue Veille",
        "https://www.veille.example/fr",
        None,
    )
    assert (Partner.objects.count(), sign_up.waiting_of(elise)) == (0, [claim])


def test_who_is_new_comes_into_the_directory_in_review(elise: User) -> None:
    claim = _begun(elise)
    partner = Partner.objects.get()
    assert (claim.partner, claim.outcome) == (partner, "made")
    assert (partner.standing, partner.kind, partner.website_key, partner.has_messaging) == (
        Standing.IN_REVIEW,
        "creator",
        "veille.example",
        True,
    )
    assert Contact.objects.values_list("first_name", "last_name", "address", "workspace").get() == (
        "Élise",
        "Vauquelin",
        "elise@veille.example",
        None,
    )
    assert [row.partner for row in partner_users.partners_of(elise)] == [partner]
    assert DirectoryEvent.objects.values_list("verb", "user").get() == ("signed_up", elise.pk)
    # Once is enough.
    assert sign_up.begin(claim).partner == partner
    assert Partner.objects.count() == 1


@pytest.mark.parametrize(
    ("known", "sign"),
    [
        ({"name": "Other name", "website_key": "veille.example"}, "website"),
        ({"name": "LA LONGUE veille", "website": "https://other.example"}, "name"),
        ({"name": "Suspended", "website_key": "veille.example", "standing": "suspended"}, "website"),
        ({"name": "La longue veille", "standing": "in_review"}, "name"),
    ],
)
def test_who_is_known_is_claimed_and_stays_as_it_is(elise: User, known: dict[str, str], sign: str) -> None:
    partner = factories.partner(**known)
    before = Partner.objects.values().get()
    claim = _begun(elise)
    assert (claim.partner, claim.found_by, claim.outcome) == (partner, sign, "")
    assert Partner.objects.values().get() == before
    assert (PartnerUser.objects.count(), Contact.objects.count()) == (0, 0)


def test_the_address_of_an_account_makes_a_claim_too(elise: User) -> None:
    partner = factories.partner(name="Quite another")
    factories.contact(partner, "Elise@veille.example")
    claim = _begun(elise)
    assert (claim.partner, claim.found_by, claim.outcome) == (partner, "address", "")


def test_a_merged_partner_leads_to_what_it_became(elise: User) -> None:
    kept = factories.partner(name="Kept")
    factories.partner(name="Old", website_key="veille.example", standing=Standing.MERGED, merged_into=kept)
    assert _begun(elise).partner == kept


def test_private_partners_are_not_seen(elise: User, world: World) -> None:
    factories.partner(world.nora, "La Longue Veille", website_key="veille.example")
    assert _begun(elise).outcome == "made"


def test_a_granted_claim_signs_in_and_is_decided_once(elise: User, operator: User) -> None:
    partner = factories.partner(name="La Longue Veille", about="Kept", has_messaging=False)
    claim = _begun(elise)
    assert sign_up.grant(operator, claim) == partner
    partner.refresh_from_db()
    assert (partner.about, partner.has_messaging, partner.standing) == ("Kept", False, "listed")
    assert [row.partner for row in partner_users.partners_of(elise)] == [partner]
    claim.refresh_from_db()
    assert (claim.outcome, claim.decided_by) == ("granted", operator)
    for decide in (sign_up.grant, sign_up.make_other):
        with pytest.raises(ClaimError, match="decided"):
            decide(operator, claim)


def test_another_one_is_made_beside_the_known_one(elise: User, operator: User) -> None:
    known = factories.partner(name="Known", website_key="veille.example")
    claim = _begun(elise)
    made = sign_up.make_other(operator, claim)
    # The website tells the known one: a second one with it would make rows of an import ambiguous.
    assert (made.name, made.standing, made.website_key) == ("La Longue Veille", "in_review", "")
    assert partner_users.partners_of(elise).get().partner == made
    assert not partner_users.users_of(known).exists()


def test_a_refused_claim_says_why(elise: User, operator: User) -> None:
    factories.partner(name="La Longue Veille")
    claim = _begun(elise)
    for reason, code in (("", "no_reason"), ("x" * 501, "long_reason")):
        with pytest.raises(ClaimError, match=code):
            sign_up.refuse(operator, claim, reason)
    sign_up.refuse(operator, claim, "Write from an  address of the company.")
    assert [each.reason for each in sign_up.refused_of(elise)] == ["Write from an address of the company."]
    assert (sign_up.waiting_of(elise), partner_users.partners_of(elise).count()) == ([], 0)


def test_only_an_operator_decides(elise: User, world: World) -> None:
    factories.partner(name="La Longue Veille")
    claim = _begun(elise)
    for user in (elise, world.nora.user):
        with pytest.raises(PermissionDenied):
            sign_up.grant(user, claim)
        with pytest.raises(PermissionDenied):
            sign_up.refuse(user, claim, "No")
        with pytest.raises(PermissionDenied):
            sign_up.make_other(user, claim)
    assert PartnerUser.objects.count() == 0


@pytest.mark.parametrize(
    ("said", "field", "code"),
    [
        (("", "partner", ""), "name", "required"),
        (("x" * 201, "partner", ""), "name", "too_long"),
        (("Lin", "shop", ""), "kind", "unknown_kind"),
        (("Lin", "partner", "not a site"), "website", "invalid_website"),
    ],
)
def test_what_cannot_stand_is_named(elise: User, said: tuple[str, str, str], field: str, code: str) -> None:
    with pytest.raises(SignUpError) as refused:
        sign_up.sign_up(elise, *said)
    assert (refused.value.field, refused.value.code) == (field, code)
    assert PartnerClaim.objects.count() == 0


def test_one_person_has_a_few_open_claims_at_most(elise: User) -> None:
    for number in range(sign_up.MOST):
        sign_up.sign_up(elise, f"Lin {number}", "partner", "")
    with pytest.raises(SignUpError, match="too_many_claims"):
        sign_up.sign_up(elise, "Lin", "partner", "")
