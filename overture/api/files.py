"""/files: attachments, sent in one by one, scanned, then held by a message or e-mail; what was blocked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from django.shortcuts import get_object_or_404
from ninja import File, Query, Router, UploadedFile
from pydantic import BaseModel, Field

from overture.accounts.access import require, require_operator
from overture.accounts.roles import Permission
from overture.api.bearer import ApiRequest
from overture.api.bodies import clean
from overture.api.paging import Listed, Walk, listed
from overture.api.problems import Fault, Problem, invalid
from overture.api.wording import words
from overture.files.keep import keep
from overture.files.models import Attachment, FileType, StoredFile
from overture.files.names import MEDIA_TYPES
from overture.files.quarantine import KEPT, delete_now, quarantine
from overture.files.serve import answer_with
from overture.files.standing import look, waiting
from overture.files.wording import closed_words

router = Router(tags=["Files"])
State = Literal["pending", "clean", "infected", "unscannable"]


class FileOut(BaseModel):
    id: int
    name: str
    type: str = Field(description="A media type, such as image/png.")
    size: int
    state: State = Field(description="Only a clean file can be read.")
    width: int | None
    height: int | None
    pages: int | None
    has_preview: bool
    problem: str = Field(description="Why it cannot be read; empty when clean.")
    created_at: datetime


class BlockedOut(BaseModel):
    id: int
    sha256: str
    names: list[str]
    workspaces: list[str]
    given_by: list[str]
    found: str = Field(description="The name of the signature.")
    size: int
    scanned_at: datetime | None
    goes_at: datetime | None
    deleted_at: datetime | None


class ScannerOut(BaseModel):
    answers: bool
    version: str
    problem: str
    has_official_signatures: bool
    pending: int
    oldest_pending_at: datetime | None


@router.post("/files", response={201: FileOut})
def send_file(request: ApiRequest, file: File[UploadedFile]) -> Any:
    """CSV, PDF, JPEG, PNG or GIF. It is scanned at once, and goes after a day unless something holds it."""
    require(request.member, Permission.MESSAGE)
    sent = {*request.POST, *request.FILES}
    if unknown := sorted(sent - {"file"}):
        raise invalid(*(Fault(name, "extra_forbidden", words("extra_forbidden")) for name in unknown))
    name = clean(file.name or "", "file")
    content: Any = file.file
    kept = keep(content, name, workspace_id=request.member.workspace_id, member=request.member)
    return _shown(kept)


@router.get("/files/{int:attachment}", response=FileOut)
def get_file(request: ApiRequest, attachment: int) -> Any:
    return _shown(_find(request, attachment))


@router.get(
    "/files/{int:attachment}/content",
    openapi_extra={
        "responses": {
            200: {
                "content": {
                    each: {"schema": {"type": "string", "format": "binary"}} for each in MEDIA_TYPES.values()
                }
            }
        }
    },
)
def get_file_content(request: ApiRequest, attachment: int) -> Any:
    """What is handed out: of pictures and PDFs a copy made anew. 409 while it is not clean."""
    return _answer(_find(request, attachment), is_preview=False)


@router.get(
    "/files/{int:attachment}/preview",
    openapi_extra={
        "responses": {200: {"content": {"image/webp": {"schema": {"type": "string", "format": "binary"}}}}}
    },
)
def get_file_preview(request: ApiRequest, attachment: int) -> Any:
    """A small picture of it, where there is one."""
    return _answer(_find(request, attachment), is_preview=True)


@router.get("/quarantine", response=Listed[BlockedOut])
def list_quarantine(request: ApiRequest, walk: Query[Walk]) -> Any:
    """What was blocked, for 30 days. For operators."""
    return listed(quarantine(request.member.user), walk, _blocked)


@router.delete("/quarantine/{int:blocked}", response={204: None})
def delete_from_quarantine(request: ApiRequest, blocked: int) -> None:
    """Before its time; what was found stays on record."""
    stored = get_object_or_404(quarantine(request.member.user), pk=blocked)
    delete_now(request.member.user, stored)


@router.get("/scanner", response=ScannerOut)
def get_scanner(request: ApiRequest) -> Any:
    """Whether the virus scanner answers, and what waits for it. For operators."""
    require_operator(request.member.user)
    seen, pending = look(), waiting()
    return {
        "answers": bool(seen.version),
        "version": seen.version,
        "problem": seen.problem,
        "has_official_signatures": bool(seen.version) and seen.note != "test",
        "pending": pending.count,
        "oldest_pending_at": pending.oldest,
    }


def _find(request: ApiRequest, number: int) -> Attachment:
    rows = Attachment.objects.visible_to(request.member).select_related("stored")
    found: Attachment = get_object_or_404(rows, pk=number)
    return found


def _answer(attachment: Attachment, is_preview: bool) -> Any:
    answer = answer_with(attachment, is_preview=is_preview)
    if answer.status_code == 409:
        raise Problem("conflict", closed_words(attachment.state), state=attachment.state)
    return answer


def _shown(attachment: Attachment) -> dict[str, Any]:
    stored = attachment.stored
    same = ("size", "state", "width", "height", "pages", "has_preview")
    return {name: getattr(stored, name) for name in same} | {
        "id": attachment.pk,
        "name": attachment.name,
        "type": MEDIA_TYPES[FileType(stored.type)],
        "problem": "" if attachment.is_clean else closed_words(attachment.state),
        "created_at": attachment.created_at,
    }


def _blocked(rows: Sequence[StoredFile]) -> list[dict[str, Any]]:
    same = ("id", "sha256", "size", "scanned_at", "deleted_at")
    return [
        {name: getattr(row, name) for name in same}
        | {
            "found": row.reason,
            "goes_at": row.scanned_at + KEPT if row.scanned_at and not row.deleted_at else None,
            "names": [each.name for each in row.attachments.all()],
            "workspaces": [each.workspace.name for each in row.attachments.all() if each.workspace],
            "given_by": [str(_giver(each)) for each in row.attachments.all() if _giver(each)],
        }
        for row in rows
    ]


def _giver(attachment: Attachment) -> Any:
    return attachment.member.user if attachment.member else attachment.user
