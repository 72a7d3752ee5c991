"""The queryset of every model that belongs to one workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.db import models

if TYPE_CHECKING:
    from overture.accounts.models import Membership

Row = TypeVar("Row", bound=models.Model, covariant=True)


class WorkspaceRows(models.QuerySet[Any]):
    """Rows with a `workspace` key."""

    def visible_to(self, member: Membership) -> Self:
        return self.filter(workspace_id=member.workspace_id)
