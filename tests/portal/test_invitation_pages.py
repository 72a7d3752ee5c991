"""Invitations as people meet them: the letter, its link, the page behind it, colleagues."""

from __future__ import annotations

import pytest
from django.core import mail
from django.test import Client

from overture.accounts.models import User
from overture.directory import claim as claims
from overture.directory.models import PartnerInvitation, PartnerUser
from overture.marketplace.invite_partner import invite_partner
from overture.notices.models import Notice
from tests import factories
from tests.portal.people import link_in, person, portal_of, run_letters
from tests.web.signed_in import client_of
from tests.world import World

ADDRESS = "zoe@lin.example"


@pytest.fixture
def zoe(db: None) -> User:
    return User.objects.create_user(ADDRESS, "correct horse battery", name="Zoé Lin")


def _invited(world: World) -> str:
    """The path of the link in the letter of a brand to its private partner's contact."""
    prospect = factories.prospect(world.camille, "Lin", ADDRESS)
    invite_partner(world.camille, prospect, prospect.partner.contacts.get())
    assert run_letters() == 1
    return link_in(str(mail.outbox[-1].body))


def test_the_letter_is_marked_as_automatic_and_tells_who_invites(world: World) -> None:
    _invited(world)
    [letter] = mail.outbox
    assert (letter.to, letter.subject) == ([ADDRESS], "Halden & Rowe invites Lin to Overture")
    assert letter.extra_headers["Auto-Submitted"] == "auto-generated"
    html, kind = letter.alternatives[0]  # type: ignore[attr-defined]
    assert (kind, "Halden &amp; Rowe would like to work with Lin." in html) == ("text/html", True)


def test_the_letter_speaks_the_language_of_its_reader(world: World) -> None:
    User.objects.create_user(ADDRESS, language="fr")
    _invited(world)
    assert mail.outbox[0].subject == "Halden & Rowe invite Lin sur Overture"


def test_a_letter_of_an_invitation_that_is_over_is_not_sent(world: World) -> None:
    claims.end(claims.invite_colleague(person(), ADDRESS))
    assert (run_letters(), len(mail.outbox)) == (1, 0)


def test_a_stranger_with_the_link_learns_no_address(world: World) -> None:
    path, client = _invited(world), Client()
    page = client.get(path)
    assert page.status_code == 200
    assert (ADDRESS in page.content.decode(), "z•••@lin.example" in page.content.decode()) == (False, True)
    assert (page["Referrer-Policy"], page["Cache-Control"]) == ("no-referrer", "no-store")
    assert client.post(path).status_code == 200
    other = client_of(world.nora).post(path)
    assert (other.status_code, ADDRESS in other.content.decode()) == (403, False)
    assert PartnerUser.objects.count() == 0


def test_the_link_opens_sign_up_where_it_is_closed(world: World, settings: object) -> None:
    settings.OVERTURE_OPEN_SIGNUP = False  # type: ignore[attr-defined]
    path, client = _invited(world), Client()
    assert "closed" in Client().get("/accounts/signup/").content.decode()
    client.get(path)
    form = {"name": "Zoé", "email": ADDRESS, "password1": "correct horse battery"}
    assert client.post("/accounts/signup/", form)["Location"] == "/accounts/confirm-email/"
    client.force_login(User.objects.get(email=ADDRESS), "allauth.account.auth_backends.AuthenticationBackend")
    # Whatever page allauth chose, the front door leads back to the invitation.
    assert client.get("/partner")["Location"] == path
    # In another browser, after the confirmation there, it stands on the way in.
    other = client_of(User.objects.get(email=ADDRESS))
    assert path in other.get("/partner").content.decode()


def test_the_front_door_leads_to_the_invitation_once(world: World, zoe: User) -> None:
    path, client = _invited(world), Client()
    client.get(path)
    client.force_login(zoe, "allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/")["Location"] == "/partner"
    assert client.get("/partner")["Location"] == path
    client.get(path)
    client.post(path)
    mine = PartnerUser.objects.get()
    assert client.get("/partner")["Location"] == f"/partner/{mine.partner_id}/inbox"


