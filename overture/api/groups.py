"""/groups: the workspace's private labels on prospects."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count
from django.shortcuts import get_object_or_404
from ninja import Query, Router
from pydantic import BaseModel

from overture.accounts.models import Membership
from overture.api.bearer import ApiRequest
from overture.api.bodies import In
from overture.api.paging import Listed, Walk, listed
from overture.prospects import group as verbs
from overture.prospects.models import Group

router = Router(tags=["Groups"])


class GroupIn(In):
    name: str


class GroupOut(BaseModel):
    id: int
    name: str
    prospects: int
    created_at: datetime


@router.get("", response=Listed[GroupOut])
def list_groups(request: ApiRequest, walk: Query[Walk]) -> Any:
    return listed(Group.objects.visible_to(request.member), walk, _shown)


@router.post("", response={201: GroupOut})
def make_group(request: ApiRequest, body: GroupIn) -> Any:
    return _shown([verbs.make(request.member, body.name)])[0]


@router.get("/{int:group}", response=GroupOut)
def get_group(request: ApiRequest, group: int) -> Any:
    return _shown([_find(request.member, group)])[0]


@router.patch("/{int:group}", response=GroupOut)
def rename_group(request: ApiRequest, group: int, body: GroupIn) -> Any:
    row = _find(request.member, group)
    verbs.rename(request.member, row, body.name)
    return _shown([row])[0]


@router.delete("/{int:group}", response={204: None})
def delete_group(request: ApiRequest, group: int) -> Any:
    """The label goes, its prospects stay."""
    verbs.delete(request.member, _find(request.member, group))
    return None


def _find(member: Membership, number: int) -> Group:
    found: Group = get_object_or_404(Group.objects.visible_to(member), pk=number)
    return found


def _shown(groups: Sequence[Group]) -> list[dict[str, Any]]:
    links = Group.objects.filter(pk__in=[each.pk for each in groups]).annotate(n=Count("prospects"))
    counts = dict(links.values_list("pk", "n"))
    return [
        {"id": each.pk, "name": each.name, "prospects": counts.get(each.pk, 0), "created_at": each.created_at}
        for each in groups
    ]
