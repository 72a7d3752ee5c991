"""What was blocked: the operator sees whose it is and when it goes, and may let it go at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Prefetch, QuerySet

from overture.accounts.access import require_operator
from overture.accounts.models import User
from overture.files.block import forget_bytes
from overture.files.models import Attachment, State, StoredFile

KEPT = timedelta(days=30)


def quarantine(operator: User | None) -> QuerySet[Any]:
    """Files in which something was found, also deleted ones, with attachments. Raises PermissionDenied."""
    require_operator(operator)
    given = Attachment.objects.select_related("workspace", "member__user", "user").order_by("pk")
    blocked = StoredFile.objects.filter(state=State.INFECTED)
    return blocked.prefetch_related(Prefetch("attachments", queryset=given))


def delete_now(operator: User | None, stored: StoredFile) -> None:
    """Before its time; done twice it changes nothing. Raises PermissionDenied."""
    require_operator(operator)
    forget_bytes(stored)
