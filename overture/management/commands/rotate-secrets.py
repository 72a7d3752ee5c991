"""bin/overture rotate-secrets: encrypts with the first key what older ones hold"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from overture.lib.secrets import SecretError, new_key
from overture.mailboxes import secret as mailboxes
from overture.webhooks import secret as webhooks


class Command(BaseCommand):
    help = "encrypts mailbox passwords and webhook secrets anew with the first of OVERTURE_ENCRYPTION_KEYS"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--new-key", metavar="NAME", help="prints a fresh key of this name and changes nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["new_key"]:
            self.stdout.write(new_key(options["new_key"]))
            return
        try:
            count = mailboxes.rotate() + webhooks.rotate()
        except SecretError as error:
            raise CommandError(
                f"A password or secret cannot be decrypted ({error.code}): put the key it was encrypted with "
                "back into OVERTURE_ENCRYPTION_KEYS, or enter that mailbox's password again."
            ) from None
        self.stdout.write(f"{count} encrypted anew with the key {mailboxes.ring().first!r}.")
