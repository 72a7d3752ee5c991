"""How django-allauth meets Overture: who may sign up, and where its links point."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest

from overture.accounts.invite import invitation_with


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """To all where the instance says so, else to those who followed an invitation that still stands."""
        token = request.session.get("invitation", "")
        return bool(settings.OVERTURE_OPEN_SIGNUP or (token and invitation_with(token)))

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        return _at_base(super().get_email_confirmation_url(request, emailconfirmation))

    def get_reset_password_from_key_url(self, key: str) -> str:
        return _at_base(super().get_reset_password_from_key_url(key))


def _at_base(url: str) -> str:
    """Links in e-mails never follow a Host header."""
    return settings.OVERTURE_BASE_URL + urlsplit(url).path
