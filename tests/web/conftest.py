"""Clients that are signed in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from overture.accounts.models import Membership, User

SignIn = Callable[[Membership | User], Client]


@pytest.fixture
def client_of() -> SignIn:
    def sign_in(who: Membership | User) -> Client:
        client = Client()
        user = who.user if isinstance(who, Membership) else who
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return sign_in
