"""How a workspace stands to the partners of a page, in the same number of queries for one and for many."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from overture.accounts.models import Membership
from overture.marketplace.models import NotInterested, SavedPartner
from overture.marketplace.query import Relation
from overture.prospects.models import Prospect, Stage


@dataclass(frozen=True)
class Standing:
    """`prospect` is its id, `stage` its stage: None and empty where the partner is none."""

    relation: str = Relation.NONE
    prospect: int | None = None
    stage: str = ""
    is_archived: bool = False
    is_saved: bool = False
    # Who saved it; None where nobody did, or who did was forgotten.
    saved_by: Membership | None = None
    is_not_interested: bool = False


def standing_of(member: Membership, mpids: Iterable[int]) -> dict[int, Standing]:
    """For each number. Being a prospect goes before not being interesting; being saved is apart from both."""
    numbers = list(mpids)
    prospects = {
        row.partner_id: row
        for row in Prospect.objects.visible_to(member)
        .filter(partner_id__in=numbers)
        .only("partner_id", "stage", "archived_at")
    }
    saved = {
        row.partner_id: row
        for row in SavedPartner.objects.visible_to(member)
        .filter(partner_id__in=numbers)
        .select_related("member__user")
    }
    hidden = NotInterested.objects.visible_to(member).filter(partner_id__in=numbers)
    dismissed = set(hidden.values_list("partner_id", flat=True))
    return {
        number: _standing(prospects.get(number), saved.get(number), number in dismissed) for number in numbers
    }


def _standing(prospect: Prospect | None, saved: SavedPartner | None, is_dismissed: bool) -> Standing:
    told: dict[str, Any] = {"is_saved": saved is not None, "saved_by": saved.member if saved else None}
    if prospect is None:
        relation = Relation.NOT_INTERESTED if is_dismissed else Relation.NONE
        return Standing(relation, is_not_interested=is_dismissed, **told)
    relation = Relation.JOINED if prospect.stage == Stage.JOINED else Relation.PROSPECT
    return Standing(relation, prospect.pk, prospect.stage, prospect.is_archived, **told)
