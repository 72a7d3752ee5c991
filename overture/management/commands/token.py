"""bin/overture token: an API token for scripts, made by whoever runs the instance"""

from typing import Any

from allauth.account.models import EmailAddress
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.db.models import Q

from overture.accounts.access import make_token
from overture.accounts.make_workspace import make_workspace
from overture.accounts.models import Membership, Program, User, Workspace
from overture.accounts.roles import ADMINISTRATOR
from overture.lib import addresses


class Command(BaseCommand):
    help = "prints an API token for a member of a workspace"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", required=True, metavar="E", help="the member's address")
        parser.add_argument("--workspace", required=True, metavar="W", help="slug or name of the workspace")
        parser.add_argument("--name", default="bin/overture", help="what the list of tokens calls it")
        parser.add_argument(
            "--create",
            action="store_true",
            help="makes user, workspace, program and membership where missing",
        )

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        try:
            email = str(addresses.parse(options["email"])).lower()
        except addresses.AddressError as error:
            raise CommandError(f"{options['email']!r} is no e-mail address ({error.code}).") from None
        name = options["workspace"].strip()
        if not name or len(name) > 120:
            raise CommandError("--workspace wants a name of 1 to 120 characters.")
        member = _made(email, name) if options["create"] else _found(email, name)
        _, text = make_token(member, options["name"][:80])
        self.stderr.write(f"A token for {email} in {member.workspace.slug}; it is not shown again:", str)
        self.stdout.write(text)


def _found(email: str, name: str) -> Membership:
    if not User.objects.filter(email__iexact=email).exists():
        raise CommandError(f"Nobody signs in as {email}. Add --create to make the account.")
    if _workspace(name) is None:
        raise CommandError(f"There is no workspace {name!r}. Add --create to make it.")
    found: Membership | None = _membership(email, name)
    if found is None:
        raise CommandError(f"{email} is not a member of {name!r}. Add --create for an administrator.")
    return found


def _made(email: str, name: str) -> Membership:
    user = User.objects.filter(email__iexact=email).first() or User.objects.create_user(email)
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )
    workspace = _workspace(name)
    if workspace is None:
        return make_workspace(user, name, Program.Kind.BOTH)
    if not workspace.programs.exists():
        Program.objects.create(workspace=workspace, name=workspace.name, kind=Program.Kind.BOTH)
    member, _ = Membership.objects.update_or_create(
        workspace=workspace, user=user, defaults={"role": ADMINISTRATOR, "removed_at": None}
    )
    return member


def _workspace(name: str) -> Workspace | None:
    """By slug, else by the name as written; the oldest where several have it."""
    found = Workspace.objects.filter(Q(slug=name) | Q(name=name)).order_by("id")
    return next((one for one in found if one.slug == name), None) or found.first()


def _membership(email: str, name: str) -> Membership | None:
    found: Membership | None = (
        Membership.objects.current()
        .select_related("workspace")
        .filter(user__email__iexact=email, workspace=_workspace(name))
        .first()
    )
    return found
