"""Workspaces: made with a program and an administrator, under a slug of their own."""

import pytest

from overture.accounts.edit_workspace import WorkspaceError, edit_workspace
from overture.accounts.make_workspace import make_workspace, slug_of
from overture.accounts.models import User
from tests.world import World


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Halden & Rowe", "halden-rowe"),
        ("Sel et Lin, Été", "sel-et-lin-ete"),
        ("Smørrebrød", "smorrebrod"),
        ("ひまわり", "workspace"),
        ("API", "workspace-api"),
        ("--- ", "workspace"),
        ("x" * 200, "x" * 50),
    ],
)
def test_slug_is_made_of_the_name(name: str, slug: str) -> None:
    assert slug_of(name) == slug


def test_second_workspace_of_a_name_gets_a_number(db: None) -> None:
    user = User.objects.create_user("nora@halden.example")
    members = [make_workspace(user, "Halden & Rowe", "creator") for _ in range(3)]
    assert [member.workspace.slug for member in members] == ["halden-rowe", "halden-rowe-2", "halden-rowe-3"]
    assert [(m.role, m.workspace.programs.get().kind) for m in members] == [("administrator", "creator")] * 3


@pytest.mark.parametrize(
    "fields",
    [
        {"name": ""},
        {"name": " "},
        {"name": "x" * 121},
        {"postal_address": "x" * 501},
        {"contact_days": -1},
        {"contact_days": 366},
        {"contact_days": "7"},
        {"time_zone": "Mars/Olympus"},
        {"slug": "taken"},
    ],
)
def test_edit_refuses_what_cannot_stand(world: World, fields: dict[str, object]) -> None:
    with pytest.raises(WorkspaceError) as refused:
        edit_workspace(world.nora, **fields)
    assert refused.value.field == next(iter(fields))


def test_edit_changes_what_is_named_only(world: World) -> None:
    changed = edit_workspace(world.nora, contact_days=0, time_zone="Europe/Paris")
    assert (changed.contact_days, changed.time_zone, changed.name) == (0, "Europe/Paris", "Halden & Rowe")
