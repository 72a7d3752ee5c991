"""From signing up to a workspace with colleagues, programs and tokens."""

from __future__ import annotations

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.management import call_command
from django.test import Client

from overture.accounts.access import make_token, member_with_token
from overture.accounts.invite import invite, link_of
from overture.accounts.models import ApiToken, Invitation, Membership, Program, User, Workspace
from tests.web.signed_in import client_of
from tests.world import World

SIGN_UP = {"name": "Ada Moreau", "email": "ada@sel.example", "password1": "correct horse battery"}


def _path(link: str) -> str:
    return link.removeprefix("https://overture.test")


def test_sign_up_confirm_and_make_a_workspace(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    client = Client()
    answer = client.post("/accounts/signup/", SIGN_UP)
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/confirm-email/")
    assert (User.objects.get().name, len(mail.outbox)) == ("Ada Moreau", 1)
    mailed = re.search(r"https://overture\.test/accounts/confirm-email/\S+", mail.outbox[0].body)
    call_command("link", "ADA@sel.example")
    printed = capsys.readouterr().out.strip()
    assert mailed is not None
    assert re.sub(r":[\w-]+:[\w-]+/$", "", printed) == re.sub(r":[\w-]+:[\w-]+/$", "", mailed[0])
    assert client.post(_path(printed)).status_code == 302
    assert EmailAddress.objects.get().verified
    client.post("/accounts/login/", {"login": "ada@sel.example", "password": SIGN_UP["password1"]})
    assert client.get("/")["Location"] == "/workspaces/new"
    form = {"name": "Sel et Lin", "kind": "creator", "postal_address": "4 rue du Lin, Paris"}
    assert client.post("/workspaces/new", form)["Location"] == "/w/sel-et-lin"
    member = Membership.objects.select_related("workspace").get()
    assert (member.role, member.workspace.postal_address) == ("administrator", "4 rue du Lin, Paris")
    assert Program.objects.get().kind == "creator"


def test_link_sets_a_new_password(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("link", "nora@halden.example")
    link = capsys.readouterr().out.strip()
    assert link.startswith("https://overture.test/accounts/password/reset/key/")
    client = Client()
    form = client.get(_path(link), follow=True)
    assert form.status_code == 200
    client.post(
        form.request["PATH_INFO"],
        {"password1": "another horse battery", "password2": "another horse battery"},
    )
    world.nora.user.refresh_from_db()
    assert world.nora.user.check_password("another horse battery")


def test_closed_sign_up_lets_only_the_invited_in(world: World, settings: object) -> None:
    settings.OVERTURE_OPEN_SIGNUP = False  # type: ignore[attr-defined]
    client = Client()
    client.post("/accounts/signup/", SIGN_UP)
    assert not User.objects.filter(email=SIGN_UP["email"]).exists()
    link = link_of(invite(world.nora, SIGN_UP["email"], "manager"))
    assert client.get(_path(link)).status_code == 200
    client.post("/accounts/signup/", SIGN_UP)
    user = User.objects.get(email=SIGN_UP["email"])
    signed_in = Client()
    signed_in.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert signed_in.post("/workspaces/new", {"name": "Mine", "kind": "both"}).status_code == 403
    assert link in signed_in.get("/workspaces/new").content.decode()


def test_invitation_is_accepted_by_its_address(world: World) -> None:
    client_of(world.nora).post("/w/halden/settings/members", {"email": "Ada@sel.example", "role": "viewer"})
    invitation = Invitation.objects.get()
    path = _path(link_of(invitation))
    assert client_of(world.stranger).post(path).status_code == 403
    ada = User.objects.create_user("ada@sel.example")
    client = client_of(ada)
    assert client.get(path).status_code == 200
    assert not Membership.objects.filter(user=ada).exists()
    assert client.post(path)["Location"] == "/w/halden"
    assert Membership.objects.get(user=ada).role == "viewer"
    assert client.get(path).status_code == 404


def test_members_page_tells_why_not(world: World) -> None:
    client = client_of(world.nora)
    for email in ("camille@halden.example", "no address", ""):
        answer = client.post("/w/halden/settings/members", {"email": email, "role": "viewer"})
        assert (answer.status_code, answer.context["form"].errors.keys()) == (200, {"email"})
    own = f"/w/halden/settings/members/{world.nora.pk}"
    client.post(f"{own}/role", {"role": "viewer"})
    answer = client.post(f"{own}/remove", follow=False)
    assert answer["Location"] == "/w/halden/settings/members"
    world.nora.refresh_from_db()
    assert (world.nora.role, world.nora.removed_at) == ("administrator", None)


def test_removed_member_finds_nothing(world: World) -> None:
    client_of(world.nora).post(f"/w/halden/settings/members/{world.camille.pk}/remove")
    assert client_of(world.camille).get("/w/halden/settings").status_code == 404


def test_settings_are_saved(world: World) -> None:
    client, form = (
        client_of(world.nora),
        {"name": "Halden", "postal_address": "x", "contact_days": 3, "time_zone": "UTC"},
    )
    assert client.post("/w/halden/settings", form).status_code == 302
    brand = Workspace.objects.get(slug="halden")
    assert (brand.name, brand.contact_days) == ("Halden", 3)
    answer = client.post("/w/halden/settings", form | {"contact_days": -1, "time_zone": "Mars"})
    assert answer.context["form"].errors.keys() == {"contact_days", "time_zone"}
    assert client_of(world.victor).get("/w/halden/settings").status_code == 200
    assert client_of(world.camille).post("/w/halden/settings", form).status_code == 403


def test_programs_are_added_and_renamed(world: World) -> None:
    client = client_of(world.nora)
    client.post("/w/halden/settings/programs/new", {"name": "Creators", "kind": "creator"})
    made = Program.objects.latest("id")
    assert (made.workspace, made.name, made.kind) == (world.brand, "Creators", "creator")
    client.post(f"/w/halden/settings/programs/{made.pk}", {"name": "Makers", "kind": "both"})
    made.refresh_from_db()
    assert (made.name, made.kind) == ("Makers", "both")


def test_token_is_shown_once_and_revoked(world: World) -> None:
    client = client_of(world.camille)
    answer = client.post("/w/halden/settings/tokens", {"name": "Script"})
    text = answer.context["text"]
    assert (answer["Cache-Control"], member_with_token(text)) == ("no-store", world.camille)
    assert text not in client.get("/w/halden/settings/tokens").content.decode()
    token = ApiToken.objects.get()
    client.post(f"/w/halden/settings/tokens/{token.pk}/revoke")
    assert member_with_token(text) is None


def test_tokens_of_others_are_the_administrators_affair(world: World) -> None:
    token, text = make_token(world.nora, "Script")
    path = f"/w/halden/settings/tokens/{token.pk}/revoke"
    assert client_of(world.camille).post(path).status_code == 404
    assert member_with_token(text) == world.nora
    mine, _ = make_token(world.camille, "Other")
    assert client_of(world.nora).post(f"/w/halden/settings/tokens/{mine.pk}/revoke").status_code == 302


@pytest.mark.parametrize("kind", ["partner", "creator", "both"])
def test_creator_marketplace_only_with_a_creator_program(world: World, kind: str) -> None:
    Program.objects.filter(pk=world.program.pk).update(kind=kind)
    client = client_of(world.victor)
    assert client.get("/w/halden/creators").status_code == (404 if kind == "partner" else 200)
    assert client.get("/w/halden/marketplace").status_code == 200
