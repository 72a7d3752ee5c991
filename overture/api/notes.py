"""Notes: internal text on a prospect."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.shortcuts import get_object_or_404
from ninja import Query, Router
from pydantic import BaseModel

from overture.accounts.models import Membership
from overture.api.bearer import ApiRequest
from overture.api.bodies import In
from overture.api.paging import Listed, Walk, listed
from overture.api.shown_prospects import find
from overture.prospects import note as verbs
from overture.prospects.models import Note

router = Router(tags=["Notes"])


class NoteIn(In):
    text: str


class NoteOut(BaseModel):
    id: int
    prospect: int
    author: int | None
    text: str
    created_at: datetime


@router.get("/prospects/{int:prospect}/notes", response=Listed[NoteOut])
def list_notes(request: ApiRequest, prospect: int, walk: Query[Walk]) -> Any:
    row = find(request.member, prospect)
    return listed(Note.objects.visible_to(request.member).filter(prospect=row), walk, _shown)


@router.post("/prospects/{int:prospect}/notes", response={201: NoteOut})
def add_note(request: ApiRequest, prospect: int, body: NoteIn) -> Any:
    return _shown([verbs.add(request.member, find(request.member, prospect), body.text)])[0]


@router.patch("/notes/{int:note}", response=NoteOut)
def edit_note(request: ApiRequest, note: int, body: NoteIn) -> Any:
    verbs.edit(request.member, _find(request.member, note), body.text)
    return _shown([_find(request.member, note)])[0]


@router.delete("/notes/{int:note}", response={204: None})
def delete_note(request: ApiRequest, note: int) -> Any:
    verbs.delete(request.member, _find(request.member, note))
    return None


def _find(member: Membership, number: int) -> Note:
    found: Note = get_object_or_404(Note.objects.visible_to(member), pk=number)
    return found


def _shown(notes: Sequence[Note]) -> list[dict[str, Any]]:
    return [
        {
            "id": each.pk,
            "prospect": each.prospect_id,
            "author": each.author_id,
            "text": each.text,
            "created_at": each.created_at,
        }
        for each in notes
    ]
