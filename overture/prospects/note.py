"""Notes: internal text on a prospect."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from overture.accounts.access import require
from overture.accounts.models import Membership
from overture.accounts.roles import Permission
from overture.activity.record import record
from overture.prospects.models import Note, Prospect

LONGEST = 10_000


class NoteError(ValueError):
    """A text that is no note. Codes: empty, too_long."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def add(member: Membership, prospect: Prospect, text: str) -> Note:
    """Raises NoteError, and Prospect.DoesNotExist for one of another workspace."""
    require(member, Permission.MANAGE_PROSPECTS)
    own = Prospect.objects.visible_to(member).get(pk=prospect.pk)
    note = Note.objects.create(
        workspace_id=member.workspace_id, prospect=own, author=member, text=_checked(text)
    )
    Prospect.objects.filter(pk=own.pk).update(active_at=timezone.now())
    record("note_added", member.workspace_id, member, prospect_id=own.pk, note=note.pk)
    return note


@transaction.atomic
def edit(member: Membership, note: Note, text: str) -> None:
    """Raises NoteError, and Note.DoesNotExist for one of another workspace."""
    require(member, Permission.MANAGE_PROSPECTS)
    note = Note.objects.visible_to(member).get(pk=note.pk)
    note.text = _checked(text)
    note.save(update_fields=["text"])
    record("note_edited", member.workspace_id, member, prospect_id=note.prospect_id, note=note.pk)


@transaction.atomic
def delete(member: Membership, note: Note) -> None:
    """Raises Note.DoesNotExist for one of another workspace."""
    require(member, Permission.MANAGE_PROSPECTS)
    note = Note.objects.visible_to(member).get(pk=note.pk)
    record("note_deleted", member.workspace_id, member, prospect_id=note.prospect_id, note=note.pk)
    note.delete()


def _checked(text: str) -> str:
    text = text.replace("\0", "").replace("\r\n", "\n").strip()
    if not text:
        raise NoteError("empty")
    if len(text) > LONGEST:
        raise NoteError("too_long")
    return text
