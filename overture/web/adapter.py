"""How django-allauth meets Overture: who may sign up, and where its links point."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return bool(settings.OVERTURE_OPEN_SIGNUP)

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        # Links in e-mails never follow a Host header.
        path = super().get_email_confirmation_url(request, emailconfirmation).split("//", 1)[-1].split("/", 1)[-1]
        return f"{settings.OVERTURE_BASE_URL}/{path}"

    def get_reset_password_from_key_url(self, key: str) -> str:
        path = super().get_reset_password_from_key_url(key).split("//", 1)[-1].split("/", 1)[-1]
        return f"{settings.OVERTURE_BASE_URL}/{path}"
