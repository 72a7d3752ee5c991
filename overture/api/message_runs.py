"""/message-runs: one message to many prospects, each in their own conversation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from django.shortcuts import get_object_or_404
from ninja import Query, Router
from pydantic import BaseModel, Field

from overture.accounts.models import Membership
from overture.api.bearer import ApiRequest
from overture.api.bodies import In
from overture.api.conversations import Files
from overture.api.paging import Listed, Walk, listed
from overture.conversations.models import MessageRun, MessageRunRow
from overture.conversations.post_many import Plan, plan, post_many
from overture.files.mine import mine

router = Router(tags=["Messages to many"])
_SHAPES = "{prospects: [ids]}, {filter: {}, exclude: [ids], from: list} or {selection: id}"


class RunFields(In):
    text: str = Field("", description="With tokens such as {firstName|there}; but no ad codes.")
    files: Files = []
    language: Literal["en", "fr"] = "en"
    contact_policy: Literal["hold", "override"] = "hold"

    def options(self) -> dict[str, Any]:
        return {"language": self.language, "overrides": self.contact_policy == "override"}


class RunIn(RunFields):
    audience: dict[str, Any] = Field(description=_SHAPES)


class HeldOut(BaseModel):
    reason: str
    count: int
    names: list[str] = Field(description="The first of them.")


class PlanOut(BaseModel):
    count: int = Field(description="Who would get it.")
    held: list[HeldOut]


class RunOut(BaseModel):
    id: int
    state: Literal["queued", "running", "done", "failed"]
    problem: str
    total: int
    done: int
    text: str
    created_at: datetime
    ended_at: datetime | None


class RowOut(BaseModel):
    prospect: int
    state: Literal["waiting", "sent", "held"]
    reason: str
    message: int | None


@router.post("/preview", response=PlanOut)
def preview_message_run(request: ApiRequest, body: RunIn) -> Any:
    """Who would get it and who is held back, and why. Nothing is sent."""
    return shown_plan(plan(request.member, body.audience, body.text, **body.options()))


@router.post("", response={201: RunOut})
def begin_message_run(request: ApiRequest, body: RunIn) -> Any:
    files = mine(body.files, member=request.member)
    return shown_run(post_many(request.member, body.audience, body.text, files, **body.options()))


@router.get("/{int:run}", response=RunOut)
def get_message_run(request: ApiRequest, run: int) -> Any:
    return shown_run(_find(request.member, run))


@router.get("/{int:run}/rows", response=Listed[RowOut])
def list_message_run_rows(request: ApiRequest, run: int, walk: Query[Walk]) -> Any:
    return listed(_find(request.member, run).rows.all(), walk, _rows)


def _find(member: Membership, number: int) -> MessageRun:
    rows = MessageRun.objects.visible_to(member).select_related("run")
    found: MessageRun = get_object_or_404(rows, run_id=number)
    return found


def shown_plan(seen: Plan) -> dict[str, Any]:
    held = [{"reason": each.code, "count": each.count, "names": each.names} for each in seen.held]
    return {"count": seen.count, "held": held}


def shown_run(made: MessageRun) -> dict[str, Any]:
    names = ("state", "problem", "done", "created_at", "ended_at")
    facts = {name: getattr(made.run, name) for name in names}
    return facts | {"id": made.run_id, "total": made.run.total or 0, "text": made.text}


def _rows(rows: Sequence[MessageRunRow]) -> list[dict[str, Any]]:
    return [
        {
            "prospect": each.prospect_id,
            "state": each.state,
            "reason": each.reason,
            "message": each.message_id,
        }
        for each in rows
    ]
