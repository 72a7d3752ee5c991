"""Writes down what happened, in the transaction of the verb that did it."""

from __future__ import annotations

from typing import Any

from overture.accounts.models import Membership
from overture.activity.models import Activity


def record(
    verb: str,
    workspace_id: int,
    member: Membership | None = None,
    *,
    prospect_id: int | None = None,
    mailing_id: int | None = None,
    **facts: Any,
) -> Activity:
    """`verb`: a noun and a past participle ("prospect_archived"); `facts`: JSON values for its wording."""
    return Activity.objects.create(
        verb=verb,
        workspace_id=workspace_id,
        member=member,
        prospect_id=prospect_id,
        mailing_id=mailing_id,
        facts=facts,
    )
