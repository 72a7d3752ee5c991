"""Webhooks: addresses of a workspace that are told what happened, and every attempt to tell them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from overture.accounts.rows import WorkspaceRows


class Event(models.TextChoices):
    MESSAGE_RECEIVED = "message.received", _("A partner sent a message")
    REPLY_RECEIVED = "reply.received", _("A partner replied by email")
    FILE_BLOCKED = "file.blocked", _("A file was blocked")
    STAGE_CHANGED = "stage.changed", _("The stage of a prospect changed")
    MAILING_DONE = "mailing.done", _("A mailing is done")
    OPTED_OUT = "opted_out", _("A person opted out")


class Webhook(models.Model):
    """Where to tell, and what. `secret` is encrypted at rest; it signs each call."""

    workspace = models.ForeignKey("overture.Workspace", models.CASCADE)
    url = models.CharField(_("address"), max_length=500)
    events = ArrayField(models.CharField(max_length=20, choices=Event), verbose_name=_("events"))
    secret = models.BinaryField()
    made_by = models.ForeignKey("overture.Membership", models.SET_NULL, null=True, related_name="+")
    # Activities up to this number have been looked at.
    read_up_to = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    # Turned off by hand, or after days without one success.
    paused_at = models.DateTimeField(null=True)
    paused_because = models.CharField(max_length=40, blank=True)
    removed_at = models.DateTimeField(null=True)

    objects = WorkspaceRows.as_manager()


class WebhookCall(models.Model):
    """One event told to one webhook: the body as it is sent at every attempt, and how the last one ended."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DONE = "done", _("Delivered")
        FAILED = "failed", _("Failed")

    workspace = models.ForeignKey("overture.Workspace", models.CASCADE)
    webhook = models.ForeignKey("overture.Webhook", models.CASCADE, related_name="calls")
    # Number of the activity it tells of.
    activity_number = models.BigIntegerField()
    event = models.CharField(max_length=20, choices=Event)
    body = models.JSONField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    # Of the last attempt: HTTP status, the beginning of the answer or what went wrong, milliseconds.
    status = models.PositiveSmallIntegerField(null=True)
    answer = models.CharField(max_length=500, blank=True)
    took_ms = models.PositiveIntegerField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    tried_at = models.DateTimeField(null=True)

    objects = WorkspaceRows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["webhook", "activity_number", "event"], name="told_once_per_webhook"
            )
        ]
        indexes = [
            models.Index(fields=["due_at"], name="webhook_call_due", condition=Q(state="waiting")),
            models.Index(fields=["webhook", "-id"], name="webhook_call_latest"),
        ]
