"""A client signed in as a member, for tests of pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.test import Client

if TYPE_CHECKING:
    from overture.accounts.models import Membership


@pytest.fixture
def as_member() -> Callable[..., Client]:
    def sign_in(member: Membership, **headers: str) -> Client:
        client = Client(headers=headers)
        client.force_login(member.user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return sign_in
