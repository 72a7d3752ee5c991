"""A file in which a virus was found: closed for everybody, in quarantine for the operator, told once."""

from __future__ import annotations

from django.db.models.functions import Now

from overture.activity.record import record
from overture.files import store
from overture.files.models import Attachment, State, StoredFile


def tell_blocked(stored: StoredFile) -> None:
    """Workspaces that were to get it learn of it, once for each attachment; in the caller's transaction."""
    untold = Attachment.objects.filter(stored=stored, told_at=None).select_for_update()
    for attachment in untold:
        if attachment.workspace_id is not None:
            record(
                "file_blocked",
                attachment.workspace_id,
                attachment=attachment.pk,
                name=attachment.name,
                found=stored.reason,
            )
    untold.update(told_at=Now())


def forget_bytes(stored: StoredFile) -> None:
    """Only of what is infected; its row stays, so that the same file is known again."""
    rows = StoredFile.objects.filter(pk=stored.pk, state=State.INFECTED, deleted_at=None)
    if rows.update(deleted_at=Now()):
        store.delete(stored.sha256)
