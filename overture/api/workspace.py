"""/workspace with its programs and members."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from django.shortcuts import get_object_or_404
from ninja import Query, Router
from pydantic import BaseModel, Field

from overture.accounts.edit_workspace import LONGEST_CONTACT_DAYS, edit_program, edit_workspace, make_program
from overture.accounts.models import Membership, Program
from overture.api.bearer import ApiRequest
from overture.api.bodies import In
from overture.api.paging import Listed, Walk, listed
from overture.api.problems import Fault, invalid
from overture.api.wording import words

router = Router(tags=["Workspace"])
ProgramKind = Literal["partner", "creator", "both"]


class WorkspacePatch(In):
    name: str | None = None
    postal_address: str | None = Field(None, max_length=500)
    contact_days: int | None = Field(None, ge=0, le=LONGEST_CONTACT_DAYS, description="0: no contact policy.")
    time_zone: str | None = None
    is_open_to_partners: bool | None = Field(None, description="Listed partners may begin a conversation.")


class WorkspaceOut(BaseModel):
    name: str
    slug: str
    postal_address: str
    contact_days: int
    time_zone: str
    is_open_to_partners: bool


class ProgramIn(In):
    name: str = Field(max_length=120)
    kind: ProgramKind = "both"


class ProgramPatch(In):
    name: str | None = Field(None, min_length=1, max_length=120)
    kind: ProgramKind | None = None


class ProgramOut(BaseModel):
    id: int
    name: str
    kind: ProgramKind
    created_at: datetime


class MemberOut(BaseModel):
    id: int
    name: str
    email: str
    role: Literal["administrator", "manager", "viewer"]
    is_you: bool


@router.get("/workspace", response=WorkspaceOut)
def get_workspace(request: ApiRequest) -> Any:
    """The one the token belongs to."""
    return _workspace(request.member)


@router.patch("/workspace", response=WorkspaceOut)
def edit_this_workspace(request: ApiRequest, body: WorkspacePatch) -> Any:
    """What is left out or null stays."""
    edit_workspace(request.member, **body.given())
    return _workspace(request.member)


@router.get("/programs", response=Listed[ProgramOut])
def list_programs(request: ApiRequest, walk: Query[Walk]) -> Any:
    """What the brand runs; the first is the default of ads."""
    return listed(Program.objects.visible_to(request.member), walk, _programs)


@router.post("/programs", response={201: ProgramOut})
def add_program(request: ApiRequest, body: ProgramIn) -> Any:
    return _programs([make_program(request.member, _name(body.name), body.kind)])[0]


@router.get("/programs/{int:program}", response=ProgramOut)
def get_program(request: ApiRequest, program: int) -> Any:
    return _programs([_find(request.member, program)])[0]


@router.patch("/programs/{int:program}", response=ProgramOut)
def change_program(request: ApiRequest, program: int, body: ProgramPatch) -> Any:
    """What is left out or null stays."""
    row = _find(request.member, program)
    edit_program(request.member, row, _name(body.name or row.name), body.kind or row.kind)
    return _programs([_find(request.member, program)])[0]


@router.get("/members", response=Listed[MemberOut])
def list_members(request: ApiRequest, walk: Query[Walk]) -> Any:
    """Who works here: their ids are the owners of prospects."""

    def shown(members: Sequence[Membership]) -> list[dict[str, Any]]:
        return [
            {
                "id": each.pk,
                "name": str(each),
                "email": each.user.email,
                "role": each.role,
                "is_you": each.pk == request.member.pk,
            }
            for each in members
        ]

    return listed(Membership.objects.visible_to(request.member).select_related("user"), walk, shown)


def _find(member: Membership, number: int) -> Program:
    found: Program = get_object_or_404(Program.objects.visible_to(member), pk=number)
    return found


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not name:
        raise invalid(Fault("name", "empty", words("empty")))
    return name


def _workspace(member: Membership) -> dict[str, Any]:
    return {name: getattr(member.workspace, name) for name in WorkspaceOut.model_fields}


def _programs(programs: Sequence[Program]) -> list[dict[str, Any]]:
    return [{name: getattr(each, name) for name in ProgramOut.model_fields} for each in programs]
