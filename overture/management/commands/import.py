"""bin/overture import FILE (--workspace SLUG | --into-directory) [--dry-run]"""

import sys
from pathlib import Path
from threading import Event, Thread
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from overture.accounts.models import Membership
from overture.accounts.roles import ADMINISTRATOR
from overture.lib.csv_in import CsvError
from overture.prospects.carry_out import carry_out
from overture.prospects.import_refusals import errors
from overture.prospects.imports import start
from overture.prospects.models import Import
from overture.prospects.wording import failure_sentence
from overture.runs.models import Run


class Command(BaseCommand):
    help = "imports a CSV file into a workspace or the directory, and says what became of each row"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        where = parser.add_mutually_exclusive_group(required=True)
        where.add_argument("--workspace", help="the workspace's name in addresses (/w/NAME/)")
        where.add_argument("--into-directory", action="store_true", help="for all workspaces; an operator's")
        parser.add_argument("--member", help="whose import it is, by email; else the first administrator's")
        parser.add_argument("--dry-run", action="store_true", help="only say what would happen")

    def handle(self, *args: Any, **options: Any) -> None:
        into = Import.Into.DIRECTORY if options["into_directory"] else Import.Into.PROSPECTS
        member = _member(options["workspace"], options["member"])
        path: Path = options["file"]
        try:
            with path.open("rb") as file:
                imported = start(member, file, path.name, dry_run=options["dry_run"], into=into)
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        except CsvError as error:
            raise CommandError(f"{path}: {failure_sentence(error.code)}") from error
        imported = self._carried_out(imported)
        if imported.run.state != Run.State.DONE:
            raise CommandError(f"{path}: {failure_sentence(imported.run.problem)}")
        self._tell(imported)

    def _carried_out(self, imported: Import) -> Import:
        """Here and now, with progress on a terminal. The job that was enqueued finds it done."""
        ended = Event()
        watcher = Thread(target=self._watch, args=(imported.run_id, ended), daemon=True)
        if sys.stderr.isatty():
            watcher.start()
        try:
            return carry_out(imported.pk)
        finally:
            ended.set()
            if watcher.is_alive():
                watcher.join()

    def _watch(self, run_id: int, ended: Event) -> None:
        while not ended.wait(0.5):
            run = Run.objects.get(pk=run_id)
            self.stderr.write(f"\r{run.percent or 0:3} %", ending="")
        self.stderr.write("\r     \r", ending="")
        connection.close()

    def _tell(self, imported: Import) -> None:
        words = "would be " if imported.is_dry_run else ""
        self.stdout.write(
            f"{imported.row_count} rows: {imported.created_count} {words}created,"
            f" {imported.updated_count} {words}updated, {imported.unchanged_count} unchanged,"
            f" {imported.refused_count} refused"
        )
        for error in errors(imported):
            column = f" {error['column']}:" if error["column"] else ""
            self.stdout.write(f"line {error['line']}:{column} {error['message']}")
        if imported.refused_count > 1000:
            self.stdout.write(f"and {imported.refused_count - 1000} more")


def _member(slug: str | None, email: str | None) -> Membership:
    """Whose import it is; one into the directory, without a workspace, is an operator's."""
    members = Membership.objects.current().select_related("workspace", "user")
    if slug is None:
        return _operator(members, email)
    members = members.filter(workspace__slug=slug)
    found = members.filter(user__email=email.lower()) if email else members.filter(role=ADMINISTRATOR)
    member: Membership | None = found.order_by("pk").first()
    if member is None:
        who = email or "an administrator"
        raise CommandError(f"there is no workspace {slug} with {who}")
    return member


def _operator(members: Any, email: str | None) -> Membership:
    operators = members.filter(user__is_operator=True, user__is_active=True)
    found: Membership | None = (
        (operators.filter(user__email=email.lower()) if email else operators).order_by("pk").first()
    )
    if found is None:
        raise CommandError(
            "there is no such operator in any workspace; bin/overture operator EMAIL makes one"
        )
    return found
