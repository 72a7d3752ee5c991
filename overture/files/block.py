"""A file in which a virus was found: closed for everybody, in quarantine for the operator, told once."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models.functions import Now

from overture.activity.record import record
from overture.files import store
from overture.files.models import Attachment, State, StoredFile


def tell_blocked(stored: StoredFile) -> None:
    """Workspaces that were to get it learn of it, once for each attachment; in the caller's transaction.

    What a partner's user has not sent is nobody else's business yet: it is told when it is sent.
    """
    own = Attachment.objects.filter(user__isnull=False, workspace__isnull=False).unsent().values("pk")
    untold = Attachment.objects.filter(stored=stored, told_at=None).exclude(pk__in=own)
    told = list(untold.select_for_update(of=("self",)))
    for attachment in told:
        if attachment.workspace_id is not None:
            record(
                "file_blocked",
                attachment.workspace_id,
                attachment=attachment.pk,
                name=attachment.name,
                found=stored.reason,
            )
    Attachment.objects.filter(pk__in=[each.pk for each in told]).update(told_at=Now())


def tell_sent(attachments: Sequence[Attachment]) -> None:
    """Of what was found before something held it; in the transaction of who holds it now."""
    numbers = {each.stored_id for each in attachments}
    # Locked: a scan that ends at this moment waits, and sees then that it is held.
    for stored in StoredFile.objects.select_for_update().filter(pk__in=numbers).order_by("pk"):
        if stored.state == State.INFECTED:
            tell_blocked(stored)


def forget_bytes(stored: StoredFile) -> None:
    """Only of what is infected; its row stays, so that the same file is known again."""
    rows = StoredFile.objects.filter(pk=stored.pk, state=State.INFECTED, deleted_at=None)
    if rows.update(deleted_at=Now()):
        store.delete(stored.sha256)
