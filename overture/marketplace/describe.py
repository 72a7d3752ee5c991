"""The upsert as pages and API call it: prospects are found by what their partners' contacts became."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from overture.accounts.models import User
from overture.directory.models import Standing
from overture.directory.plan import Outcome, Row
from overture.directory.upsert import upsert
from overture.prospects import search


@transaction.atomic
def describe(operator: User, rows: Sequence[Row], standing: Standing = Standing.LISTED) -> list[Outcome]:
    """See directory.upsert. Raises Busy and PermissionDenied."""
    outcomes = upsert(operator, rows, standing)
    search.refresh_partners({each.mpid for each in outcomes if each.state == "updated" and each.mpid})
    return outcomes
