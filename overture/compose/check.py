"""Everything that is wrong with a draft, at once: errors stop it, hints do not."""

import re

from overture.compose.errors import ComposeError
from overture.compose.known import Known
from overture.compose.markup import TooMuch, tidy
from overture.compose.notes import Notes
from overture.compose.read import read_content, read_subject

MAX_SUBJECT = 500

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def check(subject: str, content: str, known: Known) -> list[ComposeError]:
    """Errors and hints of both parts in reading order, for use while writing."""
    found = check_subject(subject, known) + check_content(content, known)
    return sorted(found, key=lambda error: (error.where != "subject", error.position))


def check_subject(subject: str, known: Known) -> list[ComposeError]:
    notes = Notes("subject", known)
    if len(subject) > MAX_SUBJECT:
        notes.error(MAX_SUBJECT, "subject_too_long", limit=str(MAX_SUBJECT))
        return notes.errors
    if control := _CONTROL.search(subject):
        notes.error(control.start(), "control_character")
    if "=?" in subject:
        notes.error(subject.index("=?"), "encoded_word")
    read_subject(subject, notes)
    return notes.errors + notes.hints


def check_content(content: str, known: Known) -> list[ComposeError]:
    notes = Notes("content", known)
    try:
        read_content(tidy(content), notes)
    except TooMuch as much:
        notes.error(0, much.code, limit=str(much.limit))
    return notes.errors + notes.hints
