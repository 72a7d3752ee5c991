"""Notices on the page: what a member should know and did not do."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from overture.accounts.rows import WorkspaceRows


class Notice(models.Model):
    """One thing told to one member. Its wording lives in templates/notices, keyed by `kind`."""

    workspace = models.ForeignKey("overture.Workspace", models.CASCADE)
    member = models.ForeignKey("overture.Membership", models.CASCADE)
    kind = models.CharField(max_length=40)
    facts = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)

    objects = WorkspaceRows.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["member", "-id"], name="notice_of_member"),
            models.Index(fields=["member"], name="notice_unread", condition=Q(read_at=None)),
        ]
