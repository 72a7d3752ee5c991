"""How django-allauth meets Overture: who may sign up, and where its links point."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from overture.accounts.invite import invitation_with


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """To all where the instance says so, else to those who followed an invitation that still stands."""
        token = request.session.get("invitation", "")
        return bool(settings.OVERTURE_OPEN_SIGNUP or (token and invitation_with(token)))

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        # Links in e-mails never follow a Host header.
        return settings.OVERTURE_BASE_URL + reverse("account_confirm_email", args=[emailconfirmation.key])

    def get_reset_password_from_key_url(self, key: str) -> str:
        # `key` is uid and key with a hyphen between; there may be no request (bin/overture link).
        uid, _, rest = key.partition("-")
        return settings.OVERTURE_BASE_URL + reverse("account_reset_password_from_key", args=[uid, rest])
