"""A browser that is signed in."""

from __future__ import annotations

from django.test import Client

from overture.accounts.models import Membership, User


def client_of(who: Membership | User) -> Client:
    client = Client()
    user = who.user if isinstance(who, Membership) else who
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client
