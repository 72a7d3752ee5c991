"""The operator decides claims and invites; a member invites a prospect's contact."""

from __future__ import annotations

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from overture.accounts.models import User
from overture.delivery.suppress import suppress
from overture.directory import sign_up
from overture.directory.models import PartnerClaim, PartnerInvitation, PartnerUser
from overture.directory.partner_users import take_in
from tests import factories
from tests.portal.people import link_in, person, run_letters
from tests.web.signed_in import client_of
from tests.world import World

CLAIMS = "/w/halden/directory/claims"


@pytest.fixture
def operator(world: World) -> Client:
    User.objects.filter(pk=world.nora.user_id).update(is_operator=True)
    return client_of(world.nora)


def _claim(email: str = "elise@veille.example") -> PartnerClaim:
    user = User.objects.create_user(email, name="Élise Vauquelin")
    return sign_up.begin(sign_up.sign_up(user, "La Longue Veille", "partner", "veille.example"))


def test_claims_show_both_sides_and_are_granted(operator: Client) -> None:
    known = factories.partner(name="La longue veille")
    factories.contact(known, "hello@veille.example")
    claim = _claim()
    page = operator.get(CLAIMS).content.decode()
    for told in ("elise@veille.example", "hello@veille.example", "Who is known: the same name"):
        assert told in page
    assert (
        '<a href="/w/halden/directory/claims">Claims <span>1</span></a>'
        in operator.get("/w/halden/directory").content.decode()
    )
    assert operator.post(f"{CLAIMS}/{claim.pk}/grant")["Location"] == CLAIMS
    assert PartnerUser.objects.values_list("partner", "user").get() == (known.pk, claim.user_id)
    assert "Nothing to do here" in operator.get(CLAIMS).content.decode()
    assert run_letters() == 1
    assert mail.outbox[0].subject == "La Longue Veille is yours on Overture"
    again = operator.post(f"{CLAIMS}/{claim.pk}/refuse", {"reason": "Late"}, follow=True)
    assert "This claim is decided already." in again.content.decode()
    assert PartnerUser.objects.count() == 1


def test_a_refused_claim_tells_its_person_why(operator: Client) -> None:
    factories.partner(name="La longue veille")
    claim = _claim()
    answer = operator.post(f"{CLAIMS}/{claim.pk}/refuse", {"reason": " "}, follow=True)
    assert "Say why, for whoever looks at it later." in answer.content.decode()
    operator.post(f"{CLAIMS}/{claim.pk}/refuse", {"reason": "Write from your company’s address."})
    run_letters()
    assert "Write from your company’s address." in str(mail.outbox[0].body)
    page = client_of(claim.user).get("/partner").content.decode()
    assert "La Longue Veille was not given to you." in page
    assert "Write from your company’s address." in page


def test_another_partner_comes_into_the_directory_beside_the_known_one(operator: Client) -> None:
    factories.partner(name="La longue veille")
    claim = _claim()
    answer = operator.post(f"{CLAIMS}/{claim.pk}/other")
    made = PartnerUser.objects.get().partner
    assert answer["Location"] == f"/w/halden/directory/{made.pk}"
    assert (made.name, made.standing) == ("La Longue Veille", "in_review")


def test_claims_ask_as_often_for_three_as_for_one(operator: Client) -> None:
    factories.partner(name="La longue veille")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            operator.get(CLAIMS)
        return len(captured)

    _claim("a@veille.example")
    queries()
    one = queries()
    for name in "bc":
        _claim(f"{name}@veille.example")
    assert queries() == one


def test_the_operator_invites_sees_people_and_removes_them(operator: Client) -> None:
    partner = factories.partner(name="Lin")
    path = f"/w/halden/directory/{partner.pk}"
    operator.post(f"{path}/invitations", {"address": "zoe@lin.example"})
    run_letters()
    [letter] = mail.outbox
    assert (letter.to, letter.subject) == (["zoe@lin.example"], "Is Lin yours? Claim it on Overture")
    page = operator.get(path).content.decode()
    assert link_in(str(letter.body)) in page
    answer = operator.post(f"{path}/invitations", {"address": "nonsense"}, follow=True)
    assert "Enter a full address, such as name@brand.example." in answer.content.decode()
    invitation = PartnerInvitation.objects.get()
    operator.post(f"{path}/invitations/{invitation.pk}/revoke")
    assert PartnerInvitation.objects.get().ended_at is not None
    mine = take_in(partner, User.objects.create_user("zoe@lin.example", name="Zoé"))
    assert "zoe@lin.example" in operator.get(path).content.decode()
    operator.post(f"{path}/people/{mine.pk}/remove")
    assert PartnerUser.objects.current().count() == 0


