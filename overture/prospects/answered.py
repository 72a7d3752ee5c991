"""A partner answered an e-mail: the prospect is at least in negotiation, and its contact has written."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from overture.activity.record import record
from overture.prospects import search
from overture.prospects.models import Prospect, Stage, Wrote


def answered(prospect: Prospect) -> bool:
    """Moves New and Outreach to Negotiating by itself; every other stage was a person's decision."""
    rows = Prospect.objects.filter(pk=prospect.pk)
    found = rows.select_for_update().get()
    rows.update(active_at=timezone.now())
    if found.stage not in (Stage.NEW, Stage.OUTREACH):
        return False
    rows.update(stage=Stage.NEGOTIATING)
    record(
        "stage_moved", found.workspace_id, prospect_id=found.pk,
        **{"from": found.stage, "to": Stage.NEGOTIATING.value, "by": "reply"},
    )  # fmt: skip
    return True


def wrote(workspace_id: int, address_key: str, at: datetime) -> None:
    """A contact did, from this address: this workspace, and no other, sees it in full and finds by it."""
    found = {"workspace_id": workspace_id, "address_key": address_key}
    _, is_first = Wrote.objects.get_or_create(**found, defaults={"at": at})
    if is_first:
        rows = Prospect.objects.filter(workspace=workspace_id, partner__contacts__address_key=address_key)
        search.refresh(rows.values_list("pk", flat=True).distinct())
