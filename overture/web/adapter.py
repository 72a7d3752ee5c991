"""How django-allauth meets Overture: who may sign up, and where its links point."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from overture.accounts.invite import invitation_with
from overture.accounts.models import User
from overture.directory.claim import invitation_with as partner_invitation_with


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """To all where the instance says so, else to those who followed an invitation that still stands."""
        if request.path == reverse("web:partner_sign_up"):
            return bool(settings.OVERTURE_PARTNER_SIGNUP)
        token = request.session.get("invitation", "")
        claim = request.session.get("partner_invitation", "")
        is_invited = (token and invitation_with(token)) or (claim and partner_invitation_with(claim))
        return bool(settings.OVERTURE_OPEN_SIGNUP or is_invited)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Of the Host header, which anybody may forge, nothing reaches an e-mail: neither name nor links."""
        links = {"signup_url": "account_signup"}
        if template_prefix.endswith("account_already_exists"):
            links |= {"password_reset_url": "account_reset_password"}
        ours = {name: settings.OVERTURE_BASE_URL + reverse(route) for name, route in links.items()}
        host = urlsplit(settings.OVERTURE_BASE_URL).netloc
        # Who signs up with the address of another may call themselves anything: an advertisement, too.
        told = {"current_site": {"name": host, "domain": host}, "user": User(email=email)}
        super().send_mail(template_prefix, email, context | ours | told)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # Else every new Host header would give five more tries at a password.
        return str(credentials.get("email", "")).lower()

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        # Links in e-mails never follow a Host header.
        return settings.OVERTURE_BASE_URL + reverse("account_confirm_email", args=[emailconfirmation.key])

    def get_reset_password_from_key_url(self, key: str) -> str:
        # `key` is uid and key with a hyphen between; there may be no request (bin/overture link).
        uid, _, rest = key.partition("-")
        return settings.OVERTURE_BASE_URL + reverse("account_reset_password_from_key", args=[uid, rest])
