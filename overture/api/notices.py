"""/notices: what you were told, such as new matches of a saved search."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import unescape
from typing import Annotated, Any

from ninja import Query, Router
from pydantic import BaseModel, Field

from overture.api.bearer import ApiRequest
from overture.api.bodies import Id, In
from overture.api.paging import LARGEST_PAGE, Listed, Walk, listed
from overture.notices import notices as verbs
from overture.notices.models import Notice
from overture.templatetags.notices import noticed

router = Router(tags=["Notices"])


class NoticeOut(BaseModel):
    id: int
    kind: str
    facts: dict[str, Any]
    text: str = Field(description="In the language of Accept-Language.")
    created_at: datetime
    read_at: datetime | None


class Read(In):
    notices: Annotated[list[Id], Field(max_length=LARGEST_PAGE)] | None = Field(
        description="Ids; null for all of them."
    )


class Changed(BaseModel):
    changed: int = Field(description="How many were not read before.")


@router.get("", response=Listed[NoticeOut])
def list_notices(request: ApiRequest, walk: Query[Walk], unread: bool = False) -> Any:
    """Yours. `unread`: those not read yet, and no others."""
    rows = verbs.notices(request.member)
    return listed(rows.filter(read_at=None) if unread else rows, walk, _shown)


@router.post("/read", response=Changed)
def read_notices(request: ApiRequest, body: Read) -> Any:
    if body.notices is None:
        return {"changed": verbs.read_all(request.member)}
    return {"changed": verbs.read(request.member, body.notices)}


def _shown(rows: Sequence[Notice]) -> list[dict[str, Any]]:
    names = ("id", "kind", "facts", "created_at", "read_at")
    return [{name: getattr(row, name) for name in names} | {"text": unescape(noticed(row))} for row in rows]
