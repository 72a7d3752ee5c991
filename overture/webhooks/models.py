"""Webhooks: addresses of a workspace that are told what happened, and every attempt to tell them."""

from __future__ import annotations

from typing import Self

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


# What the button of the page sends; nobody subscribes to it.
TEST = "test"


class WebhookRows(WorkspaceRows):
    def kept(self) -> Self:
        return self.filter(removed_at=None)


class Webhook(models.Model):
    """Where to tell, and what. Its secrets sign each call; they are encrypted at rest."""

    class Paused(models.TextChoices):
        BY_HAND = "by_hand", _("Paused")
        FAILING = "failing", _("Paused, nothing arrived")
        GONE = "gone", _("Paused, address gone")

    workspace = models.ForeignKey("overture.Workspace", models.CASCADE)
    url = models.CharField(_("address"), max_length=500)
    events = ArrayField(models.CharField(max_length=20, choices=Event), verbose_name=_("events"))
    secret = models.TextField()
    # Signs beside the new one until then, so that receivers have time to change.
    old_secret = models.TextField(blank=True)
    old_secret_until = models.DateTimeField(null=True)
    made_by = models.ForeignKey("overture.Membership", models.SET_NULL, null=True, related_name="+")
    # Of the activities written by transactions before this number all are told.
    read_up_to = models.BigIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)
    # Calls in a row that did not arrive, since when, and until when nothing is tried.
    failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True)
    rests_until = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    paused_because = models.CharField(max_length=40, blank=True, choices=Paused)
    removed_at = models.DateTimeField(null=True)

    objects = WebhookRows.as_manager()


class WebhookCall(models.Model):
    """One event told to one webhook: the body as it is sent at every attempt, and how the last one ended."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DONE = "done", _("Delivered")
        FAILED = "failed", _("Failed")

    workspace = models.ForeignKey("overture.Workspace", models.CASCADE)
    webhook = models.ForeignKey("overture.Webhook", models.CASCADE, related_name="calls")
    # Of the first activity it tells of; empty for a test.
    activity_number = models.BigIntegerField(null=True)
    event = models.CharField(max_length=20, choices=[*Event.choices, (TEST, _("Test"))])
    body = models.JSONField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    # When it may be tried next, while it waits; the database's clock.
    due_at = models.DateTimeField(null=True)
    # Of the last attempt: HTTP status, a code of what went wrong, the beginning of the answer.
    status = models.PositiveSmallIntegerField(null=True)
    problem = models.CharField(max_length=20, blank=True)
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
            models.Index(
                fields=["webhook", "due_at", "id"], name="webhook_call_due", condition=Q(state="waiting")
            ),
            models.Index(fields=["webhook", "-id"], name="webhook_call_latest"),
            models.Index(fields=["created_at"], name="webhook_call_age"),
        ]
