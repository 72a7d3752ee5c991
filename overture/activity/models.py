"""What happened in a workspace, to whom and by whom."""

from django.db import models

from overture.accounts.rows import WorkspaceRows
from overture.lib.transactions import ThisTransaction

# What is told beyond the workspace (overture/webhooks); an index finds these alone.
TOLD = (
    "message_received",
    "reply_received",
    "file_blocked",
    "stage_changed",
    "stage_moved",
    "mailing_done",
    "opted_out",
)


class Activity(models.Model):
    """One thing that happened. Its wording lives in templates/activity, keyed by `verb`."""

    # A mailing writes one for each recipient: whose it is and of which mailing is not checked row by row, and
    # the indexes below begin with each key.
    workspace = models.ForeignKey("overture.Workspace", models.CASCADE, db_constraint=False, db_index=False)
    # Empty when a machine did it.
    member = models.ForeignKey("overture.Membership", models.SET_NULL, null=True, db_index=False)
    verb = models.CharField(max_length=40)
    prospect = models.ForeignKey("overture.Prospect", models.CASCADE, null=True, db_index=False)
    mailing = models.ForeignKey(
        "overture.Mailing", models.CASCADE, null=True, db_constraint=False, db_index=False
    )
    facts = models.JSONField(default=dict)
    at = models.DateTimeField(auto_now_add=True)
    # Who reads on from where they stopped goes by it; empty: from before there were readers.
    xid = models.BigIntegerField(db_default=ThisTransaction(), null=True, editable=False)

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
            models.Index(
                fields=["member"], name="activity_of_member", condition=models.Q(member__isnull=False)
            ),
            models.Index(
                fields=["workspace", "xid"], name="activity_told", condition=models.Q(verb__in=TOLD)
            ),
        ]
