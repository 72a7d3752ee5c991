"""Partners of a marketplace as the API tells them: the same number of queries for one and for many."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from overture.accounts.models import Membership
from overture.api.shown_prospects import ContactOut, Kind, StageName, people_at, shown_contact
from overture.directory.models import Partner
from overture.marketplace.fit import Fit, fits_of
from overture.marketplace.relations import Standing, standing_of
from overture.marketplace.similar import similar_to
from overture.prospects.models import Prospect

_PLAIN = (
    "mpid", "name", "kind", "website", "country", "category", "languages", "audience", "methods", "topics",
    "business_model", "channels", "active_on", "has_messaging", "listed_at",
)  # fmt: skip


class Channel(BaseModel):
    kind: str
    size: int | None = None
    url: str = ""


class Reason(BaseModel):
    feature: Literal["category", "method", "country", "size"]
    value: str
    tried: int = Field(description="How many partners with this value you wrote to.")
    joined: int = Field(description="How many of them joined.")
    text: str


class FitOut(BaseModel):
    score: int = Field(description="0 to 100, by what joined and replied in your workspace before.")
    reasons: list[Reason]


class TileOut(BaseModel):
    mpid: int
    name: str
    kind: Kind
    website: str
    country: str
    category: str
    languages: list[str]
    audience: int | None
    size: str = Field(description="Tier of the audience; empty where nobody said how large it is.")
    methods: list[str]
    topics: list[str]
    business_model: str
    channels: list[Channel]
    active_on: date | None
    has_messaging: bool
    listed_at: datetime
    relation: Literal["none", "prospect", "joined", "not_interested"]
    prospect: int | None
    stage: StageName | None
    is_archived: bool
    is_saved: bool
    is_not_interested: bool
    fit: FitOut | None = Field(description="null while there is nothing to judge by.")


class PartnerOut(TileOut):
    about: str
    audience_countries: dict[str, float] = Field(description="Percents of the audience, by country.")
    audience_ages: dict[str, float] = Field(description="Percents of the audience, by age.")
    saved_by: int | None = Field(description="Id of a member.")
    contacts: list[ContactOut]
    similar: list[int] = Field(description="Account numbers of partners like it.")


def tiles(member: Membership, partners: Sequence[Partner]) -> list[dict[str, Any]]:
    standings = standing_of(member, [partner.pk for partner in partners])
    fits = fits_of(member, partners)
    return [_tile(partner, standings[partner.pk], fits.get(partner.pk)) for partner in partners]


def tiles_of(member: Membership, mpids: Sequence[int]) -> list[dict[str, Any]]:
    """In this order; without those taken down since they were found."""
    found = Partner.objects.listed().in_bulk(mpids)
    return tiles(member, [found[number] for number in mpids if number in found])


def details(member: Membership, partner: Partner) -> dict[str, Any]:
    """All that the side panel shows. Addresses as shown_address() decides."""
    standing = standing_of(member, [partner.pk])[partner.pk]
    prospect = Prospect.objects.visible_to(member).filter(pk=standing.prospect).first()
    people = people_at(member, [partner.pk]).order_by("id")
    told = {name: getattr(partner, name) for name in ("about", "audience_countries", "audience_ages")}
    return {
        **_tile(partner, standing, fits_of(member, [partner]).get(partner.pk)),
        **told,
        "saved_by": standing.saved_by.pk if standing.saved_by else None,
        "contacts": [shown_contact(member, prospect, each) for each in people],
        "similar": similar_to(member, partner),
    }


def _tile(partner: Partner, standing: Standing, fit: Fit | None) -> dict[str, Any]:
    named = ("relation", "prospect", "is_archived", "is_saved", "is_not_interested")
    return {
        **{name: getattr(partner, name) for name in _PLAIN},
        **{name: getattr(standing, name) for name in named},
        "size": str(partner.size or ""),
        "stage": standing.stage or None,
        "fit": _fit(fit) if fit else None,
    }


def _fit(fit: Fit) -> dict[str, Any]:
    names = Reason.model_fields
    return {
        "score": fit.score,
        "reasons": [{name: getattr(each, name) for name in names} for each in fit.reasons],
    }
