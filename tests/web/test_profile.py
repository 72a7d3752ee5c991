"""Language, theme and profile; the switches lead back to pages of this site only."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.web.signed_in import client_of
from tests.world import World


@pytest.mark.parametrize(
    ("target", "leads_to"),
    [
        ("/accounts/login/?next=%2F", "/accounts/login/?next=%2F"),
        ("//evil.example/", "/"),
        ("https://evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_switch_of_language_leads_back_here(db: None, target: str, leads_to: str) -> None:
    answer = Client().post("/language", {"language": "fr", "next": target})
    assert (answer.status_code, answer["Location"]) == (302, leads_to)
    assert answer.cookies["django_language"].value == "fr"


def test_language_cookie_is_spoken(db: None) -> None:
    client = Client()
    client.post("/language", {"language": "fr"})
    assert client.get("/accounts/login/")["Content-Language"] == "fr"


@pytest.mark.parametrize(
    ("path", "body"), [("/language", {"language": "de"}), ("/theme", {"theme": "pink"}), ("/theme", {})]
)
def test_switches_refuse_what_they_do_not_know(db: None, path: str, body: dict[str, str]) -> None:
    answer = Client().post(path, body)
    assert (answer.status_code, answer.cookies) == (400, {})
    assert Client().get(path).status_code == 405


def test_switches_are_kept_in_the_profile(world: World) -> None:
    client = client_of(world.nora)
    client.post("/language", {"language": "fr"})
    client.post("/theme", {"theme": "dark"})
    world.nora.user.refresh_from_db()
    assert (world.nora.user.language, world.nora.user.theme) == ("fr", "dark")


def test_profile_is_saved(world: World) -> None:
    client = client_of(world.nora)
    assert client.get("/profile").status_code == 200
    answer = client.post("/profile", {"name": "Nora L.", "language": "fr", "theme": "light"})
    assert (answer.status_code, answer["Location"]) == (302, "/profile")
    user = world.nora.user
    user.refresh_from_db()
    assert (user.name, user.language, user.theme, user.has_single_keys) == ("Nora L.", "fr", "light", False)
    answer = client.post("/profile", {"name": "", "language": "fr", "theme": "light"})
    assert (answer.status_code, answer.context["form"].errors.keys()) == (200, {"name"})


def test_profile_needs_no_workspace_but_a_sign_in(db: None) -> None:
    assert Client().get("/profile")["Location"] == "/accounts/login/?next=/profile"
