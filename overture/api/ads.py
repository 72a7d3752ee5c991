"""/ads: creatives with an id, whose ad codes go into e-mails."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from django.db.models import Count
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router
from pydantic import BaseModel

from overture.accounts.models import Membership, Program
from overture.ads.details import Details
from overture.ads.edit import edit, end
from overture.ads.make import make
from overture.ads.models import Ad
from overture.api.bearer import ApiRequest
from overture.api.bodies import Id, In, Moment
from overture.api.paging import Listed, Walk, listed
from overture.api.problems import Fault, invalid
from overture.api.wording import words

router = Router(tags=["Ads"])
Kind = Literal["text", "banner"]
_DETAILS = tuple(Details.__dataclass_fields__)
_NULLABLE = {"width", "height", "active_from", "active_to"}


class AdIn(In):
    name: str
    kind: Kind
    landing_page: str
    text: str | None = None
    image: str | None = None
    width: int | None = None
    height: int | None = None
    alt: str | None = None
    program: Id | None = None
    active_from: Moment | None = None
    active_to: Moment | None = None


class AdPatch(In):
    name: str | None = None
    kind: Kind | None = None
    landing_page: str | None = None
    text: str | None = None
    image: str | None = None
    width: int | None = None
    height: int | None = None
    alt: str | None = None
    active_from: Moment | None = None
    active_to: Moment | None = None


class AdOut(BaseModel):
    id: int
    name: str
    kind: Kind
    text: str
    image: str
    width: int | None
    height: int | None
    alt: str
    landing_page: str
    program: int
    active_from: datetime
    active_to: datetime | None
    is_active: bool
    clicks: int
    token: str
    created_at: datetime


@router.get("", response=Listed[AdOut])
def list_ads(request: ApiRequest, walk: Query[Walk]) -> Any:
    """The oldest first; ended ones are among them."""
    return listed(_rows(request.member), walk, _shown)


@router.post("", response={201: AdOut})
def make_ad(request: ApiRequest, body: AdIn) -> Any:
    """Active at once and without end, in the workspace's first program, unless it says otherwise."""
    given = body.given()
    program = _program(request.member, given.pop("program", None))
    return _one(request.member, make(request.member, Details(**given), program).pk)


@router.get("/{int:ad}", response=AdOut)
def get_ad(request: ApiRequest, ad: int) -> Any:
    return _one(request.member, ad)


@router.patch("/{int:ad}", response=AdOut)
def edit_ad(request: ApiRequest, ad: int, body: AdPatch) -> Any:
    """What is left out stays. The program stays, too: links that have left name it."""
    row = get_object_or_404(_rows(request.member), pk=ad)
    said = {
        name: "" if value is None and name not in _NULLABLE else value for name, value in body.said().items()
    }
    kept = {name: getattr(row, name) for name in _DETAILS}
    edit(request.member, row, Details(**(kept | said)))
    return _one(request.member, ad)


@router.post("/{int:ad}/end", response=AdOut)
def end_ad(request: ApiRequest, ad: int) -> Any:
    """No new e-mail carries it from now on; links that have left go on working."""
    end(request.member, get_object_or_404(_rows(request.member), pk=ad))
    return _one(request.member, ad)


def _rows(member: Membership) -> Any:
    return Ad.objects.visible_to(member)


def _one(member: Membership, number: int) -> dict[str, Any]:
    return _shown([get_object_or_404(_rows(member), pk=number)])[0]


def _shown(ads: Sequence[Ad]) -> list[dict[str, Any]]:
    numbers = [ad.pk for ad in ads]
    clicks = dict(Ad.objects.filter(pk__in=numbers).annotate(n=Count("clicks")).values_list("pk", "n"))
    now = timezone.now()
    return [
        {name: getattr(ad, name) for name in (*_DETAILS, "id", "created_at")}
        | {
            "program": ad.program_id,
            "is_active": ad.is_active(now),
            "clicks": clicks.get(ad.pk, 0),
            "token": f"{{adcode_{ad.pk}}}",
        }
        for ad in ads
    ]


def _program(member: Membership, number: int | None) -> Program | None:
    if number is None:
        return None
    found: Program | None = Program.objects.visible_to(member).filter(pk=number).first()
    if found is None:
        raise invalid(Fault("program", "unknown", words("unknown_program")))
    return found
