"""Relates the demo's brand to partners of the directory, so that its marketplace has something to tell."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from overture.accounts.models import Membership
from overture.demo.generate import SEED
from overture.directory.models import Partner
from overture.marketplace.models import NotInterested, SavedPartner
from overture.prospects import search
from overture.prospects.models import Group, Prospect, Stage

# Of the cast, as the design's marketplace shows them; None: no prospect yet.
_CAST = (
    "negotiating", "negotiating", None, "outreach", "negotiating", None, "outreach", "new",
    "negotiating", "new", None, "negotiating",
)  # fmt: skip
_SAVED = (0, 2, 5, 7, 10)
_NOT_INTERESTED = 2
# What a brand of home textiles joins with.
_NEAR = ("Home and living", "Food and table", "Gardens", "Gifts and occasions", "Crafts and DIY", "Weddings")
_FAR = ("Cars and motorbikes", "Finance")
_JOINED = 15
_STAGES = ("new",) * 10 + ("outreach",) * 12 + ("negotiating",) * 8 + ("expired",) * 2 + (
    "rejected_by_partner", "rejected_by_you", "rejected_by_you",
)  # fmt: skip
# How many partners it looked at.
_SEEN = 600
_COPIED = ("name", "kind", "website", "country", "category", "language", "audience")


def relate(nora: Membership, owners: list[Membership], groups: list[Group], now: datetime) -> list[int]:
    """The ids of the new prospects, about 60 where the directory has as many."""
    seen = list(Partner.objects.listed().order_by("id")[:_SEEN])
    cast, others = seen[: len(_CAST)], seen[len(_CAST) :]
    near = [each for each in others if each.category in _NEAR]
    staged = [(each, stage) for each, stage in zip(cast, _CAST, strict=False) if stage]
    staged += [(each, Stage.JOINED.value) for each in near[:_JOINED]]
    staged += list(zip(near[_JOINED:], _STAGES, strict=False))
    prospects = _mark(staged, owners, groups, now)
    _save(nora, [cast[number] for number in _SAVED if number < len(cast)])
    _put_aside(nora, [each for each in others if each.category in _FAR][:_NOT_INTERESTED])
    return prospects


def _mark(
    staged: list[tuple[Partner, str]], owners: list[Membership], groups: list[Group], now: datetime
) -> list[int]:
    rng = random.Random(SEED)  # noqa: S311  # not for secrets: the same demo each time
    made = Prospect.objects.bulk_create(
        Prospect(
            workspace_id=owners[0].workspace_id,
            partner=partner,
            stage=stage,
            owner=rng.choice([*owners, None]),
            **{field: getattr(partner, field) for field in _COPIED},
        )
        for partner, stage in staged
    )
    for prospect in made:
        prospect.created_at = now - timedelta(minutes=rng.randrange(60, 60 * 24 * 90))
        prospect.active_at = prospect.created_at + (now - prospect.created_at) * rng.random()
    Prospect.objects.bulk_update(made, ["created_at", "active_at"])
    through = Prospect.groups.through
    through.objects.bulk_create(
        through(prospect_id=prospect.pk, group_id=group.pk)
        for prospect in made
        for group in rng.sample(groups, min(len(groups), rng.choice((0, 1, 1, 2))))
    )
    numbers = [prospect.pk for prospect in made]
    search.refresh(numbers)
    return numbers


def _save(nora: Membership, partners: list[Partner]) -> None:
    SavedPartner.objects.bulk_create(
        SavedPartner(workspace_id=nora.workspace_id, partner=each, member=nora) for each in partners
    )


def _put_aside(nora: Membership, partners: list[Partner]) -> None:
    NotInterested.objects.bulk_create(
        NotInterested(workspace_id=nora.workspace_id, partner=each, member=nora) for each in partners
    )
