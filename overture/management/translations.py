"""Compares the translations with the source: what is missing, doubtful, or lost a placeholder."""

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management.base import CommandError

PLACEHOLDER = re.compile(r"%\([a-z_]+\)[sd]|%[sd]|\{[a-z_]*\}|</?[a-z]+")


def extract(into: Path) -> None:
    """Bring the .po files under `into`, a copy of the package, up to date with its source."""
    if not shutil.which("xgettext"):
        raise CommandError("The program gettext is missing. On Debian or Ubuntu: apt install gettext")
    languages = [part for code, _ in settings.LANGUAGES if code != "en" for part in ("-l", code)]
    done = subprocess.run(
        [sys.executable, "-m", "django", "makemessages", *languages, "--no-obsolete", "--add-location=file"],
        cwd=into,
        env={"PATH": "/usr/local/bin:/usr/bin:/bin", "PYTHONPATH": str(settings.ROOT), "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise CommandError(f"The texts could not be read from the source: {done.stderr.strip()}")


def faults() -> Iterator[str]:
    """One line for each text that is not translated as it stands in the source."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "overture"
        shutil.copytree(
            settings.ROOT / "overture", copy, ignore=shutil.ignore_patterns("__pycache__", "static", "*.mo")
        )
        (copy / "locale").mkdir(exist_ok=True)
        extract(copy)
        for path in sorted((copy / "locale").glob("*/LC_MESSAGES/*.po")):
            with path.open("rb") as file:
                yield from faults_in(read_po(file), path.parent.parent.name)


def faults_in(catalog: Catalog, language: str) -> Iterator[str]:
    for message in catalog:
        reason = _fault(message) if message.id else ""
        if reason:
            where = ", ".join(sorted({name for name, _ in message.locations}))
            yield f"{language}: {reason}: {_source(message)!r} ({where})"


def _fault(message: Message) -> str:
    texts = message.string if isinstance(message.string, tuple | list) else [message.string]
    if not all(texts):
        return "not translated"
    if message.fuzzy:
        return "marked as doubtful"
    wanted = _placeholders(message.id[-1] if isinstance(message.id, tuple | list) else message.id)
    # A singular may leave out the number that its plural names.
    if _placeholders(str(texts[-1])) != wanted or any(_placeholders(str(text)) - wanted for text in texts):
        return "other placeholders"
    return ""


def _placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


def _source(message: Message) -> str:
    return str(message.id[0] if isinstance(message.id, tuple | list) else message.id)
