"""Notes: internal text on a prospect."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from overture.accounts.access import require
from overture.accounts.models import Membership
from overture.accounts.roles import Permission
from overture.activity.record import record
from overture.notices.notices import notify
from overture.prospects.mentions import mentioned
from overture.prospects.models import Note, Prospect

LONGEST = 10_000


class NoteError(ValueError):
    """A text that is no note. Codes: empty, too_long."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def add(member: Membership, prospect: Prospect, text: str) -> Note:
    """Colleagues named in it (@Camille) are told by a notice.

    Raises NoteError, and Prospect.DoesNotExist for one of another workspace.
    """
    require(member, Permission.MANAGE_PROSPECTS)
    own = Prospect.objects.visible_to(member).get(pk=prospect.pk)
    note = Note.objects.create(
        workspace_id=member.workspace_id, prospect=own, author=member, text=_checked(text)
    )
    Prospect.objects.filter(pk=own.pk).update(active_at=timezone.now())
    _mention(member, note, told=())
    record("note_added", member.workspace_id, member, prospect_id=own.pk, note=note.pk)
    return note


@transaction.atomic
def edit(member: Membership, note: Note, text: str) -> None:
    """Raises NoteError, and Note.DoesNotExist for one of another workspace."""
    require(member, Permission.MANAGE_PROSPECTS)
    note = Note.objects.visible_to(member).get(pk=note.pk)
    note.text = _checked(text)
    note.save(update_fields=["text"])
    _mention(member, note, told=set(note.mentions.values_list("pk", flat=True)))
    record("note_edited", member.workspace_id, member, prospect_id=note.prospect_id, note=note.pk)


@transaction.atomic
def delete(member: Membership, note: Note) -> None:
    """Raises Note.DoesNotExist for one of another workspace."""
    require(member, Permission.MANAGE_PROSPECTS)
    note = Note.objects.visible_to(member).get(pk=note.pk)
    record("note_deleted", member.workspace_id, member, prospect_id=note.prospect_id, note=note.pk)
    note.delete()


def _mention(member: Membership, note: Note, told: Collection[int]) -> None:
    """Who was told before is not told again; nobody is told of themselves."""
    named = mentioned(member, note.text)
    note.mentions.set(named)
    for each in named:
        if each.pk not in told and each.pk != member.pk:
            facts = {"who": str(member), "name": note.prospect.name, "prospect": note.prospect_id}
            notify(each, "mentioned", **facts)


def _checked(text: str) -> str:
    text = text.replace("\0", "").replace("\r\n", "\n").strip()
    if not text:
        raise NoteError("empty")
    if len(text) > LONGEST:
        raise NoteError("too_long")
    return text
