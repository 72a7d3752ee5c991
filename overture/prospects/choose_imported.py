"""Chooses what an import made or changed, so that it can be looked at and written to."""

from __future__ import annotations

from django.db import connection, transaction

from overture.accounts.models import Membership
from overture.prospects.models import Import, Selection


@transaction.atomic
def choose_imported(member: Membership, imported: Import) -> Selection:
    """A new selection of those prospects that are still the member's to see; one statement."""
    made = Selection.objects.create(workspace_id=member.workspace_id, member=member)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO overture_selectionrow (selection_id, prospect_id)"
            " SELECT DISTINCT %s, change.prospect_id FROM overture_importchange AS change"
            " JOIN overture_prospect AS prospect ON prospect.id = change.prospect_id"
            " WHERE change.imported_id = %s AND prospect.workspace_id = %s AND prospect.archived_at IS NULL",
            [made.pk, imported.pk, member.workspace_id],
        )
    return made
