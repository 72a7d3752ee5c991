"""The way of a new partner: the public page, the letter, the first sign-in, the profile."""

from __future__ import annotations

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import connection
from django.test import Client

from overture.accounts.models import User
from overture.directory import turns
from overture.directory.models import Partner, PartnerClaim, PartnerUser
from overture.directory.sign_up import sign_up
from tests import factories
from tests.portal.people import person, portal_of
from tests.web.signed_in import client_of
from tests.world import World

FORM = {
    "partner_name": "La Longue Veille",
    "kind": "creator",
    "website": "veille.example",
    "name": "Élise Vauquelin",
    "email": "elise@veille.example",
    "password1": "correct horse battery",
}


def _confirm(client: Client) -> None:
    found = re.search(r"https://overture\.test(/accounts/confirm-email/\S+)", str(mail.outbox[-1].body))
    assert found
    assert client.post(found[1]).status_code == 302


def _sign_in(client: Client) -> None:
    client.post("/accounts/login/", {"login": FORM["email"], "password": FORM["password1"]})


def test_sign_up_is_confirmed_by_email_and_leads_into_the_portal(db: None) -> None:
    client = Client(headers={"accept-language": "fr"})
    assert "Créer le compte" in client.get("/partner/sign-up").content.decode()
    answer = client.post("/partner/sign-up", FORM)
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/confirm-email/")
    user = User.objects.get()
    assert (user.name, user.language, Partner.objects.count()) == ("Élise Vauquelin", "fr", 0)
    # Confirmed in another browser, as people do.
    other = Client()
    _confirm(other)
    assert EmailAddress.objects.get().verified
    _sign_in(other)
    assert other.get("/")["Location"] == "/partner"
    partner = None
    answer = other.get("/partner")
    partner = Partner.objects.get()
    assert answer["Location"] == f"/partner/{partner.pk}/profile"
    assert other.get("/partner")["Location"] == f"/partner/{partner.pk}/inbox"
    assert (partner.name, partner.standing, partner.kind) == ("La Longue Veille", "in_review", "creator")
    page = other.get(f"/partner/{partner.pk}/profile").content.decode()
    assert "La personne qui gère ce site" in page


def test_unconfirmed_nothing_is_in_the_directory(db: None) -> None:
    client = Client()
    client.post("/partner/sign-up", FORM)
    _sign_in(client)
    assert client.get("/partner").status_code == 302
    assert (Partner.objects.count(), PartnerUser.objects.count()) == (0, 0)


def test_a_known_partner_waits_for_the_operator(db: None) -> None:
    known = factories.partner(name="Veille", website_key="veille.example", about="As it was")
    client = Client()
    client.post("/partner/sign-up", FORM)
    _confirm(client)
    _sign_in(client)
    page = client.get("/partner", follow=True)
    assert "We know a partner of this name, website or address already." in page.content.decode()
    claim = PartnerClaim.objects.get()
    assert (claim.partner, claim.outcome, PartnerUser.objects.count()) == (known, "", 0)
    assert client.get(f"/partner/{known.pk}/profile").status_code == 404
    # And the front door leads there, not to a workspace of their own.
    assert client.get("/")["Location"] == "/partner"


