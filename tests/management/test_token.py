"""bin/overture token: prints the token alone, and makes what is missing only when asked."""

from __future__ import annotations

from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from django.core.management import call_command
from django.core.management.base import CommandError

from overture.accounts.access import member_with_token
from overture.accounts.models import Membership, Program, User, Workspace
from tests.world import World


def token(*arguments: str) -> str:
    out = StringIO()
    call_command("token", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_token_makes_what_is_missing(db: None) -> None:
    said = token("--email", "Ops@Brand.example", "--workspace", "Brand & Co", "--create")
    assert said.count("\n") == 1
    member = member_with_token(said.strip())
    assert member is not None
    assert (member.user.email, member.role, member.workspace.slug) == (
        "ops@brand.example",
        "administrator",
        "brand-co",
    )
    assert [program.kind for program in member.workspace.programs.all()] == ["both"]
    assert EmailAddress.objects.get(user=member.user).verified
    again = member_with_token(
        token("--email", "ops@brand.example", "--workspace", "brand-co", "--create").strip()
    )
    assert again == member
    assert (User.objects.count(), Workspace.objects.count(), Program.objects.count()) == (1, 1, 1)


@pytest.mark.parametrize("workspace", ["halden", "Halden & Rowe"])
def test_token_finds_a_member_by_slug_or_name(world: World, workspace: str) -> None:
    said = token("--email", "camille@halden.example", "--workspace", workspace)
    assert member_with_token(said.strip()) == world.camille
    world.camille.refresh_from_db()
    assert world.camille.role == "manager"


def test_token_makes_an_administrator_of_a_colleague(world: World) -> None:
    member = member_with_token(
        token("--email", "sam@northwind.example", "--workspace", "halden", "--create").strip()
    )
    assert member is not None
    assert (member.workspace, member.role) == (world.brand, "administrator")
    assert Program.objects.filter(workspace=world.brand).count() == 1


@pytest.mark.parametrize(
    ("email", "workspace", "sentence"),
    [
        (
            "nobody@x.example",
            "halden",
            "Nobody signs in as nobody@x.example. Add --create to make the account.",
        ),
        ("nora@halden.example", "nowhere", "There is no workspace 'nowhere'. Add --create to make it."),
        (
            "nora@halden.example",
            "northwind",
            "nora@halden.example is not a member of 'northwind'. Add --create for an administrator.",
        ),
        ("no address", "halden", "'no address' is no e-mail address (no_at)."),
        ("nora@halden.example", " ", "--workspace wants a name of 1 to 120 characters."),
    ],
)
def test_token_without_create_says_what_is_missing(
    world: World, email: str, workspace: str, sentence: str
) -> None:
    members = Membership.objects.count()
    with pytest.raises(CommandError) as refused:
        token("--email", email, "--workspace", workspace)
    assert (str(refused.value), Membership.objects.count()) == (sentence, members)
