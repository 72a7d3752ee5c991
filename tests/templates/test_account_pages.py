"""Signing in, up and back: allauth's pages in our frame, in both languages, under the policy."""

from __future__ import annotations

import re

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.test import Client

from tests.world import World


@pytest.fixture(autouse=True)
def _fresh_counters(db: None) -> None:
    cache.clear()


@pytest.mark.parametrize(
    ("path", "heading"),
    [
        ("/accounts/login/", "Sign in"),
        ("/accounts/signup/", "Create an account"),
        ("/accounts/password/reset/", "Reset your password"),
        ("/accounts/password/reset/done/", "Look in your mailbox"),
        ("/accounts/confirm-email/", "Confirm your address"),
        ("/accounts/confirm-email/nonsense/", "This link no longer works"),
    ],
)
def test_signed_out_page_stands_in_our_frame(path: str, heading: str) -> None:
    page = Client().get(path, headers={"accept-language": "en"}).content.decode()
    assert re.findall(r"<h1>(.*?)</h1>", page) == [heading]
    assert page.count("<main") == 1
    assert not re.search(r"\sstyle=|<style|<script>", page)


def test_wrong_password_is_said_beside_the_form() -> None:
    answer = Client().post("/accounts/login/", {"login": "a@b.example", "password": "wrong wrong wrong"})
    assert answer.status_code == 200
    assert 'class="callout bad" role="alert"' in answer.content.decode()


def test_a_faulty_field_points_to_its_error() -> None:
    page = (
        Client()
        .post("/accounts/signup/", {"email": "nonsense", "name": "", "password1": "x"})
        .content.decode()
    )
    assert 'aria-describedby="id_email_error"' in page
    assert 'id="id_email_error"' in page


@pytest.mark.parametrize(
    "path", ["/accounts/email/", "/accounts/password/change/", "/accounts/2fa/", "/accounts/logout/"]
)
def test_account_page_of_a_member_stands_in_our_frame(world: World, path: str) -> None:
    client = Client()
    client.force_login(world.nora.user)
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.content.decode().count('class="plain-sheet') == 1


def test_missing_page_says_so_in_our_frame() -> None:
    answer = Client().get("/nowhere", headers={"accept-language": "en"})
    assert answer.status_code == 404
    assert re.findall(r"<h1>(.*?)</h1>", answer.content.decode()) == ["There is nothing here"]


@pytest.mark.parametrize(
    ("chosen", "printed"), [("dark", "dark"), ("light", "light"), ("nonsense", "system")]
)
def test_theme_is_printed_by_the_server(chosen: str, printed: str) -> None:
    client = Client()
    client.cookies["theme"] = chosen
    assert f'data-theme="{printed}"' in client.get("/accounts/login/").content.decode()


def test_authenticator_qr_code_is_drawn_inline_without_a_data_image(world: World) -> None:
    client = Client()
    client.force_login(world.nora.user)
    EmailAddress.objects.update_or_create(
        user=world.nora.user, email=world.nora.user.email, defaults={"verified": True, "primary": True}
    )
    client.post("/accounts/reauthenticate/", {"password": "correct horse battery"})
    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    assert page.count('<div class="qr"') == 1
    assert re.search(r'<div class="qr"[^>]*><svg viewBox="[\d ]+" aria-hidden="true"><path d="M', page)
    assert "data:" not in page