def test_claiming_leads_to_the_profile_and_tells_who_invited(world: World, zoe: User) -> None:
    path, client = _invited(world), client_of(zoe)
    assert client.get(path).status_code == 200
    answer = client.post(path, {"has_messaging": "1"})
    mine = PartnerUser.objects.select_related("partner").get()
    assert answer["Location"] == f"/partner/{mine.partner_id}/profile"
    assert (mine.user, mine.partner.has_messaging, mine.partner.standing) == (zoe, True, "in_review")
    assert Notice.objects.values_list("member", "kind").get() == (world.camille.pk, "partner_claimed")
    notices = client_of(world.camille).get("/w/halden/notices").content.decode()
    assert "Lin was claimed: its own people sign in now" in notices
    assert client.get(path).status_code == 404


def test_messaging_may_be_left_off(world: World, zoe: User) -> None:
    client_of(zoe).post(_invited(world))
    assert PartnerUser.objects.get().partner.has_messaging is False


def test_a_doubtful_claim_waits(world: World, zoe: User) -> None:
    partner = factories.partner(name="Lin")
    contact = factories.contact(partner, ADDRESS, world.nora)
    invitation = invite_partner(world.nora, factories.prospect(world.nora, partner=partner), contact)
    client = client_of(zoe)
    page = client.post(f"/partner/invitations/{claims.token_of(invitation)}", follow=True)
    assert "The invitation went to an address that we do not know as yours." in page.content.decode()
    assert PartnerUser.objects.count() == 0


def test_colleagues_are_invited_listed_and_removed(world: World, zoe: User) -> None:
    mine = person()
    client, path = portal_of(mine), f"/partner/{mine.partner_id}/people"
    assert client.post(path, {"email": "nonsense"}).status_code == 422
    assert client.post(path, {"email": ADDRESS})["Location"] == path
    assert run_letters() == 1
    link = link_in(str(mail.outbox[0].body))
    page = client.get(path).content.decode()
    assert (ADDRESS in page, link in page) == (True, True)
    assert client_of(zoe).post(link)["Location"] == f"/partner/{mine.partner_id}/inbox"
    theirs = PartnerUser.objects.get(user=zoe)
    assert client_of(zoe).get(path).status_code == 200
    assert client.post(f"{path}/{theirs.pk}/remove")["Location"] == path
    assert client_of(zoe).get(path).status_code == 404
    client.post(f"{path}/{mine.pk}/remove")
    assert client.get(path).status_code == 200


def test_an_invitation_is_taken_back(world: World) -> None:
    mine = person()
    invitation = claims.invite_colleague(mine, ADDRESS)
    path = f"/partner/{mine.partner_id}/invitations/{invitation.pk}/revoke"
    other = portal_of(person(factories.partner(name="Other"), "x@other.example"))
    assert other.post(path).status_code == 404
    theirs = PartnerUser.objects.exclude(pk=mine.pk).get().partner_id
    assert other.post(f"/partner/{theirs}/invitations/{invitation.pk}/revoke").status_code == 404
    assert portal_of(mine).post(path).status_code == 302
    assert PartnerInvitation.objects.get().ended_at is not None
    assert Client().get(f"/partner/invitations/{claims.token_of(invitation)}").status_code == 404


def test_brands_invitations_are_not_shown_to_the_partner(world: World) -> None:
    mine = person()
    PartnerInvitation.objects.create(
        partner=mine.partner, address="secret@x.example", workspace=world.brand, invited_by_member=world.nora
    )
    page = portal_of(mine).get(f"/partner/{mine.partner_id}/people").content.decode()
    assert "secret@x.example" not in page


def test_notices_are_chosen_apart_from_name_and_language(world: World) -> None:
    mine = person()
    client, path = portal_of(mine), f"/partner/{mine.partner_id}/settings"
    client.post(path, {"name": "É. V.", "language": "fr"})
    mine.refresh_from_db()
    assert (mine.user.name, mine.user.language, mine.chose_at) == ("É. V.", "fr", None)
    assert client.post(f"{path}/notices", {"notify": "weekly"}).status_code == 422
    client.post(f"{path}/notices", {"notify": "daily"})
    mine.refresh_from_db()
    assert (mine.notify, mine.chose_at is None) == ("daily", False)
    assert 'lang="fr"' in client.get(path).content.decode()


def test_people_page_asks_as_often_for_three_as_for_one(world: World, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    mine = person()
    client, path = portal_of(mine), f"/partner/{mine.partner_id}/people"
    client.get(path)
    with CaptureQueriesContext(connection) as one:
        client.get(path)
    for number in range(2):
        person(mine.partner, f"p{number}@veille.example")
        claims.invite_colleague(mine, f"i{number}@veille.example")
    with CaptureQueriesContext(connection) as three:
        client.get(path)
    assert len(three) == len(one)
