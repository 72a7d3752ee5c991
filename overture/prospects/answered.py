"""A partner answered an e-mail: the prospect is at least in negotiation, and its contact has written."""

from __future__ import annotations

from datetime import datetime

from django.db.models.functions import Least
from django.utils import timezone

from overture.activity.record import record
from overture.directory.models import Contact
from overture.prospects import search
from overture.prospects.models import Prospect, Stage


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


def wrote(contact: Contact, at: datetime, prospect: Prospect | None) -> None:
    """A contact that a workspace brought: it has seen the address before. (An account's contact wrote to one
    workspace, and shows to all: its row says nothing of it.)"""
    if contact.workspace_id is None:
        return
    Contact.objects.filter(pk=contact.pk).update(wrote_at=Least("wrote_at", at))
    if prospect is not None:
        search.refresh([prospect.pk])
