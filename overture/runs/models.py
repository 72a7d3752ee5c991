"""Long work that a member started: its progress, its result, and whether it was undone."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from overture.accounts.rows import WorkspaceRows


class Run(models.Model):
    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    workspace = models.ForeignKey("overture.Workspace", models.CASCADE)
    member = models.ForeignKey("overture.Membership", models.SET_NULL, null=True)
    kind = models.CharField(max_length=20)
    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True)
    # A code for why it failed; pages word it.
    problem = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    objects = WorkspaceRows.as_manager()

    @property
    def percent(self) -> int | None:
        return min(100, self.done * 100 // self.total) if self.total else None