@pytest.mark.parametrize(
    ("wrong", "field", "says"),
    [
        ({"partner_name": ""}, "partner_name", "This field is required."),
        ({"website": "not a site"}, "website", "“not a site” is not a website."),
        ({"kind": "shop"}, "kind", "Select a valid choice. shop is not one of the available choices."),
        ({"email": "nonsense"}, "email", "Enter a valid email address."),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(
    db: None, wrong: dict[str, str], field: str, says: str
) -> None:
    answer = Client().post("/partner/sign-up", FORM | wrong)
    form = answer.context["form"]
    assert form.errors[field] == [says]
    assert form["name"].value() == "Élise Vauquelin"
    assert (User.objects.count(), PartnerClaim.objects.count()) == (0, 0)


def test_an_address_with_an_account_gets_a_letter_and_makes_nothing(world: World) -> None:
    answer = Client().post("/partner/sign-up", FORM | {"email": "nora@halden.example"})
    assert answer["Location"] == "/accounts/confirm-email/"
    assert (PartnerClaim.objects.count(), len(mail.outbox)) == (0, 1)


def test_a_member_signs_a_partner_up_and_is_both(world: World) -> None:
    client = client_of(world.camille)
    assert client.get("/partner")["Location"] == "/partner/sign-up"
    said = {name: FORM[name] for name in ("partner_name", "kind", "website")}
    assert client.post("/partner/sign-up", said)["Location"] == "/partner"
    mine = PartnerUser.objects.get() if client.get("/partner") else None
    assert mine is not None
    inbox = f"/partner/{mine.partner_id}/inbox"
    assert client.get("/partner")["Location"] == inbox
    client.get(inbox)
    # The front door opens the side one was at last.
    assert client.get("/")["Location"] == "/partner"
    client.get("/w/halden/prospects")
    assert client.get("/")["Location"] == "/w/halden/prospects"
    client.get(inbox)
    assert client.get("/workspaces", follow=True).redirect_chain[-1][0] == "/w/halden/prospects"


def test_who_comes_from_a_public_page_finds_it_filled_in_and_claims_it(db: None) -> None:
    known = factories.partner(name="La Longue Veille", website="https://veille.example", kind="creator")
    hidden = factories.partner(name="Hidden", standing="suspended")
    client = Client()
    link = f"/partner/sign-up?partner={known.pk}"
    assert f'href="{link}">Is this you?' in client.get(f"/partners/{known.pk}").content.decode()
    form = client.get(link).context["form"]
    assert [form[name].value() for name in ("partner_name", "kind", "website")] == [
        "La Longue Veille", "creator", "https://veille.example",
    ]  # fmt: skip
    for number in (str(hidden.pk), "9" * 40, "x", "-1", "٣"):
        assert not client.get(f"/partner/sign-up?partner={number}").context["form"]["partner_name"].value()


def test_closed_to_partners_it_says_so(db: None, settings: object) -> None:
    settings.OVERTURE_PARTNER_SIGNUP = False  # type: ignore[attr-defined]
    assert "Sign-up is closed" in Client().get("/partner/sign-up").content.decode()
    Client().post("/partner/sign-up", FORM)
    assert User.objects.count() == 0


def test_closed_to_brands_it_is_open_to_partners(db: None, settings: object) -> None:
    settings.OVERTURE_OPEN_SIGNUP = False  # type: ignore[attr-defined]
    Client().post("/partner/sign-up", FORM)
    assert User.objects.count() == 1


def test_profile_is_saved_and_its_prospects_follow(world: World) -> None:
    mine = person()
    client = portal_of(mine)
    path = f"/partner/{mine.partner_id}/profile"
    prospect = factories.prospect(world.nora, "Our name for it", partner=mine.partner)
    form = {
        "name": "La Longue Veille", "kind": "partner", "website": "veille.example", "has_messaging": "on",
        "country": "France", "category": "Fashion", "about": "Slow living.", "topics": "linen, tea",
        "languages": "fr, en", "methods": ["content"], "audience": "412k",
        "audience_countries": "FR 62, BE 20", "audience_ages": "25-34 40", "channels": "newsletter 58200",
        "first_name": "Élise", "last_name": "Vauquelin", "title": "Editor", "address": "elise@veille.example",
    }  # fmt: skip
    assert client.post(path, form)["Location"] == path
    partner = Partner.objects.get(pk=mine.partner_id)
    assert (partner.country, partner.audience, partner.topics, partner.audience_countries) == (
        "FR", 412_000, ["linen", "tea"], {"FR": 62, "BE": 20},
    )  # fmt: skip
    assert partner.standing == "listed"
    prospect.refresh_from_db()
    assert "elise vauquelin" in prospect.search_text
    answer = client.post(path, form | {"audience": "many", "address": "victim@other.example"})
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"address"})
    answer = client.post(path, form | {"audience": "many"})
    assert set(answer.context["form"].errors) == {"audience"}
    assert answer.context["form"]["about"].value() == "Slow living."


def test_a_website_of_another_partner_is_refused_without_telling_whose(world: World) -> None:
    factories.partner(name="Hidden name", website_key="lin.example", standing="suspended")
    mine = person()
    form = {"name": "La Longue Veille", "kind": "partner", "website": "lin.example"}
    answer = portal_of(mine).post(
        f"/partner/{mine.partner_id}/profile", form | {"address": "elise@veille.example"}
    )
    assert answer.context["form"].errors == {
        "website": ["Another partner of the directory has this website."]
    }
    assert "Hidden name" not in answer.content.decode()


def test_while_the_directory_is_imported_a_sign_up_waits(live: World) -> None:
    elise = User.objects.create_user("elise@veille.example", name="Élise")
    sign_up(elise, "La Longue Veille", "creator", "")
    client, importing = client_of(elise), connection.copy()
    try:
        with importing.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [turns._IMPORT])
        page = client.get("/partner")
        assert "The directory is busy for a moment." in page.content.decode()
        assert Partner.objects.count() == 0
    finally:
        importing.close()
    assert client.get("/partner")["Location"] == f"/partner/{Partner.objects.get().pk}/profile"
