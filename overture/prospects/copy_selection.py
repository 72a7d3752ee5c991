"""A mailing keeps a selection of its own: what is chosen in the list later does not change its recipients."""

from __future__ import annotations

from django.db import connection, transaction

from overture.accounts.models import Membership
from overture.prospects.models import Selection


@transaction.atomic
def copy_selection(member: Membership, selection: Selection) -> Selection:
    """The same prospects, chosen by `member`; one statement, however many."""
    made = Selection.objects.create(
        workspace_id=member.workspace_id, member=member, origin=selection.origin, filter=selection.filter
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO overture_selectionrow (selection_id, prospect_id)"
            " SELECT %s, prospect_id FROM overture_selectionrow WHERE selection_id = %s",
            [made.pk, selection.pk],
        )
    return made