def test_a_listed_partner_of_people_tells_them(operator: Client) -> None:
    mine = person(factories.partner(name="Lin", standing="in_review"))
    operator.post(f"/w/halden/directory/{mine.partner_id}/list")
    run_letters()
    [letter] = mail.outbox
    assert (letter.to, letter.subject) == ([mine.user.email], "Brands find Lin now")


def test_a_member_invites_a_contact_and_takes_it_back(world: World) -> None:
    prospect = factories.prospect(world.camille, "Lin", "zoe@lin.example")
    client, path = client_of(world.camille), f"/w/halden/prospects/{prospect.pk}"
    assert f'href="{path}/invite"' in client.get(path).content.decode()
    contact = prospect.partner.contacts.get()
    assert client.post(f"{path}/invite", {"contact": contact.pk})["Location"] == f"{path}/invite"
    run_letters()
    page = client.get(f"{path}/invite").content.decode()
    assert link_in(str(mail.outbox[0].body)) in page
    invitation = PartnerInvitation.objects.get()
    assert (invitation.workspace, invitation.invited_by_member) == (world.brand, world.camille)
    again = client.post(f"{path}/invite", {"contact": contact.pk}, follow=True)
    assert "Wait five minutes to send it again." in again.content.decode()
    client.post(f"{path}/invite/{invitation.pk}/revoke")
    invitation.refresh_from_db()
    assert invitation.ended_at is not None
    assert client_of(world.victor).post(f"{path}/invite", {"contact": contact.pk}).status_code == 403
    assert client.post(f"{path}/invite", {"contact": "999999"}).status_code == 404
    assert PartnerInvitation.objects.count() == 1


def test_the_address_of_an_account_stays_hidden_and_its_link_with_it(world: World) -> None:
    partner = factories.partner(name="Lin")
    contact = factories.contact(partner, "zoe@lin.example")
    prospect = factories.prospect(world.nora, partner=partner)
    client, path = client_of(world.nora), f"/w/halden/prospects/{prospect.pk}/invite"
    client.post(path, {"contact": contact.pk})
    page = client.get(path).content.decode()
    assert ("zoe@" in page, "z•••@lin.example" in page, "/partner/invitations/" in page) == (
        False, True, False,
    )  # fmt: skip


def test_who_opted_out_is_not_invited(world: World) -> None:
    prospect = factories.prospect(world.nora, "Lin", "zoe@lin.example")
    suppress(world.nora, "zoe@lin.example", reason="opted_out")
    path = f"/w/halden/prospects/{prospect.pk}/invite"
    contact = prospect.partner.contacts.get()
    answer = client_of(world.nora).post(path, {"contact": contact.pk}, follow=True)
    assert "on the suppression list" in answer.content.decode()
    assert (run_letters(), PartnerInvitation.objects.count()) == (0, 0)


def test_where_somebody_signs_in_nobody_is_invited(world: World) -> None:
    prospect = factories.prospect(world.nora, "Lin", "zoe@lin.example")
    take_in(prospect.partner, User.objects.create_user("x@lin.example"))
    client, path = client_of(world.nora), f"/w/halden/prospects/{prospect.pk}"
    assert "/invite" not in client.get(path).content.decode()
    assert "Somebody signs in for this partner already" in client.get(f"{path}/invite").content.decode()


def test_partners_may_write_first_is_a_setting(world: World) -> None:
    client = client_of(world.nora)
    form = {"name": "Halden & Rowe", "contact_days": 7, "time_zone": "UTC", "postal_address": "x"}
    client.post("/w/halden/settings", form | {"is_open_to_partners": "on"})
    world.brand.refresh_from_db()
    assert world.brand.is_open_to_partners is True
    client.post("/w/halden/settings", form)
    world.brand.refresh_from_db()
    assert world.brand.is_open_to_partners is False


def test_a_member_chooses_email_notices(world: World) -> None:
    client = client_of(world.victor)
    assert client.post("/w/halden/notices/emails", {"notify": "weekly"}).status_code == 422
    assert client.post("/w/halden/notices/emails", {"notify": "none"}).status_code == 302
    world.victor.refresh_from_db()
    world.nora.refresh_from_db()
    assert (world.victor.notify, world.nora.notify) == ("none", "at_once")
