"""Makes and changes partners of the directory, matched by account number, own website or account address."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from overture.accounts.access import require_operator
from overture.accounts.models import User
from overture.directory.models import Standing
from overture.directory.plan import Outcome, Plan, Row
from overture.directory.turns import take_turn
from overture.directory.write import write

MOST_ROWS = 1_000


@transaction.atomic
def upsert(operator: User, rows: Sequence[Row], standing: Standing = Standing.LISTED) -> list[Outcome]:
    """What became of each row, in their order; the number of queries does not depend on how many there are.

    New partners come in as `standing`, listed or in review; known ones stay where they are. Raises Busy, and
    PermissionDenied for who is no operator.
    """
    require_operator(operator)
    if standing not in (Standing.LISTED, Standing.IN_REVIEW):
        raise ValueError(standing)
    take_turn()
    plan = Plan()
    outcomes = plan.add(rows)
    write(plan, operator.pk, standing)
    return outcomes
