"""Mails of sign-up and sign-in, and tries at a password: a forged Host header changes nothing."""

from __future__ import annotations

import pytest
from django.core import mail
from django.test import Client

from tests.world import World

BASE = "http://testserver.example"
FORGED = {"host": "evil.example"}


@pytest.fixture(autouse=True)
def base(settings: object) -> None:
    settings.OVERTURE_BASE_URL = BASE  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("page", "form", "link"),
    [
        ("password/reset/", {"email": "nora@halden.example"}, "/accounts/password/reset/key/"),
        ("password/reset/", {"email": "nobody@halden.example"}, "/accounts/signup/"),
        ("signup/", {"email": "nora@halden.example"}, "/accounts/password/reset/"),
        ("signup/", {"email": "new@halden.example"}, "/accounts/confirm-email/"),
    ],
)
def test_mail_leads_to_the_base_url_whatever_the_host_header(
    world: World, page: str, form: dict[str, str], link: str
) -> None:
    form |= {"name": "See http://bait.example", "password1": "correct horse battery"}
    answer = Client(headers=FORGED).post(f"/accounts/{page}", form)
    assert answer.status_code == 302
    (sent,) = mail.outbox
    told = f"{sent.subject}\n{sent.body}"
    assert BASE + link in told
    assert "Hello from testserver.example!" in told
    assert ("evil" in told, "bait" in told) == (False, False)


def test_tries_at_a_password_are_counted_whatever_the_host_header(world: World) -> None:
    form = {"login": "nora@halden.example", "password": "wrong wrong wrong"}
    told = [
        Client(headers={"host": f"h{number}.example"}).post("/accounts/login/", form).content.decode()
        for number in range(6)
    ]
    assert ["Too many failed login attempts" in page for page in told] == [False] * 5 + [True]
