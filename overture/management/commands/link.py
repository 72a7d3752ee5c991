"""bin/overture link: the confirmation or reset link of an account, for an instance without system mail"""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from overture.accounts.invite import invitations_for, link_of
from overture.accounts.models import User


class Command(BaseCommand):
    help = "prints the link that confirms an address, or one that sets a new password"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", metavar="EMAIL")

    def handle(self, *args: Any, **options: Any) -> None:
        email = options["email"].strip().lower()
        user = User.objects.filter(email=email).first()
        invitations = invitations_for(user or User(email=email))
        for invitation in invitations:
            self.stderr.write(f"Invitation to {invitation.workspace}: {link_of(invitation)}", str)
        if user is None:
            if not invitations:
                raise CommandError(f"Nobody has signed up as {email}.")
            return
        pending = EmailAddress.objects.filter(user=user, email__iexact=email, verified=False).first()
        self.stderr.write("Confirms the address:" if pending else "Sets a new password:", str)
        self.stdout.write(_confirmation(pending) if pending else _reset(user))


def _confirmation(address: EmailAddress) -> str:
    path = reverse("account_confirm_email", args=[EmailConfirmationHMAC(address).key])
    return f"{settings.OVERTURE_BASE_URL}{path}"


def _reset(user: User) -> str:
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    return str(get_adapter().get_reset_password_from_key_url(key))
