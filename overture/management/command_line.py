"""Runs one command: its database is there, and what is expected to go wrong is told in a sentence."""

# ruff: noqa: T201 (it talks to a terminal)

import difflib
import os
import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import get_commands, load_command_class
from django.core.management.base import BaseCommand, CommandError, SystemCheckError
from django.db.utils import OperationalError

from overture.lib import embedded_postgres

# These need no database, or, as `run`, see to it themselves.
WITHOUT_DATABASE = {"assets", "check", "collectstatic", "makemessages", "run", "translations", "diffsettings"}


class UsageError(Exception):
    """The command was written wrongly; the exit code is 2."""


def main(arguments: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "overture.settings")
    try:
        django.setup()
        return _run(arguments)
    except UsageError as error:
        return _say(error, 2)
    except CommandError as error:
        return _say(error, error.returncode)
    except (ImproperlyConfigured, embedded_postgres.PostgresFailed) as error:
        return _say(error, 1)
    except OperationalError as error:
        return _say(f"The database does not answer: {str(error).strip()}", 1)
    except BrokenPipeError:  # `| head` has seen enough; Python must not flush into it again
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        return _say(f"{error.filename or 'A file'}: {error.strerror}", 1)
    except KeyboardInterrupt:
        return 130


def _run(arguments: list[str]) -> int:
    if not arguments or arguments[0] in {"help", "-h", "--help"}:
        if len(arguments) < 2:
            return _list_commands()
        arguments = [arguments[1], "--help"]
    command, options = _parse(arguments[0], arguments[1:])
    with _database(arguments[0]):
        said = command.execute(*options.__dict__.pop("args", ()), **vars(options))
    return said if isinstance(said, int) else 0


def _list_commands() -> int:
    print("bin/overture COMMAND, with one of:\n")
    for name, package in sorted(get_commands().items()):
        if package == "overture":
            print(f"  {name:<13} {load_command_class(package, name).help}")
    print("\nbin/overture COMMAND --help tells its options. Django's own commands work, too.")
    return 0


def _parse(name: str, arguments: list[str]) -> tuple[BaseCommand, Namespace]:
    known = get_commands()
    if name not in known:
        near = difflib.get_close_matches(name, known, 1)
        hint = f" Did you mean {near[0]!r}?" if near else " bin/overture lists the commands."
        raise UsageError(f"There is no command {name!r}.{hint}")
    package = known[name]
    command = package if isinstance(package, BaseCommand) else load_command_class(package, name)
    try:
        return command, command.create_parser("bin/overture", name).parse_args(arguments)
    except CommandError as error:
        said = str(error).removeprefix("Error: ")
        raise UsageError(f"{name}: {said}. bin/overture {name} --help tells its options.") from None


@contextmanager
def _database(name: str) -> Iterator[None]:
    from django.conf import settings

    if settings.DATABASE_URL or name in WITHOUT_DATABASE:
        yield
        return
    embedded_postgres.start(settings.OVERTURE_DATA)
    try:
        yield
    finally:
        embedded_postgres.stop(settings.OVERTURE_DATA)


def _say(error: Exception | str, code: int) -> int:
    if isinstance(error, SystemCheckError):
        error = f"Overture's own checks failed.\n{error}"
    print(f"overture: {error}", file=sys.stderr)
    return code
