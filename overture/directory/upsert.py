"""Makes and changes partners of the directory, matched by account number, own website or account address."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from overture.accounts.access import require_operator
from overture.accounts.models import User
from overture.directory.details import Details
from overture.directory.models import PartnerUser, Standing
from overture.directory.partner_users import partner_user_of
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


@transaction.atomic
def describe_own(mine: PartnerUser, details: Details) -> Outcome:
    """What its own people say of a partner; its standing stays. Raises Busy, Http404 for who left."""
    take_turn()
    partner = partner_user_of(mine.user, mine.partner_id).partner
    plan = Plan()
    [outcome] = plan.add([Row(details, partner.pk)])
    write(plan, mine.user_id, Standing.IN_REVIEW)
    return outcome
