"""bin/overture operator: who runs the instance"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from overture.accounts.models import User


class Command(BaseCommand):
    help = "lets an account see what only the operator may, or no longer"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", metavar="EMAIL")
        parser.add_argument("--remove", action="store_true", help="takes it away again")

    def handle(self, *args: Any, **options: Any) -> None:
        email, is_operator = options["email"].strip().lower(), not options["remove"]
        if not User.objects.filter(email=email).update(is_operator=is_operator):
            raise CommandError(f"Nobody signs in as {email}.")
        self.stdout.write(f"{email} is {'an operator' if is_operator else 'no operator'} now.")
