"""The upsert as pages and API call it: prospects are found by what their partners' contacts became."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from overture.accounts.models import User
from overture.directory.details import Details
from overture.directory.models import PartnerUser, Standing
from overture.directory.plan import Outcome, Row
from overture.directory.upsert import describe_own as upsert_own
from overture.directory.upsert import upsert
from overture.prospects import search


@transaction.atomic
def describe(operator: User, rows: Sequence[Row], standing: Standing = Standing.LISTED) -> list[Outcome]:
    """See directory.upsert. Raises Busy and PermissionDenied."""
    outcomes = upsert(operator, rows, standing)
    search.refresh_partners({each.mpid for each in outcomes if each.state == "updated" and each.mpid})
    return outcomes


@transaction.atomic
def describe_own(mine: PartnerUser, details: Details) -> Outcome:
    """The partner as its own people describe it. Raises Busy and Http404."""
    outcome = upsert_own(mine, details)
    if outcome.state == "updated" and outcome.mpid:
        search.refresh_partners([outcome.mpid])
    return outcome
