"""What happened in a workspace, to whom and by whom."""

from django.db import models

from overture.accounts.rows import WorkspaceRows


class Activity(models.Model):
    """One thing that happened. Its wording lives in templates/activity, keyed by `verb`."""

    workspace = models.ForeignKey("overture.Workspace", models.CASCADE)
    # Empty when a machine did it.
    member = models.ForeignKey("overture.Membership", models.SET_NULL, null=True)
    verb = models.CharField(max_length=40)
    prospect = models.ForeignKey("overture.Prospect", models.CASCADE, null=True)
    mailing = models.ForeignKey("overture.Mailing", models.CASCADE, null=True)
    facts = models.JSONField(default=dict)
    at = models.DateTimeField(auto_now_add=True)

    objects = WorkspaceRows.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["prospect", "-id"],
                name="activity_of_prospect",
                condition=models.Q(prospect__isnull=False),
            ),
            models.Index(
                fields=["mailing", "-id"],
                name="activity_of_mailing",
                condition=models.Q(mailing__isnull=False),
            ),
            models.Index(fields=["workspace", "-id"], name="activity_of_workspace"),
        ]
